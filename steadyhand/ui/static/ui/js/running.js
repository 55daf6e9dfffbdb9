// A meeting on a shared screen: arrow keys turn the points, one clock for the meeting and one for the point.
const TYPING = "input, select, textarea, [contenteditable]";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(TYPING)) return;
  const turn = document.querySelector(`[data-arrow="${CSS.escape(event.key)}"]`);
  if (!turn) return;
  event.preventDefault();
  turn.click();
});

// An opened form is for typing at once.
document.addEventListener("toggle", (event) => {
  if (event.target.open) event.target.querySelector("input:not([type=hidden])")?.focus();
}, true);

function said(seconds) {
  const whole = Math.max(Math.floor(seconds), 0);
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0"));
  return whole < 3600 ? parts.join(":") : [Math.floor(whole / 3600), ...parts].join(":");
}

class Timer extends HTMLElement {
  connectedCallback() {
    this.planned = Number(this.dataset.planned) * 60;
    this.show();
    this.ticking = setInterval(() => this.show(), 1000);
  }

  disconnectedCallback() {
    clearInterval(this.ticking);
  }

  show() {
    const passed = this.passed();
    this.textContent = `${said(passed)} of ${this.planned / 60} min`;
    this.toggleAttribute("data-over", passed > this.planned);
  }
}

class MeetingTimer extends Timer {
  passed() {
    return (Date.now() - new Date(this.dataset.began)) / 1000;
  }
}

// Time on a point adds up over several visits; it stays on this screen.
class PointTimer extends Timer {
  connectedCallback() {
    this.since = Date.now();
    this.before = Number(sessionStorage.getItem(this.key) || 0);
    super.connectedCallback();
  }

  get key() {
    return `point-${this.dataset.key}`;
  }

  passed() {
    const all = this.before + (Date.now() - this.since) / 1000;
    sessionStorage.setItem(this.key, String(all));
    return all;
  }
}

customElements.define("meeting-timer", MeetingTimer);
customElements.define("point-timer", PointTimer);
