// The map of all boards: dots that are links, moved and zoomed by pointer, wheel, buttons and keys.

import { attempt, call, data } from "./page.js";

const SVG = "http://www.w3.org/2000/svg";
const said = data("said");
const box = document.getElementById("atlas");
const pick = document.getElementById("colour-by");
const make = (name, attributes = {}, parent = null) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent?.append(element);
  return element;
};
const COARSE = matchMedia("(pointer: coarse)").matches;
let view = { x: 0, y: 0, size: 1000 }; // what is seen of the square of 1,000
let svg = null;
let dots = [];
let names = [];
let drawn = {}; // how wide the box is for its height, and units of the map for a pixel

const { boards, themes } = (await attempt(() => call("GET", "/atlas"))) ?? { boards: [], themes: [] };
box.setAttribute("aria-busy", "false");
if (boards.length) draw(); else document.getElementById("atlas-wait").textContent = said.empty;

function draw() {
  svg = make("svg", { role: "group", "aria-label": said.label, preserveAspectRatio: "xMidYMid meet" });
  const layer = make("g", { "aria-hidden": "true" });
  names = [...themes].sort((a, b) => b.boards - a.boards).map((theme) => {
    const text = make("text", { class: "theme" }, layer);
    text.textContent = theme.words.join(" · ");
    return { theme, text };
  });
  dots = boards.map((board) => {
    const link = make("a", { href: `/boards/${board.id}`, "aria-label": `${board.title || said.untitled} – ${board.session}` }, svg);
    const dot = make("circle", {}, link);
    link.addEventListener("pointerenter", () => peek(board));
    link.addEventListener("focus", () => { peek(board); keepInView(board); });
    return { board, dot };
  });
  svg.append(layer); // above the dots
  box.replaceChildren(svg);
  for (const theme of themes) {
    const a = document.createElement("a");
    a.href = `/search?q=${encodeURIComponent(theme.words.join(" "))}`;
    a.textContent = theme.words.join(" · ");
    const n = document.createElement("span");
    n.textContent = theme.boards;
    a.append(" ", n);
    document.getElementById("themes").append(a);
  }
  pick.addEventListener("change", colour);
  listen();
  colour();
  place();
}

/** Phases have their own colours; other fields take eight in turn, the rarest together the last. */
function colour() {
  const field = pick.value;
  const counts = new Map();
  for (const { board } of dots) counts.set(board[field], (counts.get(board[field]) ?? 0) + 1);
  const order = field === "phase" ? ["SCAN", "FOCUS", "ACT", "unsure", "none"].filter((p) => counts.has(p)) : field === "year" ? [...counts.keys()].sort() : [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a));
  const name = (value) => (field === "phase" ? `fill-${value}` : `fill-c${Math.min(7, order.indexOf(value))}`);
  for (const { board, dot } of dots) dot.setAttribute("class", name(board[field]));
  const legend = document.getElementById("legend");
  legend.replaceChildren(...order.slice(0, 8).map((value) => {
    const li = document.createElement("li");
    const mark = make("svg", { viewBox: "0 0 12 12", "aria-hidden": "true" });
    make("circle", { cx: 6, cy: 6, r: 5, class: name(value) }, mark);
    li.append(mark, ` ${said.names[value] ?? value} (${counts.get(value)})`);
    return li;
  }));
}

function peek(board) {
  box.querySelector(".peek")?.remove();
  const card = document.createElement("div");
  card.className = "card peek";
  if (board.thumb) {
    const picture = document.createElement("div");
    picture.className = "picture";
    const image = new Image();
    image.alt = "";
    image.src = board.thumb;
    picture.append(image);
    card.append(picture);
  }
  const body = document.createElement("div");
  body.className = "body";
  const title = document.createElement("strong");
  title.textContent = board.title || said.untitled;
  const session = document.createElement("span");
  session.className = "soft small";
  session.textContent = board.session;
  body.append(title, session);
  card.append(body);
  box.append(card);
}

/** The square fills the box: x is drawn as wide as the box is for its height. What moves is what is seen; the dots are
 *  placed anew only when the box changes, and sized when one zooms. */
