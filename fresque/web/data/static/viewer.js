// Pictures over each other on one plane that is moved and scaled; places drawn above them.

import { Tiles } from "./tiles.js";

const SVG = "http://www.w3.org/2000/svg";
const FULL_FROM = 1.15; // pixels of the screen for one of the picture at hand, from which the full one is fetched

export class Viewer {
  constructor(board) {
    this.board = board;
    this.stage = document.getElementById("stage");
    this.plane = document.getElementById("plane");
    this.under = document.getElementById("under");
    this.upper = document.getElementById("upper");
    this.over = document.getElementById("over");
    this.mix = document.getElementById("mix");
    this.mode = board.pictures.clean ? "clean" : board.pictures.straight ? "straight" : "photo";
    this.scale = 1; this.x = 0; this.y = 0;
    this.tiles = new Tiles(this);
    this.pointers = new Map();
    this.onMove = () => {};
    this.onPick = () => {};
    this.listen();
    this.setMode(this.mode);
  }

  get size() { return this.mode === "photo" ? this.board.photo_size.map((v) => v || 1) : [this.board.width, this.board.height]; }

  source(mode, full) {
    const address = this.board.pictures[mode];
    return full ? (mode === "photo" ? `${address}?width=6000` : address) : `${address}${address.includes("?") ? "&" : "?"}width=1600`;
  }

  setMode(mode) {
    if (!this.board.pictures[mode]) return;
    this.mode = mode;
    this.full = false;
    this.tiles.clear();
    for (const button of document.querySelectorAll("[data-mode]")) button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    const both = mode !== "photo" && this.board.pictures.clean && this.board.pictures.straight;
    document.getElementById("compare").hidden = !both;
    this.mix.value = mode === "clean" ? 100 : 0;
    const first = this.source(both ? "straight" : mode, false);
    const start = this.source(mode, false);
    // the first picture stays while the other of the pair is fetched only when it is looked at
    if (both && mode === "clean") { this.show(this.under, start); this.upper.hidden = true; this.pair = first; } else { this.show(this.under, start); this.upper.hidden = true; this.pair = both ? this.source("clean", false) : null; }
    const [width, height] = this.size;
    this.plane.style.width = `${width}px`;
    this.plane.style.height = `${height}px`;
    this.over.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.fit();
    this.draw();
  }

  show(image, source) { if (image.getAttribute("src") !== source) image.src = source; image.hidden = false; }

  /** The slider: the cleaned picture lies left of the cut, the straightened one right of it. */
  setMix(value) {
    const [clean, straight] = [this.source("clean", this.full), this.source("straight", this.full)];
    this.tiles.clear();
    this.show(this.under, straight);
    this.show(this.upper, clean);
    this.upper.style.clipPath = `inset(0 ${100 - value}% 0 0)`;
    this.mixed = true;
  }

  // --- moving ---

  fit() {
    const [width, height] = this.size;
    const box = this.stage.getBoundingClientRect();
    this.fitted = [box.width, box.height];
    this.scale = Math.min(box.width / width, box.height / height) * 0.98;
    this.x = (box.width - width * this.scale) / 2;
    this.y = (box.height - height * this.scale) / 2;
    this.least = this.scale / 2;
    this.place();
  }

  place() {
    this.plane.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    const shown = this.under.naturalWidth || 1600;
    const closer = (this.size[0] * this.scale * devicePixelRatio) / shown > FULL_FROM && shown >= 1600;
    if (this.mode !== "photo" && !this.mixed) {
      if (closer) this.tiles.update(); else this.tiles.clear();
    } else if (closer && !this.full) {
      this.full = true;
      if (this.mixed) this.setMix(this.mix.value); else this.swap(this.source(this.mode, true));
    }
    this.onMove();
  }

  /** The full picture takes the small one's place when it has come. */
  swap(source) {
    const mode = this.mode;
    const image = new Image();
    image.src = source;
    image.decode().then(() => { if (this.mode === mode && !this.mixed) this.under.src = source; }).catch(() => {});
  }

  zoom(factor, cx, cy) {
    const box = this.stage.getBoundingClientRect();
    const [px, py] = [(cx ?? box.width / 2), (cy ?? box.height / 2)];
    const next = Math.min(8, Math.max(this.least, this.scale * factor));
    this.x = px - ((px - this.x) * next) / this.scale;
    this.y = py - ((py - this.y) * next) / this.scale;
    this.scale = next;
    this.place();
  }

  /** Bring a polygon into view, with room around it; `most`: times the scale at which all is seen. */
  reveal(polygon, most = Infinity) {
    const xs = polygon.map((p) => p[0]); const ys = polygon.map((p) => p[1]);
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const box = this.stage.getBoundingClientRect();
    const wanted = Math.min((box.width * 0.7) / Math.max(1, right - left), (box.height * 0.4) / Math.max(1, bottom - top), 2, this.least * 2 * most);
    this.scale = Math.max(this.least, wanted);
    this.x = box.width / 2 - ((left + right) / 2) * this.scale;
    this.y = box.height / 2 - ((top + bottom) / 2) * this.scale;
    this.place();
  }

