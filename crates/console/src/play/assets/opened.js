// A message of the ladder, opened in a dialog. The browser keeps the focus in it and gives it back.
import { localize } from "/play/clocks.js";
import { language, notice, word } from "/play/notices.js";

export function openMessages() {
  const dialog = document.getElementById("opened");
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-message]");
    if (button) open(dialog, button.dataset.message);
  });
  // A click beside the dialog closes it.
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
}

async function open(dialog, message) {
  const answer = await fetch(`/play/message/${message}?lang=${language}`).catch(() => null);
  if (!answer?.ok) {
    notice(word("notDone").replace("{why}", answer ? String(answer.status) : word("unreachable")));
    return;
  }
  const content = document.getElementById("opened-content");
  content.innerHTML = await answer.text();
  localize(content);
  dialog.showModal();
  dialog.scrollTop = 0;
}
