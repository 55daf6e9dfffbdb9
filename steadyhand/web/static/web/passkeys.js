// Ties forms with data-passkey to allauth's passkey functions, and says in words what went wrong.

const SAYS = {
  NotAllowedError: "The passkey was not used: it was cancelled, took too long, or this device has none for this site.",
  InvalidStateError: "This device has a passkey for you already.",
  NotSupportedError: "This browser cannot use passkeys here.",
  SecurityError: "Passkeys work only over https, at the address Steadyhand is set up for.",
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const { passkey, button, credential, passwordless, options } = form.dataset;
  const ids = { credential, passwordless, data: options };
  for (const role of ["login", "authenticate", "add", "signup"]) ids[role] = button;
  window.allauth.webauthn.forms[passkey]({ ids });
}

document.addEventListener("allauth.error", (event) => {
  const place = document.querySelector("[data-passkey-trouble]");
  if (!place) return;
  event.preventDefault();
  place.textContent = SAYS[event.detail.exception.name] ?? "The passkey could not be read. Sign in another way and try again later.";
});
