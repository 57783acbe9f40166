// What the pages gain where scripts run. Every flow works without.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("lk-scripts");

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-lk-copy]");
    if (button) {
      const field = document.getElementById(button.dataset.lkCopy);
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        // Plain http has no clipboard; the older way needs the text selected.
        field.select();
        document.execCommand("copy");
      }
      const word = button.querySelector("span");
      button.dataset.lkWord ??= word.textContent;
      word.textContent = button.dataset.lkDone;
      button.classList.add("lk-done");
      setTimeout(() => {
        word.textContent = button.dataset.lkWord;
        button.classList.remove("lk-done");
      }, 2000);
      return;
    }
    if (event.target.closest("[data-lk-print]")) {
      print();
      return;
    }
    for (const menu of document.querySelectorAll("details.lk-menu[open]")) {
      if (!menu.contains(event.target)) {
        menu.open = false;
      }
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = document.querySelector("details.lk-menu[open]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    }
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const search = document.querySelector("input[type=search]");
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    }
  });

  // A form is sent once.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    // One that opens elsewhere leaves its page as it is, to be sent again.
    if (form.method !== "post" || form.target === "_blank") {
      return;
    }
    if (form.dataset.lkSent) {
      event.preventDefault();
    } else {
      form.dataset.lkSent = "yes";
    }
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-lk-sent]")) {
      delete form.dataset.lkSent;
    }
  });

  const minutes = { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" };
  function showTimes(within) {
    for (const time of within.querySelectorAll("time[data-lk-time]")) {
      const format = time.dataset.lkTime === "seconds" ? { ...minutes, second: "2-digit" } : minutes;
      time.title = time.textContent;
      time.textContent = new Intl.DateTimeFormat(root.lang, format).format(new Date(time.dateTime));
      delete time.dataset.lkTime;
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    showTimes(document);
    for (const toast of document.querySelectorAll(".lk-toast")) {
      if (!toast.querySelector("a")) {
        setTimeout(() => toast.classList.add("lk-gone"), 7000);
        setTimeout(() => toast.remove(), 7400);
      }
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => showTimes(event.target.isConnected ? event.target : document));

  // Passkeys: the only thing here that a browser cannot do without scripts. What is to be done is asked of the page's own
  // address with the form's own token; what the authenticator says goes back as a field of that form.
  document.addEventListener("DOMContentLoaded", () => {
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
  });
})();
