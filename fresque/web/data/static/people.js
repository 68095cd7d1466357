// One's own account, and for administrators the accounts of others.

import { attempt, call, copy, leave, savedWord, tell } from "./page.js";

const on = (id, work) => document.getElementById(id)?.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(() => work(event.target));
});
const value = (id) => document.getElementById(id).value;
const labs = (text) => text.split(";").map((t) => t.trim()).filter(Boolean);
const reveal = (id, text) => {
  const box = document.getElementById(id);
  box.hidden = false;
  box.querySelector("input").value = text;
  box.querySelector("input").select();
};
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", () => copy(document.querySelector(`#${button.dataset.copy} input`)));
}

on("password", async (form) => { await call("POST", "/me/password", { old: value("old"), new: value("new") }); form.reset(); tell(savedWord); });
on("token", async (form) => {
  const scopes = [...form.querySelectorAll("[name=scope]:checked")].map((box) => box.value);
  const made = await call("POST", "/me/tokens", { name: value("t-name"), scopes });
  reveal("secret", made.secret);
});
on("invite", async () => reveal("link", (await call("POST", "/invitations", { role: value("i-role"), labs: labs(value("i-labs")) })).address));

for (const button of document.querySelectorAll("[data-revoke]")) {
  button.addEventListener("click", () => confirm(button.dataset.sure) && attempt(async () => { await call("DELETE", `/me/tokens/${button.dataset.revoke}`); leave(button.closest("li")); }));
}
for (const button of document.querySelectorAll("[data-drop-search]")) {
  button.addEventListener("click", () => confirm(button.dataset.sure) && attempt(async () => { await call("DELETE", `/searches/${button.dataset.dropSearch}`); leave(button.closest("li")); }));
}
const CHOSEN = 900; // ms: arrow keys go through the roles one by one, and none on the way is given
for (const field of document.querySelectorAll("[data-set]")) {
  let timer = 0;
  const send = () => {
    clearTimeout(timer);
    timer = 0;
    attempt(async () => {
      const what = field.dataset.set;
      const given = what === "active" ? field.checked : what === "labs" ? labs(field.value) : field.value;
      await call("PATCH", `/accounts/${field.closest("[data-account]").dataset.account}`, { [what]: given });
      tell(savedWord);
    });
  };
  field.addEventListener("change", () => { clearTimeout(timer); timer = setTimeout(send, field.tagName === "SELECT" ? CHOSEN : 0); });
  field.addEventListener("blur", () => { if (timer) send(); });
}
