// Light or dark: the viewer's own choice, kept in this browser, or else the system's. Runs before anything is drawn.
(() => {
  const kept = "sojourn-theme";
  const root = document.documentElement;
  const read = () => {
    try { return localStorage.getItem(kept); } catch { return null; }
  };
  const chosen = read();
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;

  const dark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    button.hidden = false;
    const label = () => { button.textContent = dark() ? button.dataset.light : button.dataset.dark; };
    label();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", label);
    button.addEventListener("click", () => {
      root.dataset.theme = dark() ? "light" : "dark";
      try { localStorage.setItem(kept, root.dataset.theme); } catch { /* a browser that keeps nothing */ }
      label();
    });
  });
})();
