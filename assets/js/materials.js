// The library: files dropped onto the field show their names; what is filled into a script stands in its words.
(() => {
  "use strict";
  const upload = () => {
    const form = document.querySelector("form[data-material-upload]");
    if (!form) return;
    const input = form.querySelector("[data-file-input]");
    const zone = form.querySelector("[data-drop-zone]");
    const more = form.querySelector("[data-upload-more]");
    const names = form.querySelector("[data-file-names]");
    const show = () => {
      more.hidden = !input.files.length;
      names.replaceChildren(...[...input.files].map((file) => Object.assign(document.createElement("li"), { textContent: file.name })));
    };
    input.addEventListener("change", show);
    ["dragenter", "dragover"].forEach((kind) => zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add("over"); }));
    ["dragleave", "drop"].forEach((kind) => zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.remove("over"); }));
    zone.addEventListener("drop", (event) => { input.files = event.dataTransfer.files; show(); });
    show();
  };

  const fill = (event) => {
    const place = event.target instanceof Element ? event.target.closest("[data-place]") : null;
    if (!place) return;
    const card = place.closest("[data-script]");
    const words = card.querySelector("[data-words]");
    words.value = [...card.querySelectorAll("[data-place]")].reduce(
      (text, one) => (one.value ? text.replaceAll(`{${one.dataset.place}}`, one.value) : text),
      words.dataset.words,
    );
  };
  document.addEventListener("input", fill);
  // A field inside the form of chosen scripts: Enter must not put them away.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target instanceof Element && event.target.closest("[data-place]")) event.preventDefault();
  });
  upload();
})();
