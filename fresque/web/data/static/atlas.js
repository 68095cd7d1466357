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
let view = { x: 0, y: 0, size: 1000 };
let svg = null;
let dots = [];

const { boards, themes } = (await attempt(() => call("GET", "/atlas"))) ?? { boards: [], themes: [] };
box.setAttribute("aria-busy", "false");
if (boards.length) draw(); else document.getElementById("atlas-wait").textContent = said.empty;

function draw() {
  svg = make("svg", { role: "group", "aria-label": said.label, preserveAspectRatio: "xMidYMid meet" });
  for (const theme of themes) {
    const text = make("text", { x: theme.x, y: theme.y, class: "theme" }, svg);
    text.textContent = theme.words.join(" · ");
  }
  dots = boards.map((board) => {
    const link = make("a", { href: `/boards/${board.id}`, "aria-label": `${board.title || said.untitled} – ${board.session}` }, svg);
    const dot = make("circle", { cx: board.x, cy: board.y }, link);
    link.addEventListener("pointerenter", () => peek(board));
    link.addEventListener("focus", () => { peek(board); keepInView(board); });
    return { board, dot };
  });
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

function place() {
  svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.size} ${view.size}`);
  const unit = view.size / Math.max(320, Math.min(box.clientWidth, box.clientHeight));
  for (const { dot } of dots) dot.setAttribute("r", (dots.length > 800 ? 4 : 8) * unit);
  for (const text of svg.querySelectorAll(".theme")) text.setAttribute("font-size", 14 * unit);
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
  let held = null;
  const at = (event) => {
    const side = Math.min(box.clientWidth, box.clientHeight);
    const rect = box.getBoundingClientRect();
    return [(event.clientX - rect.left - (box.clientWidth - side) / 2) / side, (event.clientY - rect.top - (box.clientHeight - side) / 2) / side];
  };
  box.addEventListener("wheel", (event) => { event.preventDefault(); zoom(Math.exp(-event.deltaY * 0.0016), ...at(event)); }, { passive: false });
  box.addEventListener("pointerdown", (event) => { held = at(event); });
  box.addEventListener("pointermove", (event) => {
    if (!held || !event.buttons) return;
    const now = at(event);
    view = { ...view, x: view.x - (now[0] - held[0]) * view.size, y: view.y - (now[1] - held[1]) * view.size };
    held = now;
    place();
  });
  addEventListener("pointerup", () => { held = null; });
  for (const button of document.querySelectorAll("[data-atlas]")) {
    button.addEventListener("click", () => {
      if (button.dataset.atlas === "fit") { view = { x: 0, y: 0, size: 1000 }; place(); } else zoom(button.dataset.atlas === "in" ? 1.5 : 1 / 1.5);
    });
  }
  new ResizeObserver(place).observe(box);
}
