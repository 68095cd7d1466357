// Files in: chosen, dropped or pasted; sent; and watched while they are read.

import { attempt, call, data, plural, sessionOf, tell } from "./page.js";
import { Sender } from "./sender.js";

const said = data("said");
const byId = (id) => document.getElementById(id);
const drop = byId("drop");
const picker = byId("session");
const form = byId("new-session");
const going = byId("going");
const items = [];
const title = document.title;
let session = null; // path of the chosen one's id
let states = {};  // of photos, as last told
let watching = null;
let awake = null; // keeps a phone's screen on
const sender = new Sender(set, (ok) => { byId("line").hidden = ok; });

// --- what is chosen ---
picker?.addEventListener("change", () => { form.hidden = picker.value !== ""; session = null; });
for (const button of document.querySelectorAll("[data-pick]")) {
  const input = byId(button.dataset.pick);
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => { take([...input.files]); input.value = ""; });
}
if (drop) {  // wherever on the page it falls: beside the box a browser would leave the page for the photo
  const over = (on) => (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    drop.classList.toggle("over", on && event.type !== "drop");
  };
  for (const kind of ["dragenter", "dragover"]) document.addEventListener(kind, over(true));
  for (const kind of ["dragleave", "drop"]) document.addEventListener(kind, over(false));
  document.addEventListener("drop", async (event) => {
    if (event.dataTransfer?.types.includes("Files")) take(await dropped(event.dataTransfer));
  });
}
document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  if (files.length && drop) take(files);
});
form?.addEventListener("submit", (event) => { event.preventDefault(); start(); });
byId("pause")?.addEventListener("click", (event) => {
  sender.pause(!sender.paused);
  event.target.textContent = sender.paused ? said.go : said.pause;
});
addEventListener("beforeunload", (event) => { if (sender.running || count("chosen")) event.preventDefault(); });

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
      for (const each of some) await tried(each);
    }
  };
  /** One that the system does not give is told; the others come. */
  const tried = (entry) => walk(entry).catch(() => tell(said.unreadable.replace("{name}", entry.name), { bad: true }));
  for (const entry of entries) await tried(entry);
  return files;
}

function take(files) {
  const wanted = files.filter((f) => !f.name.startsWith(".")).sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  if (!wanted.length) return;
  going.hidden = false;
  for (const file of wanted) {
    const item = { file, state: "", sent: 0, photos: [], row: row(file) };
    items.push(item);
    set(item, "chosen");
  }
  start();
}

/** Once it is known where to: what was chosen before stays and waits for that. */
async function start() {
  if (!count("chosen")) { document.querySelector("[data-pick]").focus(); return; }
  const ready = await attempt(chooseSession);
  byId("start").hidden = Boolean(ready);
  if (!ready) return;
  const fresh = items.filter((i) => i.state === "chosen");
  for (const item of fresh) { item.session = session; set(item, "wait"); }
  watch();
  if (fresh.length === items.length) going.scrollIntoView({ block: "start" });
  stayAwake();
  sender.add(fresh);
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
  const open = byId("open-session");
  open.href = `/sessions/${session}`;
  open.hidden = false;
  return true;
}

async function stayAwake() {
  try { awake ??= await navigator.wakeLock?.request("screen"); } catch { /* a phone that saves its battery says no */ }
}

// --- what is shown ---
function row(file) {
  const li = document.createElement("li");
  li.className = "file";
  li.innerHTML = '<span class="blank"></span><span class="name"></span><span class="state"></span>';
  li.querySelector(".name").textContent = file.name;
  byId("list").append(li);
  return li;
}

const BAD = ["refused", "failed", "error"];

function set(item, state) {
  if (item) {
    item.state = state;
    const label = item.row.querySelector(".state");
    label.textContent = state === "send" ? `${said.send} ${Math.round((100 * item.sent) / Math.max(1, item.file.size))} %` : said[state];
    label.className = `state ${state === "done" || state === "known" ? "done" : BAD.includes(state) ? "bad" : ""}`;
    why(item);
    if (BAD.includes(state)) item.row.parentElement.prepend(item.row); // what needs a person is on top
    if (state === "error") label.replaceChildren(againButton(item));
    if (state === "done") picture(item);
    if (item.photos.length) follow(item);
  }
  show();
}

