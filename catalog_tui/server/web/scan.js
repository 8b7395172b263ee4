/** The scan of the archive, live: its state as the server pushes it, and a card that shows it. */

import { ask } from "./data.js";
import { count, display, duration, el, fill, icon, size } from "./kit.js";
import { toast } from "./parts.js";
import { _, language, ngettext } from "./words.js";

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 8_000;

/** Tell `news` each state of the scan until `end()` is called; a connection that breaks is made anew. */
export function watchScan(news) {
  let wait = FIRST_WAIT_MS;
  let socket = null;
  let timer = 0;
  let ended = false;
  const connect = () => {
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/scan`);
    socket.addEventListener("message", (event) => {
      wait = FIRST_WAIT_MS;
      news(JSON.parse(event.data));
    });
    socket.addEventListener("close", () => {
      if (ended) return;
      timer = setTimeout(again, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    });
  };
  // A connection that cannot be made is written into the console by the browser itself: so the server is asked first.
  const again = () =>
    ask("/healthz")
      .catch(() => null)
      .then((answer) => {
        if (ended) return;
        if (answer) connect();
        else {
          timer = setTimeout(again, wait);
          wait = Math.min(wait * 2, LONGEST_WAIT_MS);
        }
      });
  connect();
  return () => {
    ended = true;
    clearTimeout(timer);
    socket.close();
  };
}

/** A card that begins a scan, shows how far it is, and ends it. */
export class ScanCard {
  constructor() {
    Object.assign(this, { running: false, wanted: false, heard: 0 });
    this.words = el("p", { class: "scan-words" });
    this.more = el("p", { class: "sums" });
    this.bar = el("progress", { "aria-label": _("How far the scan is"), hidden: true });
    this.begin = el(
      "button",
      { type: "button", class: "button", onclick: () => this.send("/api/scan") },
      icon("search"),
      _("Look for duplicates"),
    );
    this.cancel = el(
      "button",
      { type: "button", class: "button quiet", hidden: true, onclick: () => this.send("/api/cancel_scan") },
      _("Stop"),
    );
    this.host = el(
      "section",
      { class: "paper scan", "aria-label": _("Scan") },
      el(
        "div",
        { class: "scan-head" },
        el("div", {}, this.words, this.more),
        el("div", { class: "actions" }, this.begin, this.cancel),
      ),
      this.bar,
    );
  }

  /** Scan what was changed: now, or when the scan that runs is done. */
  async renew() {
    if (this.running) this.wanted = true;
    else await this.send("/api/scan");
  }

  async send(address) {
    this.running ||= address === "/api/scan";
    const { heard } = this;
    try {
      const state = await ask(address, { body: {} });
      if (heard === this.heard) this.show(state); // else the server has told since, and this is older
    } catch (failure) {
      this.running = false;
      toast(failure.message || _("The server does not answer"));
    }
  }

  /** A state that the server pushed: these come in their order. */
  hear(state) {
    this.heard += 1;
    this.show(state);
  }

  show(state) {
    const running = state.status === "running" || state.status === "stopping";
    this.running = running;
    if (this.wanted && !running) {
      this.wanted = false;
      this.send("/api/scan");
    }
    this.host.classList.toggle("running", running);
    this.begin.hidden = running;
    this.cancel.hidden = !running;
    this.cancel.disabled = state.status === "stopping";
    this.bar.hidden = !running;
    if (state.total) {
      this.bar.max = state.total;
      this.bar.value = state.done;
    } else this.bar.removeAttribute("value");
    fill(this.words, this.title(state));
    fill(this.more, running ? this.progress(state) : this.outcome(state));
  }

  title(state) {
    if (state.status === "stopping") return _("Stopping; what was read is remembered…");
    if (state.status === "failed") return _("The scan failed");
    if (state.status === "cancelled") return _("The scan was stopped");
    if (state.status === "finished") return _("The scan is done");
    if (state.status !== "running") return _("Files of the same content, wherever they lie");
    return state.total ? _("Comparing files…") : _("Looking through the folders…");
  }

  progress(state) {
    return [
      ngettext("{count} file", "{count} files", state.files),
      state.total ? _("{done} of {total}", { done: size(state.done), total: size(state.total) }) : null,
      state.rate ? _("{size} a second", { size: size(state.rate) }) : null,
      state.eta_s === null ? null : _("{time} to go", { time: duration(state.eta_s) }),
      state.groups ? ngettext("{count} group so far", "{count} groups so far", state.groups) : null,
      state.total ? null : display(state.folder),
    ]
      .filter(Boolean)
      .join(" · ");
  }

  outcome(state) {
    if (state.message) return state.message;
    if (state.status !== "finished")
      return _("Nothing is changed by looking; what is read is remembered, so that the next time is quick.");
    const figures = [
      ngettext("{count} file", "{count} files", state.files),
      _("looked at in {time} s", {
        time: state.seconds.toLocaleString(language(), { maximumFractionDigits: state.seconds < 10 ? 2 : 0 }),
      }),
    ];
    if (state.errors) figures.push(_("{count} could not be read", { count: count(state.errors) }));
    return figures.join(" · ");
  }
}
