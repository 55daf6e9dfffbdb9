// Theme, density and single-key shortcuts: kept in a cookie, so that the server writes them on <html> before the first paint.
const YEAR = 31536000;
const root = document.documentElement;

function show() {
  for (const choice of document.querySelectorAll("[data-preference]")) {
    const now = root.dataset[choice.dataset.preference];
    choice.setAttribute("aria-pressed", String(now === choice.dataset.value));
  }
}

document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-preference]");
  if (!choice) return;
  const { preference, value } = choice.dataset;
  root.dataset[preference] = value;
  document.cookie = `steadyhand_${preference}=${value}; Path=/; SameSite=Lax; Max-Age=${YEAR}`;
  show();
});
show();
