// What the viewer does: every form is sent as JSON, and what becomes of it comes back in the stream.
import { notice, word } from "/play/notices.js";

const actions = "/play/do/";
const underWay = new Set();

export function listen() {
  document.addEventListener("submit", submit);
  document.addEventListener("keydown", enter);
  document.addEventListener("click", copy);
}

function submit(event) {
  const { target: form, submitter } = event;
  const action = new URL(submitter?.getAttribute("formaction") ?? form.action, location.href).pathname;
  if (!action.startsWith(actions)) return;
  event.preventDefault();
  const fields = {};
  for (const [name, value] of new FormData(form, submitter)) {
    if (typeof value !== "string") continue;
    const empty = value.trim() === "" && form.elements[name]?.dataset?.optional !== undefined;
    if (!empty) fields[name] = value;
  }
  send(action, fields);
}

// Sends an action; the same one twice at a time is one too many.
export async function send(action, fields) {
  const body = JSON.stringify(fields);
  const asked = action + body;
  if (underWay.has(asked)) return;
  underWay.add(asked);
  try {
    const answer = await fetch(action, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    if (!answer.ok) notice(word("notDone").replace("{why}", await reason(answer)));
  } catch {
    notice(word("notDone").replace("{why}", word("unreachable")));
  } finally {
    underWay.delete(asked);
  }
}

async function reason(answer) {
  try {
    return (await answer.json()).error ?? String(answer.status);
  } catch {
    return String(answer.status);
  }
}

// A field that has a button of its own is not sent with the form's first one.
function enter(event) {
  if (event.key !== "Enter" || event.isComposing || !event.target.dataset?.enter) return;
  event.preventDefault();
  document.getElementById(event.target.dataset.enter)?.click();
}

async function copy(event) {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
  notice(word("copied"));
}
