// Makes a <details class="menu"> behave like a menu: arrows move, Escape and a click outside close.
const close = (menu, refocus) => {
  menu.open = false;
  if (refocus) menu.querySelector("summary").focus();
};
const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    const item = event.target.closest(".menu__items :is(a, button)");
    if (!menu.contains(event.target) || (item && !item.matches("[data-preference]"))) close(menu, false);
  }
});

document.addEventListener("focusin", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) close(menu, false);
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu");
  if (!menu) return;
  const items = [...menu.querySelectorAll(".menu__items :is(a, button)")];
  const at = items.indexOf(document.activeElement);
  if (event.key === "Escape" && menu.open) close(menu, true);
  else if (event.key === "ArrowDown") { menu.open = true; items[(at + 1) % items.length]?.focus(); }
  else if (event.key === "ArrowUp" && menu.open) items.at(at <= 0 ? -1 : at - 1)?.focus();
  else if (event.key === "Home" && at >= 0) items[0].focus();
  else if (event.key === "End" && at >= 0) items.at(-1).focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
});

// Inside a region that scrolls the list would be cut off: pin it to the window instead.
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.(".scroll details.menu") || !menu.open) return;
  const list = menu.querySelector(".menu__items");
  const box = menu.getBoundingClientRect();
  const below = box.bottom + list.offsetHeight + 8 < innerHeight;
  Object.assign(list.style, {
    position: "fixed",
    inset: "auto",
    right: `${document.documentElement.clientWidth - box.right}px`,
    top: `${below ? box.bottom + 4 : box.top - list.offsetHeight - 4}px`,
  });
}, true);
document.addEventListener("scroll", () => document.querySelectorAll(".scroll details.menu[open]").forEach((menu) => close(menu, false)), true);
