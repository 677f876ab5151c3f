// A time that is offered goes into the field with one tap.
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-fill]") : null;
    if (!button) return;
    const field = document.getElementById(button.dataset.fill);
    field.value = button.dataset.value;
    field.focus();
  });
})();
