// Passkeys: a form with data-passkey="create|get" gets its credential from the browser, then is sent.
// Options come from the element data-options names, or from the form's own address (signing in).
(() => {
  "use strict";
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (entries) => (entries ?? []).map((entry) => ({ ...entry, id: bytes(entry.id) }));

  const create = async (options, passwordless) => {
    const wanted = { ...options, challenge: bytes(options.challenge), excludeCredentials: listed(options.excludeCredentials) };
    wanted.user = { ...options.user, id: bytes(options.user.id) };
    wanted.authenticatorSelection = {
      ...options.authenticatorSelection,
      residentKey: passwordless ? "required" : "discouraged",
      requireResidentKey: passwordless,
      ...(passwordless ? { userVerification: "required" } : {}),
    };
    const made = await navigator.credentials.create({ publicKey: wanted });
    return {
      id: made.id,
      rawId: text(made.rawId),
      type: made.type,
      clientExtensionResults: made.getClientExtensionResults(),
      response: { clientDataJSON: text(made.response.clientDataJSON), attestationObject: text(made.response.attestationObject) },
    };
  };

  const get = async (options) => {
    const wanted = { ...options, challenge: bytes(options.challenge), allowCredentials: listed(options.allowCredentials) };
    const found = await navigator.credentials.get({ publicKey: wanted });
    const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
    return {
      id: found.id,
      rawId: text(found.rawId),
      type: found.type,
      clientExtensionResults: found.getClientExtensionResults(),
      response: {
        clientDataJSON: text(clientDataJSON),
        authenticatorData: text(authenticatorData),
        signature: text(signature),
        userHandle: userHandle ? text(userHandle) : null,
      },
    };
  };

  const optionsOf = async (form) => {
    const held = document.getElementById(form.dataset.options ?? "");
    if (held) return JSON.parse(held.textContent);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };

  // Browsers speak of passkeys on https and localhost only, and never where the address is a bare number.
  const possible = Boolean(window.PublicKeyCredential) && !/^[\d.]+$|:/.test(window.location.hostname);
  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    const says = form.querySelector("[data-passkey-says]");
    if (!possible) {
      form.querySelectorAll("button").forEach((button) => { button.disabled = true; });
      if (says) says.textContent = form.dataset.impossible;
      if (says) says.hidden = false;
      if ("quiet" in form.dataset) form.hidden = true;
      return;
    }
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (says) says.hidden = true;
      try {
        const options = await optionsOf(form);
        const credential = form.dataset.passkey === "create"
          ? await create(options.creation_options.publicKey, form.elements.passwordless?.checked ?? false)
          : await get(options.request_options.publicKey);
        form.elements.credential.value = JSON.stringify(credential);
        form.submit();
      } catch {
        if (says) says.textContent = form.dataset.failed;
        if (says) says.hidden = false;
      }
    });
  });
})();
