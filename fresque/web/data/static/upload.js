// Files in: hash, ask, send in pieces from where it was, then watch them being read.

import { attempt, call, data, sessionOf, tell } from "./page.js";
import { sha256 } from "./sha256.js";

const PIECE = globalThis.fresquePiece ?? 2 * 1024 * 1024; // bytes a request; tests make it small
const AT_ONCE = 3;
const said = data("said");
const drop = document.getElementById("drop");
const picker = document.getElementById("session");
const form = document.getElementById("new-session");
const list = document.getElementById("list");
const items = [];
const queue = [];
let running = 0;
let session = null; // path of its id
let watching = null;
let states = {};  // of photos, as last told

picker?.addEventListener("change", () => { form.hidden = picker.value !== ""; session = null; });
for (const button of document.querySelectorAll("[data-pick]")) {
  const input = document.getElementById(button.dataset.pick);
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => { take([...input.files]); input.value = ""; });
}
for (const kind of ["dragenter", "dragover"]) drop?.addEventListener(kind, (e) => { e.preventDefault(); drop.classList.add("over"); });
for (const kind of ["dragleave", "drop"]) drop?.addEventListener(kind, (e) => { e.preventDefault(); drop.classList.remove("over"); });
drop?.addEventListener("drop", async (event) => take(await dropped(event.dataTransfer)));
document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  if (files.length && drop) take(files);
});
addEventListener("beforeunload", (event) => { if (running) event.preventDefault(); });

async function dropped(transfer) {
  const entries = [...transfer.items].map((i) => i.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  const files = [];
  const walk = async (entry) => {
    if (entry.name.startsWith(".")) return;
    if (entry.isFile) { files.push(await new Promise((done, fail) => entry.file(done, fail))); return; }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((done, fail) => reader.readEntries(done, fail));
      if (!some.length) break;
      for (const each of some) await walk(each);
    }
  };
  for (const entry of entries) await walk(entry);
  return files;
}

async function take(files) {
  const wanted = files.filter((f) => !f.name.startsWith("."));
  if (!wanted.length || !(await attempt(chooseSession))) return;
  document.getElementById("going").hidden = false;
  for (const file of wanted.sort((a, b) => a.name.localeCompare(b.name))) {
    const item = { file, state: "wait", sent: 0, photo: null, row: row(file) };
    items.push(item);
    queue.push(item);
  }
  show();
  watch();
  while (running < AT_ONCE && queue.length) work();
}

/** The session that was chosen, or made now from the form. */
async function chooseSession() {
  if (session) return true;
  if (picker.value) {
    session = picker.selectedOptions[0].dataset.path;
  } else {
    if (!form.elements.title.value.trim()) { form.elements.title.focus(); throw new Error(said.title); }
    const made = await call("POST", "/sessions", sessionOf(form));
    session = encodeURIComponent(made.id.replaceAll("~", "~0").replaceAll("/", "~1"));
    const option = new Option(made.title, made.id, true, true);
    option.dataset.path = session;
    picker.add(option);
    form.hidden = true;
  }
  const open = document.getElementById("open-session");
  open.href = `/sessions/${session}`;
  open.hidden = false;
  return true;
}

async function work() {
  running++;
  for (let item = queue.shift(); item; item = queue.shift()) await send(item);
  running--;
}

async function send(item, tries = 0) {
  try {
    set(item, "hash");
    const digest = item.digest ?? (item.digest = await sha256(await item.file.arrayBuffer()));
    let answer = await call("POST", `/sessions/${session}/uploads`, { name: item.file.name, size: item.file.size, sha256: digest });
    while (answer.state === "open") {
      item.sent = answer.offset;
      set(item, "send");
      const piece = item.file.slice(answer.offset, answer.offset + PIECE);
      answer = await call("PUT", `/uploads/${answer.upload}?offset=${answer.offset}`, piece);
    }
    item.sent = item.file.size;
    item.photo = answer.photo;
    item.reason = answer.reason;
    set(item, answer.state);
    follow(item);
  } catch (error) {
    // A broken line or a busy server: ask again where it was. What cannot mean anything is not tried again.
    const again = !error.status || error.status === 409 || error.status === 429 || error.status >= 500;
    if (again && tries < 6) {
      await new Promise((done) => setTimeout(done, 500 * 2 ** tries));
      return send(item, tries + 1);
    }
    item.reason = error.message;
    set(item, again ? "error" : "refused");
  }
}

