// Says what happened, offers Undo, goes away by itself; never while a reader points at it or stands in it.
// Anyone may say something: document.dispatchEvent(new CustomEvent("toast", {detail: {text, undo, method, level}})).
const LINGER = 8000;

function region() {
  const dialog = document.querySelector("dialog[open]");
  if (!dialog) return document.getElementById("toasts");
  let inside = dialog.querySelector(":scope > .toasts");
  if (!inside) {
    inside = Object.assign(document.createElement("div"), { className: "toasts" });
    inside.setAttribute("role", "status");
    dialog.append(inside);
  }
  return inside;
}

function dismissLater(toast) {
  if (toast.classList.contains("toast--error")) return;
  let timer;
  const start = () => { timer = setTimeout(() => toast.remove(), LINGER); };
  const stop = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, stop);
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, () => { stop(); start(); });
  start();
}

function prepare(toast) {
  toast.querySelector(".toast__close")?.addEventListener("click", () => toast.remove());
  // Only once the answer is here: what it triggers must still find its way up to the page.
  toast.querySelector(".toast__undo")?.addEventListener("htmx:afterRequest", () => toast.remove());
  dismissLater(toast);
}

function button(className, label, text) {
  const made = Object.assign(document.createElement("button"), { type: "button", className, textContent: text });
  if (label) made.setAttribute("aria-label", label);
  return made;
}

function show({ text, undo, method = "post", level = "success" }) {
  const toast = document.createElement("div");
  toast.className = `toast toast--${level}`;
  if (level === "error") toast.setAttribute("role", "alert");
  toast.append(Object.assign(document.createElement("span"), { className: "toast__text", textContent: text }));
  if (undo) {
    const back = button("toast__undo", "", "Undo");
    back.setAttribute(method.toLowerCase() === "delete" ? "hx-delete" : "hx-post", undo);
    back.setAttribute("hx-swap", "none");
    toast.append(back);
  }
  toast.append(button("toast__close", "Dismiss", "✕"));
  region().append(toast);
  window.htmx?.process(toast);
  prepare(toast);
}

document.addEventListener("toast", (event) => show(event.detail));
document.querySelectorAll("#toasts > .toast").forEach(prepare);
