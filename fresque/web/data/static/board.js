// A board's page: viewer, text, corners, phase, comments, and the keys for all of it.

import { attempt, call, data, leave, savedWord, tell, tellNext, undoWord } from "./page.js";
import { Corners } from "./corners.js";
import { Decided } from "./decided.js";
import { Lines } from "./lines.js";
import { Viewer } from "./viewer.js";

const board = data("board");
const said = data("said");
const viewer = new Viewer(board);
const lines = new Lines(board, viewer, said, saved);
const corners = new Corners(board, viewer, said, saved);
const decided = new Decided({ board: board.id, onShow: show });
if (location.hash.startsWith("#at=")) pointAt(new URLSearchParams(location.hash.slice(1)).get("at"));
else if (board.lit.length) viewer.approach(board.lit.flat());

/** What was decided there: lit, and in sight where the picture lies above the list. */
function show(item, event) {
  viewer.point(item.polygon, item.place);
  if (event?.type !== "click") return;
  event.preventDefault();
  viewer.stage.scrollIntoView({ block: "nearest" });
}

/** A place of the photo that an address names: what was decided there is lit. */
function pointAt(numbers) {
  const wanted = numbers.split(",").map(Number);
  const near = (item) => item.polygon.flat().reduce((most, v, n) => Math.max(most, Math.abs(v - wanted[n])), 0) < 2;
  const row = [...(decided.list?.children ?? [])].find((each) => near(each.item));
  if (row) viewer.point(row.item.polygon, row.item.place);
}

/** Told, with the way back. */
function saved(correction, text) {
  tell(text, { action: undoWord, onAction: () => attempt(async () => { await call("DELETE", `/corrections/${correction.id}`); back(); }) });
  if (correction.field === "corners") waitForReading();
}

function back() {
  tellNext(said.undone, "#board-title");
  location.reload();
}

/** The board is read again by new corners: the page follows when that is done. */
function waitForReading() {
  const revision = board.revision;
  let tries = 0;
  const timer = setInterval(async () => {
    const now = await call("GET", `/boards/${board.id}`).catch(() => null);
    if (!now) return;
    const fresh = now.pictures.straight !== board.pictures.straight;
    if (fresh || now.retired || ++tries > 120) {
      clearInterval(timer);
      if (now.retired && now.replaced_by) { location.assign(`/boards/${now.replaced_by}`); return; }
      Object.assign(board, now, { lit: [], lit_photo: [], photo_size: board.photo_size });
      if (!lines.list.querySelector(".editor")) { lines.draw(); viewer.setMode(viewer.mode); }
      if (fresh) tell(said.read);
      document.documentElement.dataset.read = String(now.revision > revision);
    }
  }, 1000);
}

// --- phase ---
async function setPhase(name) {
  const answer = await attempt(() => call("POST", `/boards/${board.id}/corrections`, { field: "phase", value: name }));
  if (!answer) return;
  for (const button of document.querySelectorAll("[data-phase]")) button.setAttribute("aria-pressed", String(button.dataset.phase === name));
  document.getElementById("phase-why").textContent = said.human;
  document.getElementById("phase-step")?.remove();  // it is of the phase before
  saved(answer.correction, said.phase.replace("{name}", said.names[name]));
}
for (const button of document.querySelectorAll("[data-phase]")) button.addEventListener("click", () => setPhase(button.dataset.phase));

// --- about ---
document.getElementById("about")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const values = Object.fromEntries(new FormData(event.target));
  attempt(async () => {
    await call("PATCH", `/boards/${board.id}`, values);
    if (!values.caption.trim()) { tellNext(savedWord, "#about button"); location.reload(); return; }  // it is called by what is read again
    tell(savedWord);
    document.getElementById("board-title").textContent = values.caption;
  });
});
const photo = board.views[0].photo;
chosen("content", async (value) => saved(await call("POST", `/photos/${photo}/corrections`, { field: "content", value }), savedWord));
document.getElementById("themes")?.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(async () => {
    const value = [...event.target.querySelectorAll("input:checked")].map((box) => box.value);
    const fresh = document.getElementById("t-new").value.trim();
    if (fresh) value.push((await call("POST", "/themes", { name: fresh })).id);
    const { board: now, correction } = await call("POST", `/boards/${board.id}/corrections`, { field: "themes", value });
    const list = document.getElementById("theme-list");
    list.replaceChildren(...now.themes.map((name) => Object.assign(document.createElement("a"), { href: `/search?theme=${encodeURIComponent(name)}`, textContent: name })));
    saved(correction, said.themes);
  });
});
document.querySelector("[data-part]")?.addEventListener("click", () => attempt(async () => {
  await call("POST", `/boards/${board.id}/part`);
  tell(said.parted, { action: undoWord, onAction: () => attempt(async () => { await call("POST", `/boards/${board.id}/unpart`); back(); }) });
}));
/** A choice that does something waits for its button: arrow keys go through the choices one by one. */
function chosen(id, work) {
  document.querySelector(`[data-apply=${id}]`)?.addEventListener("click", () => {
    const select = document.getElementById(id);
    if (select.value) attempt(() => work(select.value)); else select.focus();
  });
}
chosen("move", async (value) => {
  const made = await call("POST", `/photos/${photo}/corrections`, { field: "session", value });
  saved(made, said.moved);
});

