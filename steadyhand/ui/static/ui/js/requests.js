// A request that fails says so in a sentence: the server's own where it sent one, else one that fits the status.
const SENTENCES = {
  400: "That could not be read. Check what you entered and send it again.",
  401: "You are signed out. Sign in again; what you typed is still here.",
  403: "Your role may not do this. Ask an administrator if it should.",
  404: "This is no longer here. It may have been moved or removed; reload the page.",
  405: "This cannot be done from here. Reload the page.",
  409: "Somebody changed this at the same moment. Reload to see both, then decide.",
  413: "That file is larger than we take. Split it, or send it in parts.",
  429: "That was a lot at once. Wait a minute and try again.",
};
const REFUSALS = new Set([400, 403, 409, 413, 422, 429]);
const SERVER = "The server could not finish this, and nothing was changed. Try again; if it happens twice, tell whoever looks after Steadyhand.";
const UNREACHABLE = "The server did not answer, so nothing was saved. Check your connection and try again.";

function sentence(xhr) {
  const type = xhr.getResponseHeader("Content-Type") || "";
  if (type.startsWith("text/plain") && xhr.responseText.trim()) return xhr.responseText.trim().slice(0, 400);
  if (type.startsWith("text/html")) {
    const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
    const refusal = REFUSALS.has(xhr.status) && page.querySelector("[data-refusal]")?.textContent.trim();
    if (refusal) return refusal;
  }
  return SENTENCES[xhr.status] || (xhr.status >= 500 ? SERVER : SENTENCES[400]);
}

function say(text) {
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, level: "error" } }));
}

document.addEventListener("htmx:responseError", (event) => say(sentence(event.detail.xhr)));
document.addEventListener("htmx:sendError", () => say(UNREACHABLE));
document.addEventListener("htmx:timeout", () => say(UNREACHABLE));
document.addEventListener("htmx:swapError", () => say("The page could not show the answer. Reload to see where things stand."));
