/** Workers that make the small pictures of a long way through a list, by turns.
 *
 * What it takes to fetch a picture, Chromium collects late: 25 KB each, 40 MB after ten seconds of scrolling. What a
 * worker leaves behind goes at once, with the worker. */

import { decoded } from "./decoding.js";

const SHARE = 200; // pictures that a worker makes before another takes its turn

let able = "Worker" in window;
let worker = null;

/** The picture at an address as `decoded` makes it. */
export function made(address, width, height, signal) {
  if (!able) return decoded(address, width, height, signal);
  if (!worker || worker.begun === SHARE) {
    worker?.retire();
    worker = new Decoder();
  }
  return worker.make(address, width, height, signal);
}

/** A worker, and what it was asked for and has not answered. */
class Decoder {
  constructor() {
    Object.assign(this, { begun: 0, asked: new Map(), retired: false });
    this.worker = new Worker(new URL("./decoding-worker.js", import.meta.url), { type: "module" });
    this.worker.addEventListener("message", ({ data }) => this.answer(data.number, data.bitmap));
    this.worker.addEventListener("error", () => this.fail());
  }

  make(address, width, height, signal) {
    const number = (this.begun += 1);
    signal.addEventListener("abort", () => this.asked.has(number) && this.worker.postMessage({ number }));
    this.worker.postMessage({ number, address, width, height });
    return new Promise((give) => {
      this.asked.set(number, { give, self: () => decoded(address, width, height, signal) });
    });
  }

  answer(number, bitmap) {
    this.asked.get(number)?.give(bitmap);
    this.asked.delete(number);
    this.end();
  }

  /** This browser has no workers that are modules: the page makes its pictures itself. */
  fail() {
    able = false;
    worker = null;
    for (const { give, self } of this.asked.values()) give(self());
    this.asked.clear();
    this.retire();
  }

  /** No more is asked of it; it ends when it has answered. */
  retire() {
    this.retired = true;
    this.end();
  }

  end() {
    if (this.retired && !this.asked.size) this.worker.terminate();
  }
}
