// The stream of what happens: fragments replace elements, steps are added to the ladder. The server says everything
// there is when it is connected to, so a lost connection loses nothing.
import { localize } from "/play/clocks.js";
import { morph } from "/play/morph.js";
import { language, notice, say, word } from "/play/notices.js";

const reconnectMs = 500;
// A ladder that is read from its end goes on being so; a little may be missing.
const nearEnd = 48;

let source;
let lost = false;
// Which payment to look at; nothing for the newest.
let wanted = new URLSearchParams(location.search).get("payment") ?? "";

export function follow() {
  connect();
  document.addEventListener("click", choose);
  addEventListener("popstate", () => show(new URLSearchParams(location.search).get("payment") ?? ""));
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
}

function connect() {
  source?.close();
  const asked = new URLSearchParams({ lang: language });
  if (wanted) asked.set("payment", wanted);
  source = new EventSource(`/play/events?${asked}`);
  source.addEventListener("open", found);
  source.addEventListener("error", missing);
  source.addEventListener("reload", connect);
  source.addEventListener("fragment", (event) => fragment(JSON.parse(event.data)));
  source.addEventListener("step", (event) => step(JSON.parse(event.data)));
}

function found() {
  if (lost) notice(word("found"));
  lost = false;
  document.documentElement.dataset.connected = "";
}

function missing() {
  if (!lost) notice(word("lost"), { stays: true });
  lost = true;
  delete document.documentElement.dataset.connected;
  // A browser gives up on its own when the server answered anything but a stream.
  if (source.readyState === EventSource.CLOSED) setTimeout(connect, reconnectMs);
}

function choose(event) {
  const link = event.target.closest("a[data-show]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  show(link.dataset.show);
}

function show(payment) {
  wanted = payment;
  const other = document.getElementById("other-language");
  const address = new URL(other.href);
  if (payment) address.searchParams.set("payment", payment); else address.searchParams.delete("payment");
  other.href = address.href;
  connect();
}

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  localize(template.content);
  return template.content.firstElementChild;
}

function fragment({ id, html }) {
  const old = document.getElementById(id);
  const fresh = parse(html);
  if (!old || !fresh) return;
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  const said = old.dataset.say ?? "";
  const another = id === "steps" && old.dataset.payment !== fresh.dataset.payment;
  const atEnd = id === "steps" && isAtEnd();
  morph(old, fresh);
  const now = document.getElementById(id);
  if (another || atEnd) toEnd();
  if (held && !held.isConnected) refocus(now, held);
  const saying = now.dataset.say ?? "";
  if (saying && saying !== said) say(saying);
}

// What had the focus is gone: the same thing drawn anew has it, or else the screen that came instead.
function refocus(drawn, held) {
  const same = held.id && document.getElementById(held.id);
  (same || drawn.querySelector("[data-screen]") || drawn).focus({ preventScroll: true });
}

function step({ payment, html }) {
  const steps = document.getElementById("steps");
  if (steps.dataset.payment !== payment) return;
  const fresh = parse(html);
  if (!fresh || document.getElementById(fresh.id)) return;
  const atEnd = isAtEnd();
  steps.querySelector(".empty")?.remove();
  steps.querySelector(".ladder").append(fresh);
  if (atEnd) toEnd();
}

function isAtEnd() {
  const box = document.getElementById("steps-scroll");
  return box.scrollHeight - box.scrollTop - box.clientHeight < nearEnd;
}

function toEnd() {
  const box = document.getElementById("steps-scroll");
  box.scrollTop = box.scrollHeight;
}
