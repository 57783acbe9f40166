// Passkeys: the only thing here that a browser cannot do without scripts. What is to be done is asked of the page's own
// address with the form's own token; what the authenticator says goes back as a field of that form.
"use strict";
(() => {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    return;
  }
  const { credentials } = navigator;
  const ceremonies = {
    use: async (options) =>
      credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
    make: async (options) =>
      credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
  };

  for (const place of document.querySelectorAll("[data-lk-passkey]")) {
    const form = place.querySelector("form");
    const field = form.elements.credential;
    const status = place.querySelector("[role=status]");
    place.hidden = false;
    form.addEventListener("submit", async (event) => {
      if (field.value) {
        return;
      }
      event.preventDefault();
      // Before the form counts as sent.
      event.stopPropagation();
      status.textContent = "";
      try {
        const address = new URL(form.action);
        address.searchParams.set("handler", "PasskeyOptions");
        const answer = await fetch(address, {
          method: "POST",
          body: new URLSearchParams(new FormData(form)),
          headers: { Accept: "application/json" },
        });
        if (!answer.ok) {
          throw new Error(`The server answered ${answer.status}.`);
        }
        const credential = await ceremonies[place.dataset.lkPasskey](await answer.json());
        const signIn = answer.headers.get("Latchkey-Sign-In");
        if (signIn) {
          const target = new URL(form.action);
          target.searchParams.set("s", signIn);
          form.action = target.href;
        }
        field.value = JSON.stringify(credential.toJSON());
        form.requestSubmit();
      } catch {
        // Cancelled, timed out, or no such key on this device: the browser has said which.
        status.textContent = status.dataset.lkFailed;
      }
    });
  }
})();
