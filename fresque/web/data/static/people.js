// One's own account, and for administrators the accounts of others.

import { attempt, call, leave, savedWord, tell } from "./page.js";

const on = (id, work) => document.getElementById(id)?.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(() => work(event.target));
});
const value = (id) => document.getElementById(id).value;
const labs = (text) => text.split(";").map((t) => t.trim()).filter(Boolean);
const reveal = (id, text) => { const p = document.getElementById(id); p.textContent = text; p.hidden = false; };

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
for (const field of document.querySelectorAll("[data-set]")) {
  field.addEventListener("change", () => attempt(async () => {
    const what = field.dataset.set;
    const given = what === "active" ? field.checked : what === "labs" ? labs(field.value) : field.value;
    await call("PATCH", `/accounts/${field.closest("[data-account]").dataset.account}`, { [what]: given });
    tell(savedWord);
  }));
}
