// Today: what was done is told in a toast that takes it back for ten seconds.
(() => {
  "use strict";
  document.addEventListener("qunying:told", (event) => {
    const { words, undo = "", address = "", tab = "" } = event.detail;
    const act = () => window.htmx.ajax("POST", address, { target: "#todos", values: { tab } });
    window.qunying.toast(words, { undo, act: address ? act : null });
  });
})();
