// “In 3 days” on hover must be true when it is read, not when the page was made.
const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto" });
const STEPS = [["year", 31557600], ["month", 2629800], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];

function relative(moment) {
  const seconds = (moment - Date.now()) / 1000;
  for (const [unit, size] of STEPS) if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  return words.format(0, "minute");
}

// A bare date is relative by calendar days, which do not change while a page is open: only moments are refreshed.
document.addEventListener("pointerover", (event) => {
  const time = event.target.closest?.("time[data-relative]");
  if (time) time.title = [relative(new Date(time.dateTime)), time.dataset.elsewhere].filter(Boolean).join(" · ");
});

function refresh() {
  for (const time of document.querySelectorAll("time[data-live]")) time.textContent = relative(new Date(time.dateTime));
}
setInterval(refresh, 60000);
refresh();
