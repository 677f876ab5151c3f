// The members list: choosing many, and taking the last change back from a toast.
(() => {
  "use strict";
  const form = () => document.querySelector("form[data-bulk]");
  const boxes = () => [...document.querySelectorAll("form[data-bulk] input[name=ids]")];

  const refresh = () => {
    const bar = document.querySelector("[data-bulk-bar]");
    if (!bar) return;
    const chosen = boxes().filter((box) => box.checked).length;
    const all = document.querySelector("[data-bulk-all]");
    const page = document.querySelector("[data-bulk-page]");
    bar.hidden = chosen === 0;
    if (chosen === 0 && all) all.checked = false;
    page.checked = chosen > 0 && chosen === boxes().length;
    page.indeterminate = chosen > 0 && chosen < boxes().length;
    document.querySelector("[data-bulk-count]").textContent = all?.checked ? Number(all.dataset.total).toLocaleString("en") : chosen;
  };

  document.addEventListener("change", (event) => {
    if (!(event.target instanceof HTMLInputElement) || !form()?.contains(event.target)) return;
    if (event.target.matches("[data-bulk-page]")) boxes().forEach((box) => { box.checked = event.target.checked; });
    if (event.target.matches("[data-bulk-all]") && event.target.checked) boxes().forEach((box) => { box.checked = true; });
    if (event.target.name === "ids") {
      const all = document.querySelector("[data-bulk-all]");
      if (all && !event.target.checked) all.checked = false;
    }
    refresh();
  });

  // Enter in the tag fields gives the tag, whichever button comes first.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement) || !event.target.closest("[data-bulk-bar] .bulk-part")) return;
    event.preventDefault();
    event.target.closest(".bulk-part").querySelector("button")?.click();
  });

  window.addEventListener("pageshow", refresh);
})();
