// Lesser parts of a long page are open; on a phone they begin folded: <details open data-fold>.
if (matchMedia("(max-width: 40rem)").matches) {
  for (const part of document.querySelectorAll("details[data-fold]")) {
    if (!location.hash || !part.querySelector(location.hash)) part.open = false;
  }
}
