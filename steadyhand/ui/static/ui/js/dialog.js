// Opens native dialogs: [data-dialog="#id"] opens one on the page; an htmx answer swapped into a <dialog> opens it.
// A link that carries data-dialog keeps its href for readers without JavaScript.
function open(dialog) {
  if (dialog && !dialog.open) dialog.showModal();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    event.preventDefault();
    open(document.querySelector(opener.dataset.dialog));
    return;
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  // A click on the backdrop lands on the dialog itself; one on its padding does not, because the body fills it.
  if (event.target.matches("dialog[open]") && outside(event)) event.target.close();
});

function outside(event) {
  const box = event.target.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.matches("dialog") && event.detail.xhr.status !== 204) open(event.detail.target);
});

// The server closes what it has finished with by the header HX-Trigger: close-dialog.
document.addEventListener("close-dialog", () => document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close()));
