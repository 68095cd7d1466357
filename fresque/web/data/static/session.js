// A session's page: new boards as they come, and its forms.

import { attempt, call, plural, savedWord, sessionOf, tell } from "./page.js";
import { Decided } from "./decided.js";

new Decided();

const live = document.getElementById("live");
if (live) {
  let boards = null;
  const events = new EventSource(`/api/v1/sessions/${live.dataset.session}/events`);
  events.addEventListener("state", (event) => {
    const state = JSON.parse(event.data);
    const left = state.waiting + state.in_work;
    const now = Object.values(state.boards).reduce((a, b) => a + b, 0);
    if (boards === null) boards = document.querySelectorAll("section .card[data-board]").length ? now : 0;
    const say = live.querySelector("span");
    if (left) { live.hidden = false; say.textContent = plural(left, [say.dataset.one, say.dataset.many]); } else if (!live.hidden) say.textContent = "";
    if (now > boards) { live.hidden = false; document.getElementById("reload").hidden = false; }
  });
  addEventListener("pagehide", () => events.close());
}

document.querySelector("[data-session-form]")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  attempt(async () => { await call("PATCH", `/sessions/${form.dataset.sessionForm}`, sessionOf(form)); tell(savedWord); });
});
document.querySelector("[data-members-form]")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  const accounts = form.querySelector("textarea").value.split(/\s+/).filter(Boolean);
  attempt(async () => { await call("PUT", `/sessions/${form.dataset.membersForm}/members`, { accounts }); tell(savedWord); });
});
