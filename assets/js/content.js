// The calendar of content: entries are dragged from day to day. The form below it does the same without dragging.
(() => {
  "use strict";
  const calendar = document.querySelector("[data-calendar]");
  if (!calendar) return;
  const dayAt = (target) => (target instanceof Element ? target.closest("[data-day]") : null);
  let dragged = null;

  const mark = (day) => {
    calendar.querySelectorAll(".is-over").forEach((one) => { if (one !== day) one.classList.remove("is-over"); });
    day?.classList.add("is-over");
  };

  document.addEventListener("dragstart", (event) => {
    dragged = event.target instanceof Element ? event.target.closest("[data-entry]") : null;
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.entry);
    dragged.classList.add("is-dragged");
  });
  document.addEventListener("dragend", () => {
    dragged?.classList.remove("is-dragged");
    dragged = null;
    mark(null);
  });
  calendar.addEventListener("dragover", (event) => {
    const day = dayAt(event.target);
    if (!dragged || !day) return;
    event.preventDefault();
    mark(day);
  });
  calendar.addEventListener("drop", (event) => {
    const day = dayAt(event.target);
    if (!dragged || !day) return;
    event.preventDefault();
    if (day.contains(dragged)) return;
    const values = { entry: dragged.dataset.entry, day: day.dataset.day, filters: calendar.dataset.filters };
    window.htmx.ajax("POST", calendar.dataset.calendar, { source: calendar, values, swap: "none" });
  });
})();
