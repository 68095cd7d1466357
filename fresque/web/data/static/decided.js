// Actions, decisions and questions set right where they are listed: text, owner, date, done; removed, added, brought back.

import { crop } from "./crop.js";
import { attempt, call, data, tell, undoWord } from "./page.js";

const WASH = { action: "ACT", question: "unsure", decision: "" };

export class Decided {
  /** `board`: all of them are this board's; `onShow(item)`: one is looked at. */
  constructor({ board = null, onShow = () => {} } = {}) {
    this.list = document.getElementById("deeds");
    this.words = data("deed-words");
    this.board = board;
    this.onShow = onShow;
    if (!this.list) return;
    for (const row of this.list.children) this.live(row, JSON.parse(row.dataset.deed));
    if (!this.words) return;
    this.adder = document.querySelector("[data-add-deed]");
    this.adder.addEventListener("click", () => this.open(null));
    for (const button of document.querySelectorAll("[data-restore]")) {
      button.addEventListener("click", () => attempt(async () => {
        await call("DELETE", `/corrections/${button.dataset.restore}`);
        location.reload();
      }));
    }
  }

  /** A row that answers; `item` is what it shows. */
  live(row, item) {
    row.item = item;
    row.querySelector("[data-text]").addEventListener("click", (event) => this.onShow(row.item, event));
    row.querySelector("[data-text]").addEventListener("focus", (event) => this.onShow(row.item, event));
    row.querySelector("[data-edit]")?.addEventListener("click", () => this.open(row));
    row.querySelector("[data-done]")?.addEventListener("change", (event) => this.keep(row, { ...row.item, done: event.target.checked }));
  }

  fill(row, item) {
    row.item = item;
    row.classList.toggle("done", item.done);
    const link = row.querySelector("[data-text]");
    link.textContent = item.text;
    link.href = `/boards/${item.board}#at=${item.polygon.flat().join(",")}`;
    const kind = row.querySelector("[data-kind]");
    kind.textContent = this.words.kinds[item.kind];
    kind.className = `chip ${WASH[item.kind]}`;
    row.querySelector("[data-owner]").textContent = item.owner;
    row.querySelector("[data-due]").textContent = item.due ? this.day(item.due) : item.due_text;
    row.querySelector("[data-said]").hidden = !item.done;
    const box = row.querySelector("[data-done]");
    box.checked = item.done;
    box.hidden = item.kind !== "action";
    box.setAttribute("aria-label", `${this.words.done} : ${item.text}`);
    row.querySelector("[data-edit] .hush").textContent = ` : ${item.text}`;
  }

  day(iso) {
    const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
    return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));
  }

  // --- one at a time is written ---

  close(focus = true) {
    const form = document.querySelector(".deed-form");
    if (!form) return;
    const row = form.row;
    form.remove();
    row?.classList.remove("open");
    if (focus) (row?.querySelector("[data-edit]") ?? this.adder).focus();
  }

  open(row) {
    this.close(false);
    const form = document.getElementById("deed-form").content.firstElementChild.cloneNode(true);
    form.row = row;
    const fields = form.elements;
    if (row) {
      for (const name of ["kind", "text", "owner", "due"]) fields[name].value = row.item[name] ?? "";
      const source = form.querySelector("[data-source]");
      source.hidden = !row.item.source;
      source.textContent = `${this.words.read} « ${row.item.source.replaceAll("\n", " / ")} »`;
      form.querySelector("[data-remove]").addEventListener("click", () => this.remove(row));
      row.classList.add("open");
      row.append(form);
      this.onShow(row.item, null);
      if (!this.board) this.picture(form, row.item);
    } else {
      form.querySelector("[data-remove]").remove();
      form.querySelector("[data-only-new]").hidden = Boolean(this.board);
      this.adder.parentElement.before(form);
    }
    form.querySelector("[data-close-deed]").addEventListener("click", () => this.close());
    form.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); this.close(); } });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const given = { kind: fields.kind.value, text: fields.text.value.trim(), owner: fields.owner.value.trim(), due: fields.due.value || null };
      if (row) this.keep(row, { ...row.item, ...given }); else this.add(given, fields.board.value || this.board);
    });
    fields.text.focus();
    form.scrollIntoView({ block: "nearest" });
  }

  /** What is written there, above the fields; without it they work as well. */
  async picture(form, item) {
    const board = await call("GET", `/boards/${item.board}`).catch(() => null);
    const address = board?.pictures.straight ?? board?.pictures.clean;
    if (address && item.place.length > 2) form.prepend(crop(item.place, address, [board.width, board.height]));
  }

  // --- what is asked of the server ---

  send(board, value, anchor) {
    return call("POST", `/boards/${board}/corrections`, { field: "decided", value, anchor });
  }

  /** As the server has it now, by the place it was given. */
  found(answer) {
    const anchor = answer.correction.anchor.flat();
    return answer.board.decided.find((each) => each.polygon.flat().every((v, n) => Math.abs(v - anchor[n]) < 0.2));
  }

  told(text, correction, back) {
    tell(text, { action: undoWord, onAction: () => attempt(async () => { await call("DELETE", `/corrections/${correction.id}`); back(); }) });
  }

  async keep(row, { kind, text, owner, due, done }) {
    const before = row.item;
    const answer = await attempt(() => this.send(before.board, { kind, text, owner, due, done: done && kind === "action" }, before.polygon));
    if (!answer) { this.fill(row, before); return; }
    this.fill(row, this.found(answer) ?? { ...before, kind, text, owner, due, done });
    const open = row.classList.contains("open");
    if (open) this.close();
    this.told(this.words.saved, answer.correction, () => this.fill(row, before));
  }

  async remove(row) {
    const answer = await attempt(() => this.send(row.item.board, null, row.item.polygon));
    if (!answer) return;
    this.close(false);
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.hidden = true;
    (next?.querySelector("[data-edit]") ?? this.adder).focus();
    this.count();
    this.told(this.words.removed, answer.correction, () => { row.hidden = false; this.count(); row.querySelector("[data-edit]").focus(); });
  }

  async add(given, board) {
    const answer = await attempt(() => this.send(board, given, []));
    if (!answer) return;
    const item = this.found(answer);
    if (!item) { location.reload(); return; }
    this.close(false);
    const row = document.getElementById("deed-row").content.firstElementChild.cloneNode(true);
    this.live(row, item);
    this.fill(row, item);
    this.list.append(row);
    this.count();
    row.querySelector("[data-edit]").focus();
    this.told(this.words.added, answer.correction, () => { row.remove(); this.count(); this.adder.focus(); });
  }

  count() {
    document.getElementById("no-deeds").hidden = [...this.list.children].some((row) => !row.hidden);
  }
}
