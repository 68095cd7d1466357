// Deep zoom: only the pieces that are in view, at the size in which they are seen, by the Image API of this server.

const SIDE = 1024; // of a piece, in pixels of the picture as it is sent
const WAIT = 90; // ms after the last movement
const MOST = 80; // pieces kept

export class Tiles {
  constructor(viewer) {
    this.viewer = viewer;
    this.layer = document.getElementById("tiles");
    this.held = new Map();
  }

  clear() {
    clearTimeout(this.timer);
    this.held.clear();
    this.layer.replaceChildren();
  }

  update() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.draw(), WAIT);
  }

  /** Pixels of the board for one of a piece: the power of two that is just fine enough for the screen. */
  factor() {
    return Math.max(1, 2 ** Math.floor(Math.log2(1 / (this.viewer.scale * devicePixelRatio))));
  }

  draw() {
    const { viewer } = this;
    const [width, height] = viewer.size;
    const factor = this.factor();
    const step = SIDE * factor;
    const box = viewer.stage.getBoundingClientRect();
    const [left, top] = viewer.fromScreen([0, 0]); const [right, bottom] = viewer.fromScreen([box.width, box.height]);
    const wanted = new Set();
    for (let y = Math.max(0, Math.floor(top / step) * step); y < Math.min(height, bottom); y += step) {
      for (let x = Math.max(0, Math.floor(left / step) * step); x < Math.min(width, right); x += step) {
        const [w, h] = [Math.min(step, width - x), Math.min(step, height - y)];
        wanted.add(this.piece(x, y, w, h, factor));
      }
    }
    for (const [key, image] of this.held) {
      if (this.held.size > MOST && !wanted.has(key)) { image.remove(); this.held.delete(key); }
    }
  }

  piece(x, y, w, h, factor) {
    const { board, mode } = this.viewer;
    const key = `${mode}/${factor}/${x}/${y}`;
    if (this.held.has(key)) { this.layer.append(this.held.get(key)); return key; } // the latest lies on top
    const version = new URL(board.pictures[mode], location.href).searchParams.get("v");
    const image = new Image();
    image.alt = "";
    image.decoding = "async";
    Object.assign(image.style, { left: `${x}px`, top: `${y}px`, width: `${w}px`, height: `${h}px` });
    image.src = `/iiif/image/${board.id}:${mode}/${x},${y},${w},${h}/${Math.max(1, Math.floor(w / factor))},/0/default.webp?v=${version}`;
    this.held.set(key, image);
    this.layer.append(image);
    return key;
  }
}
