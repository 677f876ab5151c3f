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

// Codes shown once, saved as a file without asking the server for them again.
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-save]") : null;
    if (!button) return;
    const lines = [...document.querySelectorAll(`#${button.dataset.save} code`)].map((code) => code.textContent);
    const address = URL.createObjectURL(new Blob([`${lines.join("\n")}\n`], { type: "text/plain" }));
    const link = Object.assign(document.createElement("a"), { href: address, download: button.dataset.file });
    link.click();
    URL.revokeObjectURL(address);
  });
})();
