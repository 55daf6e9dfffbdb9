// A button with data-copy="#field" copies what the field holds and says so.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.querySelector(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: "Copied. Paste it into your calendar program." } }));
  } catch {
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: "The browser would not copy. The address is selected: press Ctrl or ⌘ and C.", level: "error" } }));
  }
});
document.addEventListener("focusin", (event) => { if (event.target.matches?.("[data-select]")) event.target.select(); });
