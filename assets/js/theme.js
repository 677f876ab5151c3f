// Runs before the first paint: "auto" follows the system, so no wrong theme flashes up.
(() => {
  const root = document.documentElement;
  const media = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const dark = root.dataset.theme === "dark" || (root.dataset.theme === "auto" && media.matches);
    root.setAttribute("data-bs-theme", dark ? "dark" : "light");
    document.dispatchEvent(new CustomEvent("qunying:theme"));
  };
  apply();
  media.addEventListener("change", apply);
  document.addEventListener("qunying:theme-chosen", apply);
})();
