// Minutes are kept as they are typed. What somebody else has written since is merged by the server and shown.
const PAUSE = 700;

class MinutesNote extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.text = this.form.elements.text;
    this.state = this.querySelector("[data-state]");
    this.querySelector("[data-save]")?.remove();
    this.text.addEventListener("input", () => {
      this.say("…");
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), PAUSE);
    });
    this.text.addEventListener("blur", () => this.save());
    this.leave = () => this.save(true);
    addEventListener("pagehide", this.leave);
    addEventListener("online", this.leave);
  }

  disconnectedCallback() {
    removeEventListener("pagehide", this.leave);
    removeEventListener("online", this.leave);
  }

  get dirty() {
    return this.text.value !== this.form.elements.base.value;
  }

  say(words) {
    this.state.textContent = words;
  }

  async save(leaving = false) {
    clearTimeout(this.timer);
    if (!this.dirty || (this.saving && !leaving)) return;
    const sent = this.text.value;
    this.saving = true;
    try {
      const answer = await fetch(this.form.action, {
        method: "POST",
        body: new FormData(this.form),
        headers: { Accept: "application/json" },
        keepalive: leaving,
      });
      if (!answer.ok) throw new Error(answer.status);
      const kept = await answer.json();
      const typed = this.text.value !== sent;
      this.form.elements.revision.value = kept.revision;
      this.form.elements.base.value = typed ? sent : kept.text;
      if (!typed) this.text.value = kept.text;
      // While one types on, what others wrote arrives with the next save.
      if (typed && kept.text !== sent) this.form.elements.revision.value = kept.revision - 1;
      this.say("Saved");
    } catch {
      this.say("Not saved yet: it is kept here and tried again");
      this.timer = setTimeout(() => this.save(), 5000);
    } finally {
      this.saving = false;
      if (this.dirty && !leaving) this.timer ??= setTimeout(() => this.save(), PAUSE);
    }
  }
}

customElements.define("minutes-note", MinutesNote);
