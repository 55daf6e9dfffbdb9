// Ctrl/⌘ K: one box to find or do anything. The server answers with options; arrows choose, Enter goes.
const palette = document.getElementById("palette");
const apple = /Mac|iPhone|iPad/.test(navigator.platform);

document.querySelectorAll("[data-kbd-k]").forEach((kbd) => { kbd.textContent = apple ? "⌘ K" : "Ctrl K"; });

if (palette) {
  const input = palette.querySelector("input");
  const list = palette.querySelector("[role=listbox]");
  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");

  const choose = (option) => {
    for (const each of options()) each.setAttribute("aria-selected", String(each === option));
    input.setAttribute("aria-activedescendant", option?.id || "");
    option?.scrollIntoView({ block: "nearest" });
  };

  const open = (text = "") => {
    if (palette.open) { palette.close(); return; }
    if (document.querySelector("dialog[open]")) return;
    input.value = text;
    palette.showModal();
    input.focus();
    window.htmx?.trigger(input, "palette");
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });

  const box = document.querySelector("[data-search]");
  box?.addEventListener("click", () => open(box.value));
  box?.addEventListener("input", () => { const text = box.value; box.value = ""; open(text); });

  input.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.indexOf(chosen());
    if (event.key === "ArrowDown") choose(all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp") choose(all.at(at <= 0 ? -1 : at - 1));
    else if (event.key === "Enter" && chosen()) chosen().click();
    else return;
    event.preventDefault();
  });

  list.addEventListener("htmx:afterSwap", () => {
    options().forEach((option, index) => { option.id ||= `palette-option-${index}`; option.tabIndex = -1; });
    choose(options()[0]);
    palette.querySelector("[data-found]").textContent = `${options().length} found`;
  });
}
