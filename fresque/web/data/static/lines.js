// The text, line by line, each with its piece of the picture: Enter keeps it and goes on to the next.

import { crop } from "./crop.js";
import { attempt, call } from "./page.js";

export class Lines {
  constructor(board, viewer, said, onSaved) {
    Object.assign(this, { board, viewer, said, onSaved });
    this.list = document.getElementById("lines");
    viewer.onPick = (line) => this.open(this.all().indexOf(line));
    this.draw();
  }

  all() { return this.board.regions.flatMap((region) => region.lines); }

  draw() {
    this.list.querySelectorAll(".group").forEach((group) => group.remove());
    let number = 0;
    for (const region of this.board.regions) {
      if (!region.lines.length) continue;
      const group = document.createElement("div");
      group.className = `group ${region.colour ?? ""}`;
      for (const line of region.lines) {
        const button = document.createElement("button");
        const here = number++;
        button.type = "button";
        button.className = `text${line.reader === "human" ? " human" : ""}`;
        this.say(button, line);
        button.dataset.line = here;
        button.addEventListener("click", () => this.open(here));
        button.addEventListener("focus", () => this.viewer.choose(line, false));
        group.append(button);
      }
      this.list.append(group);
    }
  }

  /** The words; those that were read with little confidence are marked. */
  say(button, line) {
    const doubtful = line.words.filter(([, doubt]) => doubt).map(([word]) => word);
    if (!doubtful.length || line.words.map(([word]) => word).join(" ") !== line.text) {
      button.textContent = line.text;
      button.classList.toggle("weak", line.doubtful);
    } else {
      line.words.forEach(([word, doubt], n) => {
        const span = document.createElement("span");
        span.textContent = word;
        if (doubt) span.className = "doubt";
        button.append(n ? " " : "", span);
      });
    }
    if (doubtful.length) button.setAttribute("aria-description", `${this.said.doubt} ${doubtful.join(", ")}`);
  }

  button(number) { return this.list.querySelector(`[data-line="${number}"]`); }

  close(focus = true) {
    const editor = this.list.querySelector(".editor");
    if (!editor) return;
    const number = editor.dataset.line;
    editor.remove();
    this.button(number)?.classList.remove("on");
    if (focus) this.button(number)?.focus();
  }

  open(number) {
    const line = this.all()[number];
    this.close(false);
    if (!line) return;
    this.viewer.choose(line);
    const button = this.button(number);
    button.classList.add("on");
    if (!this.board.may_change) return;
    const editor = document.createElement("form");
    editor.className = "editor";
    editor.dataset.line = number;
    if (line.place.length) editor.append(crop(line.place, this.viewer.source(this.board.pictures.straight ? "straight" : "clean", true), [this.board.width, this.board.height]));
    const label = document.createElement("label");
    label.className = "hush";
    label.htmlFor = "line-text";
    label.textContent = this.said.edit;
    const input = document.createElement("input");
    input.id = "line-text";
    input.value = line.text;
    input.maxLength = 2000;
    input.autocomplete = "off";
    input.spellcheck = true;
    editor.append(label, input);
    if (line.others.length) editor.append(this.others(line, input));
    editor.append(this.buttons(number, line));
    editor.addEventListener("submit", (event) => { event.preventDefault(); this.save(number, line, input.value.trim()); });
    editor.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.stopPropagation(); this.close(); }
      if (event.key === "ArrowDown" && event.target === input) { event.preventDefault(); this.open(Math.min(number + 1, this.all().length - 1)); }
      if (event.key === "ArrowUp" && event.target === input) { event.preventDefault(); this.open(Math.max(number - 1, 0)); }
    });
    button.after(editor);
    input.focus({ preventScroll: true });
    input.select();
    editor.scrollIntoView({ block: "nearest" });
  }

  others(line, input) {
    const box = document.createElement("div");
    box.className = "others";
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", this.said.others);
    for (const text of line.others.slice(0, 5)) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.addEventListener("click", () => { input.value = text; input.focus(); });
      box.append(button);
    }
    return box;
  }

  buttons(number, line) {
    const row = document.createElement("div");
    row.className = "row";
    const make = (text, name, work) => {
      const button = document.createElement("button");
      button.type = work ? "button" : "submit";
      button.className = name;
      button.textContent = text;
      if (work) button.addEventListener("click", work);
      row.append(button);
    };
    make(this.said.save, "primary", null);
    make(this.said.cancel, "", () => this.close());
    make(this.said.remove, "quiet danger", () => this.save(number, line, ""));
    return row;
  }

  async save(number, line, text) {
    if (text === line.text && line.reader === "human") { this.next(number); return; }
    const answer = await attempt(() => call("POST", `/boards/${this.board.id}/corrections`, { field: "text", value: text, anchor: line.polygon }));
    if (!answer) return;
    Object.assign(this.board, { regions: answer.board.regions, text: answer.board.text, revision: answer.board.revision });
    this.draw();
    this.viewer.draw();
    this.onSaved(answer.correction, this.said.text);
    this.next(text ? number : number - 1);
  }

  next(number) {
    if (number + 1 < this.all().length) this.open(number + 1);
    else this.button(number)?.focus();
  }
}
