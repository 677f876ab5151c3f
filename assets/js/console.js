// What every page does: menu on a phone, drop-downs, drawer, dialogs, toasts, theme. All of it works
// by event delegation, so parts that htmx brings in later behave the same.
(() => {
  "use strict";
  const root = document.documentElement;
  const at = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);

  // --- a menu longer than the window shows the line of this page
  const menu = document.querySelector(".side-inner");
  const here = menu?.querySelector(".menu-link.here");
  if (here && here.offsetTop + here.offsetHeight > menu.clientHeight) {
    menu.scrollTop = here.offsetTop - menu.clientHeight / 2;
  }

  // --- the menu on a phone
  const side = (open) => {
    root.classList.toggle("side-is-open", open);
    document.querySelectorAll("[data-open-side]").forEach((button) => button.setAttribute("aria-expanded", String(open)));
    if (open) document.querySelector("#side a")?.focus();
  };

  // --- the drawer
  const drawer = () => document.getElementById("drawer");
  let opener = null;
  const openDrawer = (address) => {
    const box = drawer();
    if (!box || !window.htmx) {
      window.location.assign(address);
      return;
    }
    if (!box.open) {
      opener = document.activeElement;
      box.showModal();
    }
    document.getElementById("drawer-body").setAttribute("aria-busy", "true");
    window.htmx.ajax("GET", address, { target: "#drawer-body", swap: "innerHTML show:none" }).then(() => {
      document.getElementById("drawer-body").removeAttribute("aria-busy");
      box.scrollTop = 0;
    });
  };

  // --- toasts: never the only copy of anything
  const TOAST_SECONDS = 10;
  const fade = (note, seconds) => {
    let left = window.setTimeout(() => note.remove(), seconds * 1000);
    // Whoever is reading it, or has the key on its button, is given the whole time again.
    ["mouseenter", "focusin"].forEach((name) => note.addEventListener(name, () => window.clearTimeout(left)));
    ["mouseleave", "focusout"].forEach((name) => note.addEventListener(name, () => {
      window.clearTimeout(left);
      left = window.setTimeout(() => note.remove(), seconds * 1000);
    }));
  };
  const toast = (words, { undo = "", act = null, seconds = TOAST_SECONDS } = {}) => {
    const box = document.getElementById("toasts");
    const note = document.createElement("div");
    note.className = "toast-note";
    note.append(Object.assign(document.createElement("span"), { textContent: words }));
    if (undo && act) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: undo });
      button.addEventListener("click", () => { note.remove(); act(); });
      note.append(button);
    }
    box.append(note);
    fade(note, seconds);
  };
  // One that came with the page takes back what was just done: a later visit must not offer it again.
  const offered = document.querySelector("#toasts [data-toast]");
  if (offered) {
    const here = new URL(window.location.href);
    here.searchParams.delete("undo");
    window.history.replaceState(window.history.state, "", here);
    fade(offered, TOAST_SECONDS);
  }

  window.qunying = { openDrawer, toast };

  document.addEventListener("click", (event) => {
    if (at(event, "[data-open-side]")) side(true);
    else if (at(event, "[data-close-side]")) side(false);

    document.querySelectorAll("details[data-drop][open]").forEach((drop) => {
      if (!drop.contains(event.target)) drop.open = false;
    });

    const plain = !(event.metaKey || event.ctrlKey || event.shiftKey || event.button);
    const link = at(event, "[data-drawer]");
    if (link && plain) {
      event.preventDefault();
      openDrawer(link.dataset.drawer);
    }
    const opens = at(event, "[data-open-dialog]");
    if (opens) document.getElementById(opens.dataset.openDialog)?.showModal();
    if (at(event, "[data-close-dialog]")) at(event, "dialog")?.close();
    if (event.target instanceof HTMLDialogElement && event.target.classList.contains("drawer")) event.target.close();
  });

  document.addEventListener("close", (event) => {
    if (event.target === drawer() && opener instanceof HTMLElement) opener.focus();
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details[data-drop][open]").forEach((drop) => {
      drop.open = false;
      drop.querySelector("summary")?.focus();
    });
    if (root.classList.contains("side-is-open")) {
      side(false);
      document.querySelector("[data-open-side]")?.focus();
    }
  });

  // --- a drop-down with a search field starts there
  document.addEventListener("toggle", (event) => {
    const drop = event.target;
    if (drop instanceof HTMLDetailsElement && drop.dataset.drop !== undefined && drop.open) drop.querySelector("input[type=search]")?.focus();
  }, true);

  // --- a destructive act waits for the name to be typed
  document.addEventListener("input", (event) => {
    const form = at(event, "form[data-typed-name]");
    if (form) form.querySelector("button[type=submit]").disabled = form.elements.typed.value.trim() !== form.dataset.typedName;
  });

  // --- filters apply when chosen; the button stays for keyboards and for no script
  document.addEventListener("change", (event) => {
    const form = at(event, "form[data-submit-on-change]");
    if (form && event.target.matches("select, input[type=checkbox], input[type=radio]")) form.requestSubmit();
  });

  // --- light, dark, auto: at once here, and in the cookie for the next page
  document.addEventListener("submit", (event) => {
    const form = at(event, "form[data-theme-form]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    const theme = event.submitter.value;
    const secure = window.location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    root.dataset.theme = theme;
    form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-pressed", String(button.value === theme)));
    document.dispatchEvent(new CustomEvent("qunying:theme-chosen"));
  });
})();
