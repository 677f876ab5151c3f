// Writing an entry: each form shows what it asks for, and pictures of the library are found by their names.
(() => {
  "use strict";
  const form = document.querySelector(".content-write select[name=form]");
  const show = () => {
    document.querySelectorAll("[data-forms]").forEach((field) => {
      const wanted = field.dataset.forms.split(" ").includes(form.value);
      field.closest(".form-field").hidden = !wanted;
    });
    document.querySelectorAll(".content-write .form-pair").forEach((pair) => {
      pair.hidden = [...pair.children].every((one) => one.hidden);
    });
  };
  if (form) {
    form.addEventListener("change", show);
    show();
  }
  document.addEventListener("input", (event) => {
    if (!(event.target instanceof Element) || !event.target.matches("[data-library-filter]")) return;
    const words = event.target.value.trim().toLowerCase();
    document.querySelectorAll(".content-choice").forEach((one) => { one.hidden = !one.dataset.name.toLowerCase().includes(words); });
  });
})();
