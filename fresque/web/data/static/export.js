// A file is asked for, watched while it is written, and fetched.

import { attempt, call, data } from "./page.js";

const dialog = document.getElementById("export");
const said = data("export-words");
const form = document.getElementById("export-form");
const going = document.getElementById("export-going");
const bar = document.getElementById("export-bar");
const say = document.getElementById("export-say");
const file = document.getElementById("export-file");
const [other, stop] = ["[data-other]", "[data-stop]"].map((name) => dialog.querySelector(name));
let current = null;
let events = null;

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-export]")) { if (!current) show(false); dialog.showModal(); }
});
for (const button of dialog.querySelectorAll("[data-close]")) button.addEventListener("click", () => dialog.close());
other.addEventListener("click", () => { current = null; show(false); form.elements.format.focus(); });
stop.addEventListener("click", () => attempt(async () => {
  events?.close();
  await call("DELETE", `/exports/${current.id}`);
  current = null;
  show(false);
  form.elements.format.focus();
}));

/** What is asked for: on the search page whatever the address says at that moment. */
function wish() {
  const { kind, value } = dialog.dataset;
  const body = { format: form.elements.format.value, language: form.elements.language.value || null, people: Boolean(form.elements.people?.checked) };
  body[kind] = kind === "query" ? location.search : value;
  return body;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(async () => {
    current = await call("POST", "/exports", wish());
    show(true);
    told(current);
    stop.focus();
    events = new EventSource(`/api/v1/exports/${current.id}/events`);
    events.addEventListener("state", (message) => told(JSON.parse(message.data)));
    events.addEventListener("error", () => { if (["waiting", "writing"].includes(current?.state)) say.textContent = said.lost; });
  });
});

function show(busy) {
  form.hidden = busy;
  going.hidden = !busy;
}

function told(state) {
  current = state;
  const over = state.state === "done" || state.state === "failed";
  if (state.total && !over) { bar.max = state.total; bar.value = state.done; } else bar.removeAttribute("value");
  if (over) { bar.max = 1; bar.value = state.state === "done" ? 1 : 0; events?.close(); }
  const count = state.total ? ` ${said.boards.replace("{done}", state.done).replace("{total}", state.total)}` : "";
  say.textContent = over ? said[state.state] + (state.error ? ` ${state.error}` : "") : said[state.state] + count;
  stop.hidden = over;
  other.hidden = !over;
  file.hidden = state.state !== "done";
  if (state.state !== "done") return;
  file.href = `/api/v1/exports/${state.id}/file`;
  file.querySelector("span").textContent = state.file;
  if (dialog.open) { file.focus(); file.click(); }
}
