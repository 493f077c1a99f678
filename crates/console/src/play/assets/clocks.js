// Times in the viewer's own zone, and spans that run. UTC stays in the title.
const clock = new Intl.DateTimeFormat(document.documentElement.lang, {
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const everyMs = 250;

// Puts every time under `root` into the viewer's zone and sets every running span.
export function localize(root) {
  for (const time of root.querySelectorAll("time")) {
    const at = Date.parse(time.dateTime);
    if (!Number.isNaN(at)) time.textContent = clock.format(at);
  }
  run(root);
}

export function tick() {
  setInterval(() => run(document), everyMs);
}

function run(root) {
  const now = Date.now();
  for (const span of root.querySelectorAll("[data-until]")) {
    const left = Number(span.dataset.until) - now;
    write(span, left > 0 ? minutes(Math.ceil(left / 1000)) : span.dataset.ended);
  }
  for (const span of root.querySelectorAll("[data-since]")) {
    write(span, minutes(Math.max(0, Math.floor((now - Number(span.dataset.since)) / 1000))));
  }
}

function write(span, text) {
  if (span.textContent !== text) span.textContent = text;
}

function minutes(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
