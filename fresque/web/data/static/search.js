// Search as one types: the same address, only the results change.

import { attempt, call, copy, data, reach, tell } from "./page.js";

const said = data("said");
const form = document.getElementById("ask");
const input = document.getElementById("q");
const results = document.getElementById("results");
const WAIT = 180; // ms after the last key
const kept = document.getElementById("kept");
kept.querySelector("[data-copy]").addEventListener("click", () => copy(kept.querySelector("input")));
let timer = 0;
let asking = null;

async function ask(address, keep, then = () => {}) {
  asking?.abort();
  asking = new AbortController();
  results.setAttribute("aria-busy", "true");
  const url = new URL(address, location.href);
  const part = new URL(url);
  part.searchParams.set("part", "1");
  try {
    const response = await reach(part, { signal: asking.signal });
    if (response.redirected) { location.assign(url); return; }
    if (!response.ok) throw new Error(new DOMParser().parseFromString(await response.text(), "text/html").querySelector("h1")?.textContent ?? said.failed);
    results.innerHTML = await response.text();
    if (keep) history.replaceState(null, "", url); else history.pushState(null, "", url);
    document.title = `${input.value || "Fresque"} – Fresque`;
    results.setAttribute("aria-busy", "false");
    fold();
    then();
  } catch (error) {
    if (error.name !== "AbortError") { results.setAttribute("aria-busy", "false"); tell(error.message, { bad: true }); }
  }
}

function typed() {
  const url = new URL(location.href);
  url.searchParams.delete("limit");
  if (input.value.trim()) url.searchParams.set("q", input.value.trim()); else url.searchParams.delete("q");
  return url;
}

/** The focus after a choice: on the same choice, on the first of the hits that were added, or on what was found. */
function stay(key, more) {
  const facets = results.querySelector("details.facets");
  const same = key && [...results.querySelectorAll(".pick")].find((each) => each.dataset.key === key);
  if (same && facets && !facets.open) facets.open = true;
  (more >= 0 ? results.querySelectorAll(".card h3 a")[more] : same ?? document.getElementById("found"))?.focus();
}

/** On narrow screens the facets are folded. */
function fold() {
  const facets = results.querySelector("details.facets");
  if (facets && matchMedia("(max-width: 62rem)").matches) facets.open = false;
}

input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => ask(typed(), true), WAIT); });
form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); ask(typed(), false); });
addEventListener("popstate", () => {
  input.value = new URL(location.href).searchParams.get("q") ?? "";
  ask(location.href, true);
});
results.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='/search']");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    input.value = new URL(link.href).searchParams.get("q") ?? "";
    const more = link.matches("[data-more]") ? results.querySelectorAll(".card").length : -1;
    ask(link.href, false, () => stay(link.dataset.key, more));
  }
  if (event.target.closest("[data-save]")) {
    attempt(async () => {
      const url = new URL(location.href);
      url.searchParams.delete("limit");
      const facets = [...results.querySelectorAll(".picked a")].map((a) => a.lastElementChild.previousSibling.textContent.trim());
      const made = await call("POST", "/searches", { title: [input.value.trim(), ...facets].filter(Boolean).join(" · ").slice(0, 300), query: url.search });
      kept.querySelector("input").value = made.feed;
      kept.showModal();
      kept.querySelector("input").select();
    });
  }
});
fold();