  /** As ``reveal``, with what is around still in sight: closer on a small screen, where less can be read. */
  approach(polygon) { this.reveal(polygon, this.stage.clientWidth < 600 ? 2.5 : 1.6); }

  toScreen([x, y]) { return [x * this.scale + this.x, y * this.scale + this.y]; }
  fromScreen([x, y]) { return [(x - this.x) / this.scale, (y - this.y) / this.scale]; }

  listen() {
    const { stage } = this;
    stage.addEventListener("wheel", (event) => {
      event.preventDefault();
      const box = stage.getBoundingClientRect();
      this.zoom(Math.exp(-event.deltaY * 0.0016), event.clientX - box.left, event.clientY - box.top);
    }, { passive: false });
    stage.addEventListener("pointerdown", (event) => {
      if (event.target.closest(".handle")) return;
      this.pointers.set(event.pointerId, [event.clientX, event.clientY]);
      this.moved = 0;
    });
    stage.addEventListener("pointermove", (event) => {
      const was = this.pointers.get(event.pointerId);
      if (!was) return;
      const now = [event.clientX, event.clientY];
      const box = stage.getBoundingClientRect();
      const others = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, p]) => p);
      if (others.length) {
        const gap = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]) || 1;
        const middle = [(now[0] + others[0][0]) / 2 - box.left, (now[1] + others[0][1]) / 2 - box.top];
        this.zoom(gap(now, others[0]) / gap(was, others[0]), ...middle);
      } else {
        this.moved += Math.abs(now[0] - was[0]) + Math.abs(now[1] - was[1]);
        if (this.moved > 5) { stage.setPointerCapture(event.pointerId); stage.classList.add("dragging"); }
        this.x += now[0] - was[0];
        this.y += now[1] - was[1];
        this.place();
      }
      this.pointers.set(event.pointerId, now);
    });
    for (const kind of ["pointerup", "pointercancel", "pointerleave"]) {
      stage.addEventListener(kind, (event) => { this.pointers.delete(event.pointerId); stage.classList.remove("dragging"); });
    }
    stage.addEventListener("keydown", (event) => {
      const steps = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
      if (event.target !== stage) return;
      if (steps[event.key]) { this.x += steps[event.key][0]; this.y += steps[event.key][1]; this.place(); event.preventDefault(); }
      if (event.key === "+" || event.key === "=") this.zoom(1.3);
      if (event.key === "-") this.zoom(1 / 1.3);
      if (event.key === "0") this.fit();
    });
    this.mix.addEventListener("input", () => this.setMix(Number(this.mix.value)));
    for (const button of document.querySelectorAll("[data-mode]")) button.addEventListener("click", () => { this.mixed = false; this.setMode(button.dataset.mode); });
    for (const button of document.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => (button.dataset.zoom === "fit" ? this.fit() : this.zoom(button.dataset.zoom === "in" ? 1.4 : 1 / 1.4)));
    }
    for (const button of document.querySelectorAll("[data-toggle]")) {
      button.addEventListener("click", () => {
        const on = stage.classList.toggle(`show-${button.dataset.toggle}`);
        button.setAttribute("aria-pressed", String(on));
      });
    }
    new ResizeObserver(() => {
      const { width, height } = stage.getBoundingClientRect();
      if (width !== this.fitted?.[0] || height !== this.fitted?.[1]) this.fit(); // not when it only begins to watch
    }).observe(stage);
  }

  // --- drawing ---

  polygon(points, name) {
    const made = document.createElementNS(SVG, "polygon");
    made.setAttribute("points", points.map((p) => p.join(",")).join(" "));
    made.setAttribute("class", name);
    this.over.append(made);
    return made;
  }

  /** Of a line or region: where it lies in what is shown. */
  placeOf(thing) { return this.mode === "photo" ? thing.polygon : thing.place; }

  draw() {
    this.over.replaceChildren();
    const photo = this.mode === "photo";
    for (const box of photo ? this.board.lit_photo : this.board.lit) this.polygon(box, "lit");
    for (const region of this.board.regions) {
      if (region.kind === "note") this.polygon(this.placeOf(region), "note-area");
      for (const line of region.lines) {
        const area = this.polygon(this.placeOf(line), `line-area${line.doubtful ? " weak" : ""}${line === this.chosen ? " on" : ""}`);
        area.addEventListener("click", () => { if (!(this.moved > 5)) this.onPick(line); });
      }
    }
    if (this.pointed) this.polygon(this.placeOf(this.pointed), "lit");
    if (photo) this.quad = this.polygon(this.board.views[0].quad, "quad");
  }

  /** Something that lies elsewhere in the page is pointed at, in whatever picture is shown. */
  point(polygon, place) {
    this.chosen = null;
    this.pointed = { polygon, place };
    this.draw();
    this.approach(this.placeOf(this.pointed));
  }

  choose(line, reveal = true) {
    this.chosen = line;
    this.pointed = null;
    this.draw();
    if (line && reveal) this.reveal(this.placeOf(line));
  }
}
