// Building a segment: the form is drawn anew after every change; what stood open stays open.
(() => {
  "use strict";
  const form = () => document.getElementById("segment-form");
  const nameOf = (drop) => drop.querySelector("input[name]")?.name;
  let open = null;

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== form()) return;
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
