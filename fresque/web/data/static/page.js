// What every page has: talking to the API, short messages, light or dark.

const words = JSON.parse(document.getElementById("words").textContent);

/** One call of the API; throws an Error whose message is for people. */
export async function call(method, path, body, options = {}) {
  const headers = { Accept: "application/json", "X-CSRF-Token": cookie("fresque_csrf") };
  if (body !== undefined && !(body instanceof Blob)) headers["Content-Type"] = "application/json";
  const sent = body === undefined || body instanceof Blob ? body : JSON.stringify(body);
  const response = await reach(`/api/v1${path}`, { method, headers, body: sent, ...options });
  if (response.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  const data = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) {
    const error = new Error(sentence(data?.error ?? words.failed, data?.hint));
    error.status = response.status;
    throw error;
  }
  return data;
}

/** As ``fetch``; that nobody answers is told in words. */
export async function reach(address, options) {
  try {
    return await fetch(address, options);
  } catch (error) {
    throw error.name === "AbortError" ? error : new Error(words.offline);
  }
}

/** What happened, and what to do: two sentences, or one with the other after a dash. */
function sentence(told, hint) {
  if (!hint) return told;
  return /[.!?…]$/.test(told) ? `${told} ${hint[0].toUpperCase()}${hint.slice(1)}` : `${told} – ${hint}`;
}

export function cookie(name) {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

const MOST_TOLD = 3; // messages at once

/** A short message; with an action it stays longer. */
export function tell(text, { bad = false, action = null, onAction = null } = {}) {
  const toast = document.createElement("div");
  toast.className = bad ? "toast bad" : "toast";
  const span = document.createElement("span");
  span.textContent = text;
  toast.append(span);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = action;
    button.addEventListener("click", () => { toast.remove(); onAction(); });
    toast.append(button);
  }
  const toasts = document.getElementById("toasts");
  (document.querySelector("dialog:modal") ?? document.body).append(toasts); // what lies outside an open dialog is out of reach
  toasts.append(toast);
  while (toasts.childElementCount > MOST_TOLD) toasts.firstElementChild.remove();
  setTimeout(() => toast.remove(), action || bad ? 12000 : 4000);
}

/** Run what a person asked for; what goes wrong is told, not lost. */
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    tell(error.message, { bad: true });
    return undefined;
  }
}

/** Take an item out of a list: the focus goes to the next one, or to what stands above the list. */
export function leave(item) {
  const list = item.parentElement;
  const next = item.nextElementSibling ?? item.previousElementSibling;
  const had = item.contains(document.activeElement) || document.activeElement === document.body;
  item.remove();
  if (!had) return;
  const target = next?.querySelector("button, a, input") ?? list.closest("section, main");
  if (target.tabIndex < 0) target.tabIndex = -1;
  target.focus();
}

/** What a page says once after it has been loaded anew: with the way back, and the focus near what was done. */
export function tellNext(text, focus = "") {
  sessionStorage.setItem("fresque-tell", JSON.stringify({ text, focus }));
}
const told = sessionStorage.getItem("fresque-tell");
if (told) {
  sessionStorage.removeItem("fresque-tell");
  const { text, focus } = JSON.parse(told);
  tell(text);
  const target = focus && document.querySelector(focus);
  if (target) { if (target.tabIndex < 0) target.tabIndex = -1; target.focus(); }
}

/** One text or the other, with ``{n}`` filled in: French says one of nothing, too. */
export function plural(n, [one, many]) {
  const single = document.documentElement.lang === "fr" ? n < 2 : n === 1;
  return (single ? one : many).replace("{n}", n);
}

export const undoWord = words.undo;
export const savedWord = words.saved;

/** What a field holds into the clipboard; over plain HTTP browsers offer only the old way. */
export function copy(field) {
  field.select();
  return attempt(async () => {
    if (navigator.clipboard) await navigator.clipboard.writeText(field.value); else document.execCommand("copy");
    tell(words.copied);
  });
}

export function data(id) {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent) : null;
}

/** The fields of a form as the API takes them: lists split, empty dates as null. */
export function sessionOf(form) {
  const body = {};
  for (const field of form.elements) {
    if (!field.name) continue;
    if (field.dataset.list !== undefined) body[field.name] = field.value.split(/[;\n]/).map((t) => t.trim()).filter(Boolean);
    else body[field.name] = field.type === "date" && !field.value ? null : field.value.trim();
  }
  return body;
}

document.querySelector("[data-theme-toggle]")?.addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  document.cookie = `fresque_theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
});

document.addEventListener("keydown", (event) => {
  const menu = document.querySelector(".menu[open]");
  if (event.key === "Escape" && menu) { menu.open = false; menu.querySelector("summary").focus(); }
});
document.addEventListener("close", () => document.body.append(document.getElementById("toasts")), true);
document.addEventListener("click", (event) => {
  const menu = document.querySelector(".menu[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
});
for (const button of document.querySelectorAll("[data-again]")) {
  button.addEventListener("click", () => attempt(async () => {
    await call("POST", `/photos/${button.dataset.again}/reading`);
    button.disabled = true;
    tell(savedWord);
  }));
}
