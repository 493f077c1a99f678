import { verify } from "./verify.js";

// Joins the verifier to the page: reads the chosen file, checks it here, says what it shows. Sends nothing.

const words = Object.fromEntries(
  Array.from(document.getElementById("words").content.children, (span) => [span.dataset.word, span.textContent]),
);
const form = document.getElementById("check");
const shown = document.getElementById("shown");

function tell(className, ...lines) {
  shown.replaceChildren(
    ...lines.map((line, at) => {
      const paragraph = document.createElement("p");
      if (at === 0) paragraph.className = className;
      paragraph.textContent = line;
      return paragraph;
    }),
  );
}

form.addEventListener("submit", async (submitted) => {
  submitted.preventDefault();
  const [file] = form.elements.file.files;
  const text = await file.text();
  const begun = performance.now();
  try {
    const { height, event, state } = await verify(text, form.elements.chain.value.trim());
    const took = (performance.now() - begun).toFixed(1);
    const lines = [`${words.good} (${took} ${words.took})`, `${words.final} ${height}`];
    if (event) lines.push(`${words.event} ${event.type}, ${words.by} ${event.transaction}`);
    if (state) lines.push(`${state.value === null ? words.absent : words.stands} ${state.height}: ${state.key}`);
    tell("good", ...lines);
  } catch (flaw) {
    tell("bad", `${words.bad} ${flaw.message}`);
  }
});
