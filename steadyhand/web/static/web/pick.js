// One tick at the head of a table ticks every row below it; it is half ticked while only some are.
const all = (table) => table.querySelector("[data-pick-all]");
const boxes = (table) => [...table.querySelectorAll("tbody input[type=checkbox]")];

document.addEventListener("change", (event) => {
  const table = event.target.closest("table");
  if (!table || !all(table)) return;
  if (event.target === all(table)) {
    for (const box of boxes(table)) box.checked = event.target.checked;
    return;
  }
  const ticked = boxes(table).filter((box) => box.checked).length;
  all(table).checked = ticked === boxes(table).length;
  all(table).indeterminate = ticked > 0 && ticked < boxes(table).length;
});