// --- turned, taken apart, joined, thrown away ---
for (const button of document.querySelectorAll("[data-turn]")) {
  button.addEventListener("click", () => attempt(async () => saved(await call("POST", `/boards/${board.id}/turn`, { by: Number(button.dataset.turn) }), said.turned)));
}
for (const button of document.querySelectorAll("[data-split]")) {
  button.addEventListener("click", () => attempt(async () => {
    const made = await call("POST", `/boards/${board.id}/split`, { halves: button.dataset.split });
    tell(said.split, { action: undoWord, onAction: () => attempt(async () => { for (const each of made) await call("DELETE", `/corrections/${each.id}`); back(); }) });
    waitForReading();
  }));
}
chosen("merge", async (value) => {
  await call("POST", `/boards/${board.id}/merge`, { boards: [value] });
  tell(said.merged, { action: undoWord, onAction: () => attempt(async () => { await call("POST", `/boards/${board.id}/unmerge`); back(); }) });
});
document.querySelector("[data-trash]")?.addEventListener("click", () => attempt(async () => {
  await call("DELETE", `/photos/${photo}`);
  tell(said.trashed, { action: undoWord, onAction: () => attempt(async () => { await call("POST", `/photos/${photo}/restore`); tell(said.restored); }) });
}));

// --- comments and corrections ---
document.getElementById("comment").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(async () => { await call("POST", `/boards/${board.id}/comments`, { text: document.getElementById("c-text").value }); tellNext(said.commented, "#comments li:last-child"); location.reload(); });
});
for (const button of document.querySelectorAll("[data-drop-comment]")) {
  button.addEventListener("click", () => attempt(async () => {
    const item = button.closest("li");
    const text = item.querySelector("p").textContent;
    await call("DELETE", `/comments/${button.dataset.dropComment}`);
    leave(item);
    tell(said.dropped, { action: undoWord, onAction: () => attempt(async () => { await call("POST", `/boards/${board.id}/comments`, { text }); tellNext(said.undone, "#comments li:last-child"); location.reload(); }) });
  }));
}
for (const button of document.querySelectorAll("[data-withdraw]")) {
  button.addEventListener("click", () => attempt(async () => { await call("DELETE", `/corrections/${button.dataset.withdraw}`); tellNext(said.undone, "#h-history"); location.reload(); }));
}

for (const button of document.querySelectorAll("[data-reading]")) {
  button.addEventListener("click", () => attempt(async () => {
    const now = await call("POST", `/photos/${photo}/readings/${button.dataset.reading}`);
    tellNext(said.brought, "#board-title");
    if (now.boards.includes(board.id)) location.reload(); else location.assign(now.boards.length ? `/boards/${now.boards[0]}` : `/photos/${photo}`);
  }));
}

// --- keys: single letters can be switched off (WCAG 2.1.4) ---
const keysOn = document.getElementById("keys-on");
keysOn.checked = localStorage.getItem("fresque-keys") !== "off";
keysOn.addEventListener("change", () => localStorage.setItem("fresque-keys", keysOn.checked ? "on" : "off"));
const dialog = document.getElementById("keys");
document.querySelector("[data-keys]")?.addEventListener("click", () => dialog.showModal());
const go = (rel) => document.querySelector(`a[rel=${rel}]`)?.click();
const toggle = (name) => document.querySelector(`[data-toggle=${name}]`).click();
const mode = (name) => document.querySelector(`[data-mode=${name}]`).click();
const keys = {
  1: () => mode("clean"), 2: () => mode("straight"), 3: () => mode("photo"),
  l: () => toggle("lines"), n: () => toggle("notes"), j: () => go("next"), k: () => go("prev"), "?": () => dialog.showModal(),
};
if (board.may_change) {
  Object.assign(keys, {
    s: () => setPhase("SCAN"), f: () => setPhase("FOCUS"), a: () => setPhase("ACT"), p: () => setPhase("unsure"), h: () => setPhase("none"),
    e: () => lines.open(0), d: () => (document.querySelector("#deeds [data-edit]") ?? document.querySelector("[data-add-deed]")).focus(), c: () => corners.begin(),
  });
}
document.addEventListener("keydown", (event) => {
  if (!keysOn.checked || event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const work = keys[event.key.toLowerCase()];
  if (work) { event.preventDefault(); work(); }
});
document.documentElement.dataset.ready = "true";
