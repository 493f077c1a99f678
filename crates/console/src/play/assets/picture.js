// A picture of a code: made small enough in the browser, then read by the phone's own reader on the server.
import { send } from "/play/actions.js";
import { notice, word } from "/play/notices.js";

const bytesMax = 60_000;
// Sides to try, in pixels, from good to small.
const sides = [900, 700, 500, 360];

export function choosePictures() {
  document.addEventListener("change", async (event) => {
    const input = event.target.closest("input[data-picture]");
    if (!input?.files.length) return;
    const wallet = input.form.elements.wallet.value;
    const action = new URL(input.form.action).pathname;
    const picture = await shrunk(input.files[0]).catch(() => null);
    input.value = "";
    if (picture) send(action, { wallet, picture });
    else notice(word("picture"));
  });
}

// Base64 of a PNG or JPEG that is small enough.
async function shrunk(file) {
  const bitmap = await createImageBitmap(file);
  for (const side of sides) {
    const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const context = canvas.getContext("2d");
    // What is see-through in a picture is paper.
    context.fillStyle = "white";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    for (const kind of ["image/png", "image/jpeg"]) {
      const base64 = canvas.toDataURL(kind, 0.8).split(",")[1];
      if (base64.length * 0.75 <= bytesMax) return base64;
    }
  }
  return null;
}
