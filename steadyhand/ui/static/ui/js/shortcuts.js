// Single keys: j and k walk over [data-row]; a letter presses the [data-key] button of the row one stands on, else the
// page's, else the frame's.
// Every key has a visible button. Readers switch them off with <html data-shortcuts="off"> (WCAG 2.1.4).
const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.checkVisibility());
const here = () => document.activeElement?.closest("[data-row]");
let standing = null;
let last = -1;

function quiet(event) {
  return event.ctrlKey || event.metaKey || event.altKey || event.isComposing
    || document.documentElement.dataset.shortcuts === "off"
    || document.querySelector("dialog[open]")
    || event.target.closest?.("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable], details.menu[open]");
}

function stand(row) {
  if (!row) return;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const all = rows();
  const at = all.indexOf(here());
  stand(all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)]);
}

function press(key) {
  const name = `[data-key="${CSS.escape(key)}"]`;
  const inRow = here()?.querySelector(name);
  const onPage = [...document.querySelectorAll(name)].filter((found) => !found.closest("[data-row]"));
  const target = inRow || onPage.find((found) => found.closest("main")) || onPage[0];
  if (!target) return false;
  target.click();
  return true;
}

function sheet() {
  const dialog = document.getElementById("shortcut-sheet");
  const list = dialog?.querySelector("[data-keys-here]");
  if (!list) return;
  const seen = new Map();
  for (const found of document.querySelectorAll("[data-key]")) {
    const label = found.dataset.keyLabel || found.getAttribute("aria-label") || found.textContent.trim();
    if (!seen.has(found.dataset.key)) seen.set(found.dataset.key, label);
  }
  list.replaceChildren(...[...seen].map(([key, label]) => {
    const line = document.createElement("tr");
    const keyCell = line.insertCell();
    keyCell.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    line.insertCell().textContent = label;
    return line;
  }));
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (quiet(event)) return;
  const row = here();
  const onRow = row && document.activeElement === row;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "?") sheet();
  else if (event.key === "/") document.querySelector("[data-search]")?.focus();
  else if (event.key === "Enter" && onRow) row.querySelector("a[href]")?.click();
  else if (event.key === "x" && row?.querySelector("input[type=checkbox]")) row.querySelector("input[type=checkbox]").click();
  else if (event.key.length !== 1 || !press(event.key)) return;
  event.preventDefault();
});

document.addEventListener("focusin", () => {
  if (here()) [standing, last] = [here(), rows().indexOf(here())];
});

// When the row one stood on is gone (done, moved, drawn anew), stand on the one that took its place.
function recover() {
  if (!standing || standing.isConnected || document.activeElement !== document.body || document.querySelector("dialog[open]")) return;
  standing = null;
  const all = rows();
  stand(all[Math.min(last, all.length - 1)]);
}
new MutationObserver(recover).observe(document.body, { childList: true, subtree: true });
document.addEventListener("close", () => setTimeout(recover), true);
