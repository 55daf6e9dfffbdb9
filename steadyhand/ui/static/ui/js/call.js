// The page one is on during a call: a timer, notes that save themselves, and capture without leaving the note.
import { merge } from "./merge.js";

const PAUSE = 600; // ms without a key before what was typed is sent
const AGAIN = 3000; // ms until the next try where the server did not answer
const LISTEN = 3000; // ms between two looks at what others typed
const STORE = "steadyhand-call";

class CallTimer extends HTMLElement {
  connectedCallback() {
    this.began = Date.now() - (new Date(this.dataset.now) - new Date(this.dataset.began));
    this.tick();
    this.beat = setInterval(() => this.tick(), 1000);
  }

  disconnectedCallback() { clearInterval(this.beat); }

  tick() {
    const passed = Math.max(0, Math.floor((Date.now() - this.began) / 1000));
    const parts = [passed / 3600, (passed / 60) % 60, passed % 60].map((part) => String(Math.floor(part)).padStart(2, "0"));
    this.textContent = parts.join(":");
    const planned = Number(this.dataset.planned);
    this.toggleAttribute("data-over", planned > 0 && passed > planned * 60);
  }
}

/** One part's note: what is on the screen, and the revision of the server's text it started from. */
class Note {
  constructor(part, area, base, revision, owner) {
    Object.assign(this, { part, area, base, revision, owner, page: owner.page, unheard: false, sending: false, refused: "" });
    area.addEventListener("input", () => this.typed());
    area.addEventListener("blur", () => this.send());
  }

  get isDirty() { return this.area.value !== this.base; }
  get key() { return `${this.owner.store}:${this.part}:${this.page}`; }

  typed() {
    this.refused = "";
    this.keep();
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.send(), PAUSE);
    this.owner.tell();
  }

  /** On this device until the server has it. */
  keep() {
    try {
      if (!this.isDirty && !this.unheard) return localStorage.removeItem(this.key);
      const { base, revision, page, unheard } = this;
      localStorage.setItem(this.key, JSON.stringify({ base, revision, page, unheard, text: this.area.value, at: Date.now() }));
    } catch { /* a full or forbidden store: the page itself still holds the words */ }
  }

  async send() {
    clearTimeout(this.pause);
    if (this.sending || this.refused || !(this.isDirty || this.unheard)) return;
    this.sending = true;
    const sent = this.area.value;
    const body = new URLSearchParams({ part: this.part, text: sent, base: this.base, revision: this.revision, page: this.page });
    this.unheard = true; // until the answer is here, the server may or may not have it
    this.keep();
    try {
      const answer = await fetch(this.owner.dataset.url, { method: "POST", body, headers: this.owner.headers, keepalive: body.toString().length < 60000 });
      if (answer.headers.get("HX-Redirect") || answer.status === 401) this.refused = "You are signed out. Sign in again in another tab; your words are kept on this device.";
      else if (answer.ok) {
        this.unheard = false;
        this.adopt(await answer.json(), sent);
        this.owner.savedAt = new Date();
      } else if (answer.status < 500) {
        this.refused = (await answer.text()).slice(0, 400) || "The server did not take this note. Copy your words and load the page again.";
        this.unheard = false;
      }
    } catch { /* no connection: tried again below */ }
    this.sending = false;
    this.keep();
    this.owner.tell();
    if (!this.refused && (this.isDirty || this.unheard)) this.pause = setTimeout(() => this.send(), this.unheard ? AGAIN : PAUSE);
  }

  /** Take over what the server has; what was typed since stays, and so does the cursor. */
  adopt({ text, revision }, startedFrom = this.base) {
    const mine = this.area.value;
    const [from, to] = [this.area.selectionStart, this.area.selectionEnd];
    const merged = merge(startedFrom, mine, text, from);
    if (merged.text !== mine) {
      const end = from === to ? merged.cursor : merge(startedFrom, mine, text, to).cursor;
      const scrolled = this.area.scrollTop;
      this.area.value = merged.text;
      if (document.activeElement === this.area) this.area.setSelectionRange(merged.cursor, end);
      this.area.scrollTop = scrolled;
      this.owner.grew(this);
    }
    this.base = text;
    this.revision = revision;
  }
}

