// Files sent: hashed, announced, in pieces from where each was. A line that breaks is waited for; nothing is given up.

import { call } from "./page.js";
import { sha256 } from "./sha256.js";

const PIECE = globalThis.fresquePiece ?? 2 * 1024 * 1024; // bytes a request; tests make it small
const AT_ONCE = 3;
const TRIES = 6; // of what the server cannot do now
const LOOK = globalThis.fresqueLook ?? 3000; // ms between two looks whether the server is there again

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

export class Sender {
  /** ``set(item, state)`` is told each step, ``line(ok)`` when the server is gone and when it is back. An item has
   *  ``file`` and ``session``, the path of a session's id. */
  constructor(set, line) {
    Object.assign(this, { set, line, queue: [], running: 0, paused: false, away: null });
    addEventListener("online", () => this.wake?.());
  }

  add(items) {
    this.queue.push(...items);
    while (this.running < AT_ONCE && this.queue.length) this.work();
  }

  /** What is in the air arrives; nothing more is sent until it is called again. */
  pause(on) {
    this.paused = on;
    if (!on) this.resume?.();
  }

  async work() {
    this.running++;
    for (let item = this.queue.shift(); item; item = this.queue.shift()) await this.send(item);
    this.running--;
    this.set(null, "idle");
  }

  async send(item) {
    for (let tries = 0; ; tries++) {
      try {
        await this.go(item);
        return;
      } catch (error) {
        // What cannot mean anything is not tried again.
        const again = !error.status || error.status === 409 || error.status === 429 || error.status >= 500;
        if (!again) return this.end(item, error, "refused");
        if (!error.status || (error.status >= 502 && error.status <= 504)) { await this.reachable(); tries = 0; } else if (tries >= TRIES) return this.end(item, error, "error");
        await wait(500 * 2 ** tries);
      }
    }
  }

  end(item, error, state) {
    item.reason = error.message;
    this.set(item, state);
  }

  async go(item) {
    await this.turn();
    this.set(item, "hash");
    item.digest ??= await sha256(await bytes(item.file));
    let answer = await call("POST", `/sessions/${item.session}/uploads`, { name: item.file.name, size: item.file.size, sha256: item.digest });
    while (answer.state === "open") {
      item.sent = answer.offset;
      this.set(item, "send");
      await this.turn();
      const piece = item.file.slice(answer.offset, answer.offset + PIECE);
      answer = await call("PUT", `/uploads/${answer.upload}?offset=${answer.offset}`, piece);
    }
    item.sent = item.file.size;
    item.photos = answer.photos ?? (answer.photo ? [answer.photo] : []);
    item.reason = answer.reason;
    this.set(item, answer.state);
  }

  /** Until nobody has paused it. */
  async turn() {
    while (this.paused) await (this.going ??= new Promise((done) => { this.resume = () => { this.going = null; done(); }; }));
  }

  /** Until the server answers again; all that send wait together. */
  reachable() {
    this.away ??= (async () => {
      for (let first = true; ; first = false) {
        try { if ((await fetch("/health", { cache: "no-store" })).ok) break; } catch { /* not yet */ }
        if (first) this.line(false);
        await Promise.race([wait(LOOK), new Promise((done) => { this.wake = done; })]);
      }
      this.line(true);
      this.away = null;
    })();
    return this.away;
  }
}

/** A file that was moved or changed since it was chosen cannot be read: that is no fault of the line. */
async function bytes(file) {
  try {
    return await file.arrayBuffer();
  } catch (error) {
    throw Object.assign(new Error(error.message), { status: 400 });
  }
}