function row(file) {
  const li = document.createElement("li");
  li.className = "file";
  li.innerHTML = '<span class="blank"></span><span class="name"></span><span class="state"></span>';
  li.querySelector(".name").textContent = file.name;
  list.append(li);
  return li;
}

function set(item, state) {
  item.state = state;
  const label = item.row.querySelector(".state");
  label.textContent = state === "send" ? `${said.send} ${Math.round((100 * item.sent) / Math.max(1, item.file.size))} %` : said[state];
  label.className = `state ${state === "done" || state === "known" ? "done" : state === "refused" || state === "failed" || state === "error" ? "bad" : ""}`;
  if (item.reason && !item.row.querySelector(".why")) {
    const why = document.createElement("span");
    why.className = "why";
    why.textContent = item.reason;
    item.row.append(why);
  }
  if (state === "error") {
    label.innerHTML = "";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = said.again;
    button.addEventListener("click", () => { item.reason = null; item.row.querySelector(".why")?.remove(); queue.push(item); if (!running) work(); });
    label.append(button);
  }
  if (state === "done") picture(item);
  show();
}

function picture(item) {
  if (!item.photo || item.shown) return;
  item.shown = true;
  const image = new Image();
  image.alt = "";
  image.loading = "lazy";
  image.src = `/api/v1/photos/${item.photo}/picture?width=320`;
  item.row.querySelector(".blank")?.replaceWith(image);
}

function count(...states) { return items.filter((i) => states.includes(i.state)).length; }

function show() {
  const bytes = items.reduce((sum, i) => sum + i.file.size, 0) || 1;
  const there = items.reduce((sum, i) => sum + (i.photo || i.state === "refused" ? i.file.size : i.sent), 0);
  document.getElementById("sent").value = there / bytes;
  const taken = items.filter((i) => i.photo);
  const read = taken.filter((i) => ["done", "failed"].includes(i.read)).length;
  document.getElementById("read").value = taken.length ? read / taken.length : 0;
  const finished = items.length && !count("wait", "hash", "send") && read === taken.length;
  const sum = said.sum.replace("{sent}", taken.length).replace("{all}", items.length).replace("{known}", count("known")).replace("{refused}", count("refused"));
  const reading = said.reading.replace("{done}", read).replace("{all}", taken.length);
  document.getElementById("summary").textContent = `${sum} · ${reading}`;
  if (finished && taken.length && !items.told) {
    items.told = true;
    tell(said.finished.replace("{boards}", items.boards ?? ""), { action: said.see, onAction: () => location.assign(`/sessions/${session}`) });
    document.getElementById("going").dataset.finished = "true";
    if (globalThis.Notification?.permission === "granted") new Notification("Fresque", { body: document.getElementById("summary").textContent });
  }
  if (!finished) items.told = false;
}

/** States of the photos as they are read. */
function watch() {
  if (watching) return;
  watching = new EventSource(`/api/v1/sessions/${session}/events`);
  watching.addEventListener("state", (event) => {
    const state = JSON.parse(event.data);
    items.boards = Object.values(state.boards).reduce((a, b) => a + b, 0);
    states = state.states;
    items.forEach(follow);
    show();
  });
}

/** What is known of a photo's reading; it may have been told before the answer that named the photo. */
function follow(item) {
  const known = item.photo && states[item.photo];
  if (!known) return;
  item.read = known[0];
  if (known[1]) item.reason = known[1];
  if (item.state === "known" && known[0] === "done") picture(item);  // it stays said that it was there before
  else if (known[0] !== "pending" && item.state !== known[0]) set(item, known[0]);
  else if (known[0] === "pending" && item.state !== "pending" && item.state !== "known") set(item, "pending");
  show();
}