class CallNotes extends HTMLElement {
  connectedCallback() {
    this.page = crypto.getRandomValues(new Uint32Array(3)).join("-");
    this.store = `${STORE}:${this.closest("[data-call]").dataset.call}`;
    this.state = this.querySelector(".notes__state");
    this.told = this.querySelector("[data-told]");
    this.savedAt = null;
    this.notes = [...this.querySelectorAll("section[data-part]")].map((section) => {
      const form = section.querySelector("form");
      form.addEventListener("submit", (event) => { event.preventDefault(); this.flush(); });
      const area = form.elements.text;
      area.value = form.elements.base.value; // the browser's own memory of a form is older than ours
      return new Note(section.dataset.part, area, form.elements.base.value, Number(form.elements.revision.value), this);
    });
    this.setAttribute("data-live", "");
    this.hold();
    this.showTabs();
    this.recover();
    setTimeout(() => this.recover(), 1500); // a page that was being left may have held its words a moment longer
    this.listening = setInterval(() => this.listen(), LISTEN);
    addEventListener("online", () => this.flush());
    addEventListener("pagehide", () => this.flush());
    addEventListener("beforeunload", (event) => { if (this.isDirty && this.wasRefused) event.preventDefault(); });
    document.addEventListener("submit", (event) => this.beforeEnding(event), true);
    document.addEventListener("keydown", (event) => this.keys(event), true);
    document.addEventListener("htmx:afterRequest", (event) => this.afterCapture(event));
    this.closest("[data-call]").addEventListener("click", (event) => this.opening(event));
    this.tell();
  }

  disconnectedCallback() { clearInterval(this.listening); }

  get isDirty() { return this.notes.some((note) => note.isDirty || note.unheard); }
  get wasRefused() { return this.notes.some((note) => note.refused); }
  get headers() {
    const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
    return { Accept: "application/json", "X-CSRFToken": token, "HX-Request": "true" };
  }

  flush() { return Promise.all(this.notes.map((note) => note.send())); }

  /** While this page lives it holds a lock, so that another one does not take its words for lost ones. */
  hold() {
    navigator.locks?.request(`${STORE}-${this.page}`, () => new Promise(() => {}));
  }

  /** Words that a page which is no longer open could not send. */
  async recover() {
    const held = new Set(((await navigator.locks?.query())?.held ?? []).map((lock) => lock.name));
    for (const note of this.notes) {
      for (const key of Object.keys(localStorage).filter((name) => name.startsWith(`${this.store}:${note.part}:`))) {
        if (key === note.key || note.isDirty || note.unheard) continue;
        const kept = JSON.parse(localStorage.getItem(key));
        const isAlive = navigator.locks ? held.has(`${STORE}-${kept.page}`) : Date.now() - kept.at < 15000;
        if (isAlive) continue;
        localStorage.removeItem(key);
        Object.assign(note, { base: kept.base, revision: kept.revision, page: kept.page, unheard: kept.unheard });
        note.area.value = kept.text;
        note.keep();
        this.grew(note);
        note.send();
      }
    }
    this.tell();
  }

  /** What others typed. A note whose last answer is still out is left alone until it is here. */
  async listen() {
    if (document.hidden) return;
    try {
      const answer = await fetch(this.dataset.url, { headers: this.headers });
      if (!answer.ok) return;
      const { parts } = await answer.json();
      for (const note of this.notes) {
        const theirs = parts[note.part];
        if (theirs && theirs.revision > note.revision && !note.sending && !note.unheard) {
          note.adopt(theirs);
          note.keep();
        }
      }
      this.tell();
    } catch { /* no connection: what is typed is kept meanwhile */ }
  }

