// <pin-board>: a picture or video with the form for a comment on it. A click into the picture, or the arrow keys after
// “Choose a place”, says where; a paused video says when. Without this script the form takes a plain comment.
const STEP = 2;
const SVG = "http://www.w3.org/2000/svg";
const clamp = (value) => Math.min(100, Math.max(0, value));
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

class PinBoard extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form[data-comment]");
    if (!this.form) return;
    this.picture = this.querySelector(".pinned--picture");
    this.video = this.querySelector("video");
    if (this.picture) this.takePlaces();
    if (this.video) this.takeTimes();
    this.dataset.ready = "";
  }

  takePlaces() {
    this.said = this.form.querySelector("[data-said]");
    this.choose = this.form.querySelector("[data-choose]");
    this.choose.hidden = false;
    this.picture.addEventListener("click", (event) => {
      const box = this.picture.getBoundingClientRect();
      this.place((event.clientX - box.left) / box.width * 100, (event.clientY - box.top) / box.height * 100);
      this.form.elements.text.focus({ preventScroll: true });
    });
    this.choose.addEventListener("click", () => this.at ? this.forget() : this.place(50, 50));
    this.choose.addEventListener("keydown", (event) => {
      const move = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
      if (!move || !this.at) return;
      event.preventDefault();
      this.place(this.at[0] + move[0], this.at[1] + move[1]);
    });
  }

  place(x, y) {
    this.at = [clamp(x), clamp(y)];
    this.form.elements.x.value = this.at[0].toFixed(2);
    this.form.elements.y.value = this.at[1].toFixed(2);
    this.mark(...this.at);
    this.choose.textContent = "Leave the place out";
    this.said.textContent = `At ${Math.round(this.at[0])}% from the left, ${Math.round(this.at[1])}% from the top. Arrow keys move it.`;
  }

  forget() {
    this.at = null;
    this.form.elements.x.value = this.form.elements.y.value = "";
    this.picture.querySelector(".pinned__new")?.remove();
    this.choose.textContent = "Choose a place";
    this.said.textContent = "";
  }

  mark(x, y) {
    const marks = this.picture.querySelector(".pinned__marks");
    let group = marks.querySelector(".pinned__new");
    if (!group) {
      group = marks.appendChild(document.createElementNS(SVG, "g"));
      group.setAttribute("class", "pinned__new");
      group.appendChild(document.createElementNS(SVG, "circle")).setAttribute("r", "11");
      const text = group.appendChild(document.createElementNS(SVG, "text"));
      text.setAttribute("dy", ".35em");
      text.textContent = "+";
    }
    const [circle, text] = group.children;
    circle.setAttribute("cx", `${x}%`);
    circle.setAttribute("cy", `${y}%`);
    text.setAttribute("x", `${x}%`);
    text.setAttribute("y", `${y}%`);
  }

  takeTimes() {
    const at = this.form.elements.at;
    this.video.addEventListener("pause", () => { if (this.video.currentTime > 0) at.value = clock(this.video.currentTime); });
    this.form.elements.text.addEventListener("focus", () => {
      if (!at.value && this.video.currentTime > 0) at.value = clock(this.video.currentTime);
    });
    this.addEventListener("click", (event) => {
      const link = event.target.closest("[data-seek]");
      if (!link) return;
      event.preventDefault();
      this.video.currentTime = Number(link.dataset.seek);
      this.video.focus();
    });
  }
}

customElements.define("pin-board", PinBoard);
