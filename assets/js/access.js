// Copying a secret that is shown once.
(() => {
  "use strict";
  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      window.qunying.toast(button.dataset.copied);
    } catch {
      // Browsers give the clipboard to pages over TLS alone; the text stays chosen, ready for the keyboard.
    }
  });
})();
