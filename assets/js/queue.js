// A queue by keyboard: j and k step through the list, a and r open the two decisions, ? says so.
(() => {
  "use strict";
  const step = (by) => {
    const lines = [...document.querySelectorAll("a[data-queue]")];
    const here = lines.findIndex((line) => line.getAttribute("aria-current") === "true");
    lines[here + by]?.click();
  };
  const open = (key) => {
    const wanted = document.querySelector(`details[data-key="${key}"]`);
    if (!wanted) return;
    document.querySelectorAll("details[data-key]").forEach((other) => { other.open = other === wanted; });
    wanted.querySelector("input:not([type=hidden]), select")?.focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, select, textarea, dialog[open]")) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "a" || event.key === "r") { event.preventDefault(); open(event.key); }
    else if (event.key === "?") document.getElementById("queue-help")?.showModal();
  });
  // one decision at a time
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("details[data-key]") && event.target.open) document.querySelectorAll("details[data-key]").forEach((other) => { if (other !== event.target) other.open = false; });
  }, true);
})();
