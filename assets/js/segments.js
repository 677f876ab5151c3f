// Building a segment: the form is drawn anew after every change; what stood open stays open. A drawing of how it
// stood before the last change is left out: that change is on its way, and would be drawn over.
(() => {
  "use strict";
  const form = () => document.getElementById("segment-form");
  const nameOf = (drop) => drop.querySelector("input[name]")?.name;
  const asked = new WeakMap();
  let changes = 0;
  let open = null;

  document.addEventListener("change", (event) => {
    if (form()?.contains(event.target)) changes += 1;
  });

  document.addEventListener("htmx:beforeRequest", (event) => asked.set(event.detail.xhr, changes));

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== form()) return;
    if (event.detail.requestConfig.elt.id === "segment-builder" && asked.get(event.detail.xhr) !== changes) {
      event.detail.shouldSwap = false;
      return;
    }
    const drop = form().querySelector("details[data-drop][open]");
    const held = document.activeElement;
    open = drop && nameOf(drop) && { name: nameOf(drop), top: drop.querySelector(".drop-panel").scrollTop, value: drop.contains(held) ? held.value : null };
  });

  document.addEventListener("htmx:afterSettle", () => {
    if (!open) return;
    const { name, top, value } = open;
    open = null;
    const boxes = [...form().querySelectorAll("details[data-drop] input[name]")].filter((box) => box.name === name);
    const drop = boxes[0]?.closest("details");
    if (!drop) return;
    drop.open = true;
    drop.querySelector(".drop-panel").scrollTop = top;
    if (value !== null) boxes.find((box) => box.value === value)?.focus({ preventScroll: true });
  });
})();
