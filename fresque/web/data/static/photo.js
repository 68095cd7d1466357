// A photo as it came: what it shows, and faces to blur: suggested, added, ticked, moved.

import { attempt, call, data, savedWord, tell, undoWord } from "./page.js";

const photo = document.querySelector("[data-photo]").dataset.photo;
const said = data("said");
document.querySelector("[data-apply=content]")?.addEventListener("click", () => attempt(async () => {
  const made = await call("POST", `/photos/${photo}/corrections`, { field: "content", value: document.getElementById("content").value });
  tell(savedWord, { action: undoWord, onAction: () => withdraw(made.id) });
}));

function withdraw(id) {
  attempt(async () => { await call("DELETE", `/corrections/${id}`); location.reload(); });
}
for (const button of document.querySelectorAll("[data-withdraw]")) button.addEventListener("click", () => withdraw(button.dataset.withdraw));

// --- faces ---
const frame = document.getElementById("photo");
const bar = document.getElementById("faces-bar");
const begin = document.querySelector("[data-faces]");
let size = null; // of the photo, in its pixels
const boxes = []; // buttons; each has .box = [x, y, width, height] in photo pixels

begin?.addEventListener("click", () => attempt(async () => {
  if (!bar.hidden) return;
  begin.disabled = true;
  tell(said.looking);
  try {
    const found = await call("GET", `/photos/${photo}/faces`);
    size = [found.width, found.height];
    for (const outline of found.blurred) add(around(outline), true);
    const fresh = found.suggested.filter((outline) => !found.blurred.some((known) => over(around(outline), around(known))));
    for (const outline of fresh) add(around(outline), found.blurred.length === 0);
    bar.hidden = false;
    if (boxes.length) boxes[0].focus(); else { tell(said.none); bar.querySelector("[data-add-face]").focus(); }
  } finally { begin.disabled = false; }
}));

function around(outline) {
  const xs = outline.map((p) => p[0]); const ys = outline.map((p) => p[1]);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)];
}

function over(a, b) {
  const wide = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const high = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  return wide > 0 && high > 0 && wide * high > 0.3 * Math.min(a[2] * a[3], b[2] * b[3]);
}

function add(box, on) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "face";
  button.box = box;
  button.setAttribute("aria-pressed", String(on));
  button.setAttribute("aria-label", said.face.replace("{n}", boxes.length + 1));
  button.setAttribute("aria-describedby", "faces-help");
  button.addEventListener("click", () => { if (!button.moved) button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true")); });
  button.addEventListener("keydown", (event) => keyed(event, button));
  button.addEventListener("pointerdown", (event) => { button.setPointerCapture(event.pointerId); button.held = [event.clientX, event.clientY]; button.moved = false; });
  button.addEventListener("pointermove", (event) => {
    if (!button.held) return;
    const scale = size[0] / frame.clientWidth;
    const by = [event.clientX - button.held[0], event.clientY - button.held[1]];
    if (!button.moved && Math.hypot(...by) < 4) return;
    button.moved = true;
    button.held = [event.clientX, event.clientY];
    place(button, [box[0] += by[0] * scale, box[1] += by[1] * scale, box[2], box[3]]);
  });
  for (const kind of ["pointerup", "pointercancel"]) button.addEventListener(kind, () => { button.held = null; });
  boxes.push(button);
  frame.append(button);
  place(button, box);
  return button;
}

function place(button, box) {
  button.box.splice(0, 4, ...box);
  const [x, y, width, height] = box;
  Object.assign(button.style, { left: `${(100 * x) / size[0]}%`, top: `${(100 * y) / size[1]}%`, width: `${(100 * width) / size[0]}%`, height: `${(100 * height) / size[1]}%` });
}

function keyed(event, button) {
  const [x, y, width, height] = button.box;
  const step = size[0] * (event.shiftKey ? 0.02 : 0.005);
  const moved = {
    ArrowLeft: [x - step, y, width, height], ArrowRight: [x + step, y, width, height], ArrowUp: [x, y - step, width, height], ArrowDown: [x, y + step, width, height],
    "+": [x - width * 0.05, y - height * 0.05, width * 1.1, height * 1.1], "=": [x - width * 0.05, y - height * 0.05, width * 1.1, height * 1.1],
    "-": [x + width * 0.05, y + height * 0.05, width * 0.9, height * 0.9],
  }[event.key];
  if (moved) { event.preventDefault(); button.moved = false; place(button, moved); }
  if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); remove(button); bar.querySelector("[data-add-face]").focus(); }
  if (event.key === "Escape") close();
}

function remove(button) {
  boxes.splice(boxes.indexOf(button), 1);
  button.remove();
}

function close() {
  for (const button of [...boxes]) remove(button);
  bar.hidden = true;
  begin.focus();
}

bar?.querySelector("[data-add-face]").addEventListener("click", () => {
  const side = size[0] * 0.12;
  add([(size[0] - side) / 2, (size[1] - side) / 2, side, side], true).focus();
});
bar?.querySelector("[data-cancel-faces]").addEventListener("click", close);
bar?.querySelector("[data-save-faces]").addEventListener("click", () => attempt(async () => {
  const value = boxes.filter((b) => b.getAttribute("aria-pressed") === "true").map(({ box: [x, y, w, h] }) => oval(x, y, w, h));
  await call("POST", `/photos/${photo}/corrections`, { field: "faces", value });
  tell(said.blurred);
  location.reload();
}));

/** Heads are round: an oval leaves more of the board beside them. */
function oval(x, y, width, height) {
  return Array.from({ length: 16 }, (_, n) => {
    const angle = (n * Math.PI) / 8;
    return [x + (width / 2) * (1 + Math.cos(angle)), y + (height / 2) * (1 + Math.sin(angle))].map((v) => Math.round(v * 10) / 10);
  });
}
if (location.hash === "#faces") begin?.click();
