// The four corners on the photo: dragged, or moved by arrow keys; what they give is shown at once.

import { attempt, call } from "./page.js";

const WAIT = 130; // ms between two previews

export class Corners {
  constructor(board, viewer, said, onSaved) {
    Object.assign(this, { board, viewer, said, onSaved, on: false });
    this.button = document.querySelector("[data-corners]");
    this.bar = document.getElementById("corner-bar");
    if (!this.button) return;
    this.button.addEventListener("click", () => (this.on ? this.end() : this.begin()));
    document.querySelector("[data-save-corners]").addEventListener("click", () => this.save());
    document.querySelector("[data-cancel-corners]").addEventListener("click", () => this.end());
  }

  begin() {
    this.on = true;
    this.before = this.viewer.mode;
    this.quad = this.board.views[0].quad.map((p) => [...p]);
    this.viewer.mixed = false;
    this.viewer.setMode("photo");
    this.button.setAttribute("aria-pressed", "true");
    this.bar.hidden = false;
    this.picture = new Image();
    this.picture.className = "preview";
    this.picture.alt = this.said.preview;
    this.picture.hidden = true;
    this.handles = this.quad.map((_, n) => this.handle(n));
    this.viewer.stage.append(this.picture, ...this.handles);
    this.viewer.onMove = () => this.place();
    this.place();
    this.preview();
    this.handles[0].focus();
  }

  end() {
    this.on = false;
    this.viewer.onMove = () => {};
    this.handles.forEach((h) => h.remove());
    this.picture.remove();
    this.bar.hidden = true;
    this.button.setAttribute("aria-pressed", "false");
    this.viewer.setMode(this.before);
    this.button.focus();
  }

  handle(n) {
    const handle = document.createElement("button");
    handle.type = "button";
    handle.className = "handle";
    handle.setAttribute("aria-label", `${this.said.corner} ${this.said.corners[n]}`);
    handle.addEventListener("pointerdown", (event) => { event.stopPropagation(); handle.setPointerCapture(event.pointerId); this.held = n; });
    handle.addEventListener("pointermove", (event) => {
      if (this.held !== n) return;
      const box = this.viewer.stage.getBoundingClientRect();
      this.move(n, this.viewer.fromScreen([event.clientX - box.left, event.clientY - box.top]));
    });
    for (const kind of ["pointerup", "pointercancel"]) handle.addEventListener(kind, () => { this.held = null; });
    handle.addEventListener("keydown", (event) => {
      const step = (event.shiftKey ? 20 : 2) / this.viewer.scale;
      const by = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
      if (by) { event.preventDefault(); event.stopPropagation(); this.move(n, [this.quad[n][0] + by[0], this.quad[n][1] + by[1]]); }
      if (event.key === "Escape") this.end();
      if (event.key === "Enter") { event.preventDefault(); this.save(); }
    });
    return handle;
  }

  move(n, [x, y]) {
    const [width, height] = this.viewer.size;
    this.quad[n] = [Math.min(width * 1.2, Math.max(-width * 0.2, x)), Math.min(height * 1.2, Math.max(-height * 0.2, y))];
    this.place();
    this.preview();
  }

  place() {
    this.quad.forEach((point, n) => {
      const [x, y] = this.viewer.toScreen(point);
      this.handles[n].style.left = `${x}px`;
      this.handles[n].style.top = `${y}px`;
    });
    this.viewer.quad?.setAttribute("points", this.quad.map((p) => p.join(",")).join(" "));
  }

  /** One picture under way at a time; the last position always gets its own. */
  async preview() {
    this.asked = this.quad.flat().map((v) => v.toFixed(1)).join(",");
    if (this.busy) return;
    this.busy = true;
    while (this.on && this.asked !== this.shown) {
      const asked = this.asked;
      try {
        const response = await fetch(`/api/v1/photos/${this.board.views[0].photo}/preview?quad=${asked}`);
        if (response.ok) {
          const old = this.picture.src;
          this.picture.src = URL.createObjectURL(await response.blob());
          this.picture.hidden = false;
          if (old.startsWith("blob:")) URL.revokeObjectURL(old);
        }
      } catch { /* the next move asks again */ }
      this.shown = asked;
      await new Promise((done) => setTimeout(done, WAIT));
    }
    this.busy = false;
  }

  async save() {
    const value = this.quad.map((p) => p.map((v) => Number(v.toFixed(1))));
    const answer = await attempt(() => call("POST", `/boards/${this.board.id}/corrections`, { field: "corners", value }));
    if (!answer) return;
    this.board.views = answer.board.views;
    this.end();
    this.onSaved(answer.correction, this.said.reading);
  }
}
