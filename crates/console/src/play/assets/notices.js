// What is said to the viewer: politely, by a screen reader, or in a line at the foot of the page.
const words = document.getElementById("words").dataset;
const shownFor = 8000;
let hiding;

export const word = (name) => words[name] ?? "";

export const language = words.lang;

export function say(text) {
  document.getElementById("said").textContent = text;
}

export function notice(text, { stays = false } = {}) {
  const line = document.getElementById("notice");
  clearTimeout(hiding);
  line.textContent = text;
  line.hidden = text === "";
  if (!stays) hiding = setTimeout(() => { line.hidden = true; }, shownFor);
}