function why(item) {
  const old = item.row.querySelector(".why");
  if (!item.reason) { old?.remove(); return; }
  const told = old ?? Object.assign(document.createElement("span"), { className: "why" });
  told.textContent = item.reason;
  item.row.append(told);
}

function againButton(item) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: said.again });
  button.addEventListener("click", () => { item.reason = null; set(item, "wait"); sender.add([item]); });
  return button;
}

function picture(item) {
  if (!item.photos.length || item.shown) return;
  item.shown = true;
  const image = new Image();
  image.alt = "";
  image.loading = "lazy";
  image.src = `/api/v1/photos/${item.photos[0]}/picture?width=320`;
  item.row.querySelector(".blank")?.replaceWith(image);
}

function count(...wanted) { return items.filter((i) => wanted.includes(i.state)).length; }

function show() {
  const bytes = items.reduce((sum, i) => sum + i.file.size, 0) || 1;
  byId("sent").value = items.reduce((sum, i) => sum + (i.state === "refused" ? i.file.size : i.sent), 0) / bytes;
  const photos = items.flatMap((i) => i.photos.map((id) => states[id]?.[0]));
  const [read, bad] = [photos.filter((s) => s === "done" || s === "failed").length, photos.filter((s) => s === "failed").length];
  byId("read").value = photos.length ? read / photos.length : 0;
  const left = count("chosen", "wait", "hash", "send", "error");
  const parts = [
    said.n_sent.replace("{n}", items.length - left - count("refused", "known")).replace("{all}", items.length),
    count("known") && said.n_known.replace("{n}", count("known")), count("refused") && said.n_refused.replace("{n}", count("refused")),
    photos.length && said.n_read.replace("{n}", read).replace("{all}", photos.length), bad && said.n_failed.replace("{n}", bad),
  ];
  byId("summary").textContent = parts.filter(Boolean).join(" · ");
  byId("pause").hidden = !count("wait", "hash", "send");
  document.title = left || read < photos.length ? `${Math.round(50 * (byId("sent").value + byId("read").value))} % – ${title}` : title;
  const finished = items.length > 0 && !left && read === photos.length;
  if (finished && !items.told) finish(photos.length - bad, count("refused") + bad);
  items.told = finished;
}

function finish(good, bad) {
  awake?.release();
  awake = null;
  going.dataset.finished = "true";
  const text = [good || !bad ? plural(good, said.finished) : "", bad ? plural(bad, said.unread) : ""].filter(Boolean).join(" ");
  byId("over").textContent = text;
  byId("over").hidden = false;
  tell(text, { action: said.see, onAction: () => location.assign(`/sessions/${session}`) });
}

// --- what is read ---
/** States of the photos as they are read. */
function watch() {
  const path = `/api/v1/sessions/${session}/events`;
  if (watching?.path === path) return;
  watching?.close();
  watching = Object.assign(new EventSource(path), { path });
  watching.addEventListener("state", (event) => {
    Object.assign(states, JSON.parse(event.data).states);
    items.forEach(follow);
    show();
  });
  watching.addEventListener("error", () => {  // what lies between may answer for a server that is gone, and end it
    if (watching.readyState === EventSource.CLOSED) { watching = null; setTimeout(watch, 3000); }
  });
}

/** What is known of the reading; it may have been told before the answer that named the photos. */
function follow(item) {
  const known = item.photos.map((id) => states[id]).filter(Boolean);
  if (!known.length) return;
  const names = known.map((each) => each[0]);
  const now = names.includes("pending") || known.length < item.photos.length ? "pending" : names.includes("failed") ? "failed" : "done";
  const reason = known.find((each) => each[0] === "failed")?.[1];
  if (reason) item.reason = reason;
  if (item.state === "known" && now !== "failed") { if (now === "done") picture(item); return; }  // it stays said
  if (item.state !== now) set(item, now);
}
