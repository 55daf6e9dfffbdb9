// A form that saves each field as it is typed. What the server does not have yet is kept on this device and
// sent again. Without this script the form's own buttons save.
const PAUSE = 700;
const AGAIN = 8000;

class Kept {
  constructor(form, question) { this.key = `form:${form}:${question}`; }

  write(entries, base, page) {
    try { localStorage.setItem(this.key, JSON.stringify({ entries, base, page })); }
    catch { /* a full or forbidden store: the page itself still holds the words */ }
  }

  read() {
    try { return JSON.parse(localStorage.getItem(this.key) ?? "null"); } catch { return null; }
  }

  forget() {
    try { localStorage.removeItem(this.key); } catch { /* nothing was kept */ }
  }

  static questions(form) {
    const start = `form:${form}:`;
    try { return Object.keys(localStorage).filter((key) => key.startsWith(start)).map((key) => key.slice(start.length)); }
    catch { return []; }
  }
}

class Field {
  constructor(owner, element) {
    Object.assign(this, { owner, element, question: element.dataset.question, sending: false, dirty: false });
    this.baseInput = element.querySelector("[data-base]");
    this.notes = element.querySelector("[data-notes]");
    this.kept = new Kept(owner.number, this.question);
    element.addEventListener("input", () => this.changed(PAUSE));
    element.addEventListener("change", (event) => this.changed(event.target.matches("textarea, input:not([type=checkbox], [type=radio])") ? PAUSE : 0));
    element.addEventListener("focusout", () => this.dirty && this.save());
  }

  entries() {
    return [...new FormData(this.owner.form)].filter(([name, value]) =>
      typeof value === "string" && (name === this.question || name.startsWith(`${this.question}.`)));
  }

  changed(pause) {
    if (!this.baseInput) return;
    this.dirty = true;
    this.kept.write(this.entries(), this.baseInput.value, this.owner.page);
    this.owner.moreLines(this);
    this.owner.say();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  /** What was kept on this device when the page was left or the connection lost. */
  restore() {
    const kept = this.kept.read();
    if (!kept || !this.baseInput) return;
    while (kept.entries.some(([name]) => !this.owner.form.elements[name])) if (!this.owner.addLine(this)) break;
    for (const box of this.element.querySelectorAll("[type=checkbox], [type=radio]")) box.checked = false;
    for (const [name, value] of kept.entries) {
      for (const control of this.element.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (control.type === "checkbox" || control.type === "radio") control.checked ||= control.value === value;
        else control.value = value;
      }
    }
    this.baseInput.value = kept.base;
    this.dirty = true;
    this.save(kept.page);
  }

  async save(page = this.owner.page) {
    clearTimeout(this.timer);
    if (this.sending || !this.dirty) return;
    this.sending = true;
    this.dirty = false;
    this.owner.say();
    try {
      const answer = await this.owner.send(this.element.dataset.url, this.entries(), this.baseInput.value, page);
      this.baseInput.value = answer.stands ? answer.base : this.baseInput.value;
      this.notes.innerHTML = answer.notes;
      this.element.querySelector("[id^=in-]")?.toggleAttribute("aria-invalid", Boolean(this.notes.querySelector(".field__error")));
      this.owner.show(answer);
      if (!this.dirty) this.kept.forget();
      this.owner.trouble = "";
    } catch (error) {
      this.dirty = true;
      this.owner.trouble = error.message;
      if (!error.isFinal) this.timer = setTimeout(() => this.save(), AGAIN);
    } finally {
      this.sending = false;
    }
    if (this.dirty && !this.owner.trouble) this.save();
    this.owner.say();
  }
}

class Refused extends Error { isFinal = true; }

class SavedForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.state = this.querySelector("[data-state]");
    if (!this.form || !this.state) return;
    this.number = this.dataset.form;
    this.page = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
    this.form.elements.page.value = this.page;
    this.counted = this.state.textContent;
    this.trouble = "";
    this.fields = [...this.querySelectorAll("[data-question]")].map((element) => new Field(this, element));
    for (const field of this.fields) field.restore();
    this.sendKept();
    addEventListener("online", () => this.saveAll());
    addEventListener("pagehide", () => this.saveAll());
    for (const upload of this.querySelectorAll("[data-upload]")) {
      upload.addEventListener("change", () => upload.files.length && this.form.requestSubmit(this.form.querySelector("[name=stay]")));
    }
  }

  saveAll() {
    for (const field of this.fields) field.save();
  }

  /** Fields of other parts that were typed without a connection. */
  async sendKept() {
    const here = new Set(this.fields.map((field) => field.question));
    for (const question of Kept.questions(this.number).filter((one) => !here.has(one))) {
      const kept = new Kept(this.number, question);
      const { entries, base, page } = kept.read() ?? {};
      try {
        if (entries) await this.send(`${this.dataset.path}answers/${question}/`, entries, base, page);
        kept.forget();
      } catch { return; }
    }
  }

  async send(url, entries, base, page) {
    const body = new URLSearchParams([...entries, ["base", base], ["page", page]]);
    let answer;
    try {
      answer = await fetch(url, {
        method: "POST",
        body,
        keepalive: true,
        headers: { "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value, Accept: "application/json" },
      });
    } catch {
      throw new Error("No connection. What you type is kept on this device and saved when you are back.");
    }
    if (answer.ok) return answer.json();
    if (answer.status === 409) throw new Refused((await answer.json()).refused);
    if (answer.status >= 500) throw new Error("We cannot save just now. What you type is kept on this device.");
    throw new Refused("Your link opens nothing any more. What you typed is kept on this device: open a fresh link here.");
  }

  show({ shown, answered, asked }) {
    const visible = new Set(shown);
    for (const field of this.fields) field.element.hidden = !visible.has(field.question);
    this.counted = `${answered} of ${asked} answered.`;
  }

  say() {
    const busy = this.fields.some((field) => field.sending || field.dirty);
    this.state.toggleAttribute("data-trouble", Boolean(this.trouble));
    this.state.textContent = this.trouble || (busy ? "Saving…" : `Saved. ${this.counted}`);
  }

  /** One more empty line, once the last is begun. */
  moreLines(field) {
    const lines = field.element.querySelectorAll("[data-lines] .form-line");
    const last = lines[lines.length - 1];
    if (last && [...last.querySelectorAll("input, select")].some((control) => control.value)) this.addLine(field);
  }

  addLine(field) {
    const template = field.element.querySelector("template[data-line]");
    const lines = field.element.querySelector("[data-lines]");
    if (!template || lines.children.length >= 40) return false;
    const number = lines.children.length;
    const line = template.content.firstElementChild.cloneNode(true);
    for (const control of line.querySelectorAll("[name]")) control.name = control.name.replace(".__.", `.${number}.`);
    line.setAttribute("aria-label", `Line ${number + 1}`);
    lines.append(line);
    return true;
  }
}

customElements.define("saved-form", SavedForm);