  tell() {
    const refused = this.notes.find((note) => note.refused);
    const time = this.savedAt?.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    const said = refused ? refused.refused : this.isDirty ? "Not saved yet, kept on this device" : time ? `Saved ${time}` : "";
    if (this.state.textContent !== said) this.state.textContent = said;
    this.state.toggleAttribute("data-unsaved", this.isDirty);
    this.state.toggleAttribute("data-refused", Boolean(refused));
  }

  // --- the four parts

  showTabs() {
    this.tabs = [...this.querySelectorAll(".notes__tabs a")];
    const bar = this.querySelector(".notes__tabs");
    bar.setAttribute("role", "tablist");
    for (const tab of this.tabs) {
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", `part-${tab.dataset.part}`);
      const panel = document.getElementById(`part-${tab.dataset.part}`);
      panel.setAttribute("role", "tabpanel");
      tab.addEventListener("click", (event) => { event.preventDefault(); this.choose(tab, true); });
    }
    bar.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = this.tabs[(this.tabs.indexOf(document.activeElement) + step + this.tabs.length) % this.tabs.length];
      this.choose(next);
      next.focus();
    });
    this.choose(this.tabs.find((tab) => tab.hash === location.hash) ?? this.tabs[0]);
  }

  choose(chosen, write = false) {
    for (const tab of this.tabs) {
      const isIt = tab === chosen;
      tab.setAttribute("aria-selected", String(isIt));
      tab.tabIndex = isIt ? 0 : -1;
      document.getElementById(`part-${tab.dataset.part}`).hidden = !isIt;
      if (isIt) tab.removeAttribute("data-grew");
    }
    this.current = this.notes.find((note) => note.part === chosen.dataset.part);
    if (!write) return;
    history.replaceState(null, "", chosen.hash);
    this.current.area.focus();
  }

  /** Somebody wrote under a part that is not in view: its tab says so. */
  grew(note) {
    if (note !== this.current) this.tabs?.find((tab) => tab.dataset.part === note.part)?.setAttribute("data-grew", "");
  }

  // --- keys and captures

  keys(event) {
    const line = event.target.closest?.("details[open]:has(> summary[data-key])");
    if (event.key === "Escape" && line) {
      event.preventDefault();
      line.open = false;
      this.back();
    } else if (event.altKey && !event.ctrlKey && !event.metaKey && !document.querySelector("dialog[open]")) {
      const key = event.code.replace(/^(Key|Digit)/, "").toLowerCase();
      const target = this.closest("[data-call]").querySelector(`[data-key="${CSS.escape(key)}"]`);
      if (!target) return;
      event.preventDefault();
      event.stopPropagation();
      target.click();
    }
    if (event.target === this.current?.area) this.left = this.current.area;
  }

  /** A line opens at once, so that no letter typed after its key lands elsewhere. */
  opening(event) {
    const summary = event.target.closest("summary[data-key]");
    if (!summary) return;
    event.preventDefault();
    const line = summary.parentElement;
    line.open = !line.open;
    if (line.open) line.querySelector("form :is(input, select):not([type=hidden])").focus();
    else this.back();
  }

  back() { (this.left ?? this.current.area).focus(); }

  afterCapture(event) {
    const form = event.target.closest?.("form[data-capture]");
    if (!form || !event.detail.successful) return;
    const [text] = [form.elements.text?.value, form.reset()];
    const line = form.closest("details.capture__one");
    this.told.textContent = text ? `Kept: ${text}` : "Kept";
    if (!line) return;
    line.open = false;
    this.back();
  }

  /** The call is ended with everything that was typed, or not yet. */
  async beforeEnding(event) {
    if (!event.target.matches("form[data-ends-call]") || !this.isDirty) return;
    event.preventDefault();
    await this.flush();
    if (!this.isDirty) return event.target.requestSubmit();
    const text = this.wasRefused ? this.state.textContent : "Your notes are not saved yet: there is no connection. They are kept here; end the call once it is back.";
    document.dispatchEvent(new CustomEvent("toast", { detail: { text, level: "error" } }));
  }
}

customElements.define("call-timer", CallTimer);
customElements.define("call-notes", CallNotes);