function place() {
  const [width, height] = [box.clientWidth, box.clientHeight];
  if (!width || !height) return;
  const [wide, unit] = [width / height, view.size / height];
  svg.setAttribute("viewBox", `${view.x * wide} ${view.y} ${view.size * wide} ${view.size}`);
  if (wide !== drawn.wide) for (const { board, dot } of dots) { dot.setAttribute("cx", board.x * wide); dot.setAttribute("cy", board.y); }
  if (unit !== drawn.unit) for (const { dot } of dots) dot.setAttribute("r", (dots.length > 800 ? 4 : COARSE ? 11 : 8) * unit);
  drawn = { wide, unit };
  const taken = [];
  for (const { theme, text } of names) name(text, ((theme.x - view.x) / view.size) * width, ((theme.y - view.y) / view.size) * height, taken);
}

/** A theme's name (at x, y in pixels of the box), inside it and not over another one of more boards; closer there is
 *  room for it. */
function name(text, x, y, taken) {
  const { wide, unit } = drawn;
  text.removeAttribute("hidden");
  text.setAttribute("font-size", 14 * unit);
  const half = text.getComputedTextLength() / 2 / unit + 4;
  const inside = x > 0 && x < box.clientWidth && y > 0 && y < box.clientHeight;
  const at = [Math.min(box.clientWidth - half, Math.max(half, x)), Math.min(box.clientHeight - 6, Math.max(18, y))];
  const mine = { left: at[0] - half, right: at[0] + half, top: at[1] - 16, bottom: at[1] + 6 };
  const free = !taken.some((other) => mine.left < other.right && mine.right > other.left && mine.top < other.bottom && mine.bottom > other.top);
  if (!inside || !free) { text.setAttribute("hidden", ""); return; }
  text.setAttribute("x", view.x * wide + at[0] * unit);
  text.setAttribute("y", view.y + at[1] * unit);
  taken.push(mine);
}

function zoom(factor, cx = 0.5, cy = 0.5) {
  const size = Math.min(1400, Math.max(40, view.size / factor));
  view = { x: view.x + (view.size - size) * cx, y: view.y + (view.size - size) * cy, size };
  place();
}

function keepInView(board) {
  const margin = view.size * 0.08;
  if (board.x < view.x + margin || board.x > view.x + view.size - margin || board.y < view.y + margin || board.y > view.y + view.size - margin) {
    view = { ...view, x: board.x - view.size / 2, y: board.y - view.size / 2 };
    place();
  }
}

function listen() {
  const held = new Map(); // pointers that are down, and where
  const at = (event) => {
    const rect = box.getBoundingClientRect();
    return [(event.clientX - rect.left) / box.clientWidth, (event.clientY - rect.top) / box.clientHeight];
  };
  box.addEventListener("wheel", (event) => { event.preventDefault(); zoom(Math.exp(-event.deltaY * 0.0016), ...at(event)); }, { passive: false });
  let moved = 0;
  box.addEventListener("pointerdown", (event) => { held.set(event.pointerId, at(event)); moved = 0; });
  box.addEventListener("dragstart", (event) => event.preventDefault()); // a dot is a link: the map is dragged, not the link
  box.addEventListener("click", (event) => { if (moved > 0.015) event.preventDefault(); }, true);
  box.addEventListener("pointermove", (event) => {
    const was = held.get(event.pointerId);
    if (!was || !event.buttons) return;
    const now = at(event);
    moved += Math.hypot(now[0] - was[0], now[1] - was[1]);
    const other = [...held].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const gap = (a) => Math.hypot(a[0] - other[0], a[1] - other[1]) || 0.01;
      zoom(gap(now) / gap(was), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    } else {
      view = { ...view, x: view.x - (now[0] - was[0]) * view.size, y: view.y - (now[1] - was[1]) * view.size };
      place();
    }
    held.set(event.pointerId, now);
  });
  for (const kind of ["pointerup", "pointercancel"]) addEventListener(kind, (event) => held.delete(event.pointerId));
  for (const button of document.querySelectorAll("[data-atlas]")) {
    button.addEventListener("click", () => {
      if (button.dataset.atlas === "fit") { view = { x: 0, y: 0, size: 1000 }; place(); } else zoom(button.dataset.atlas === "in" ? 1.5 : 1 / 1.5);
    });
  }
  new ResizeObserver(place).observe(box);
}
