// The upload step: drop files onto the field, see their names, watch the upload.
(() => {
  "use strict";
  const start = () => {
    const form = document.querySelector("form[data-upload]");
    if (!form) return;
    const input = form.querySelector("[data-file-input]");
    const zone = form.querySelector("[data-drop-zone]");
    const names = form.querySelector("[data-file-names]");
    const bar = form.querySelector("[data-upload-progress]");
    const broke = form.querySelector("[data-upload-error]");
    const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

    const list = () => names.replaceChildren(...[...input.files].map((file) => Object.assign(document.createElement("li"), { textContent: `${file.name} · ${size(file.size)}` })));
    input.addEventListener("change", list);

    ["dragenter", "dragover"].forEach((kind) => zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add("over"); }));
    ["dragleave", "drop"].forEach((kind) => zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.remove("over"); }));
    zone.addEventListener("drop", (event) => { input.files = event.dataTransfer.files; list(); });

    // Sent by script only to show how far it is; without script the form sends itself.
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const request = new XMLHttpRequest();
      const button = form.querySelector("button[type=submit]");
      button.disabled = true;
      bar.hidden = false;
      broke.hidden = true;
      request.upload.addEventListener("progress", (sent) => {
        bar.querySelector("progress").value = (sent.loaded / sent.total) * 100;
        bar.querySelector("[data-upload-words]").textContent = `${size(sent.loaded)} / ${size(sent.total)}`;
      });
      const failed = () => { broke.hidden = false; bar.hidden = true; button.disabled = false; };
      request.addEventListener("error", failed);
      request.addEventListener("abort", failed);
      request.addEventListener("load", () => {
        if (request.status >= 500) return failed();
        if (request.status < 400) return window.location.assign(request.responseURL);
        // A refusal comes as a whole page: show what it says in the place of this one.
        const page = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("main");
        document.querySelector("main").replaceChildren(...(page ? page.childNodes : []));
        document.querySelector("main [role=alert]")?.scrollIntoView({ block: "center" });
        start();
      });
      request.open("POST", form.action);
      request.send(new FormData(form));
    });
  };
  start();
})();
