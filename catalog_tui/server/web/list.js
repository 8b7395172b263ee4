/** A view over one long list: its head, its controls, its grid, and words where there is nothing to show. */

import { withParameter } from "./addresses.js";
import { events } from "./data.js";
import { Grid } from "./grid.js";
import { el, fill } from "./kit.js";
import { failureState } from "./parts.js";
import { _, ngettext } from "./words.js";

const LOOK_AGAIN_MS = 3_000;
const ENTERING = ["ArrowDown", "ArrowRight", "j", "l", "g", "G", "Home", "End"]; // keys that lead into the grid
const GOING_ON = [...ENTERING, "ArrowUp", "ArrowLeft", "k", "h", "Enter"]; // and those that mean something in it

/** What such views have in common; each says which list it shows, and how. */
export class ListView {
  constructor(page, place) {
    this.page = page;
    this.place = place;
    this.query = place.query;
    this.head = el("header", { class: "head" });
    this.bar = el("div", { class: "bar" });
    this.body = el("div", { class: "body" });
    this.host = el("main", { class: "view", id: "main", tabindex: -1 }, this.head, this.bar, this.body);
    this.ends = new AbortController();
    const signal = this.ends.signal;
    const again = () => document.visibilityState === "visible" && this.list.refresh();
    document.addEventListener("visibilitychange", again, { signal });
    events.addEventListener("stale", () => this.list.refresh(), { signal });
    events.addEventListener("reach", ({ detail }) => !detail.away && this.list.refresh(), { signal });
    this.timer = setInterval(again, LOOK_AGAIN_MS);
    this.ahead = []; // keys typed while the list is still on its way
  }

  /** The view stands in the page. */
  mounted() {
    this.start(this.place.scroll);
  }

  /** Show the list that `this.query` asks for. */
  start(scroll) {
    this.listening?.abort();
    this.grid?.destroy();
    this.list = this.listFor(this.query);
    this.grid = new Grid(this.list, this.gridOptions());
    this.listening = new AbortController();
    this.list.addEventListener("change", () => this.changed(), { signal: this.listening.signal });
    this.scroll = scroll;
    if (this.list.total !== null) this.list.refresh();
    else this.list.need(0, 1);
    this.changed();
  }

  /** The list has news. */
  changed() {
    const { failure, total } = this.list;
    if (failure && (total === null || failure.status === 404)) {
      fill(
        this.body,
        failureState(failure, () => this.list.refresh()),
      );
      fill(this.bar);
    } else if (total === null) {
      fill(this.body, el("div", { class: "waiting-state", role: "status" }, _("Loading…")));
    } else if (total === 0) {
      fill(this.body, this.nothing());
    } else if (this.grid.host.parentNode !== this.body) {
      fill(this.body, this.grid.host);
      this.grid.measure();
      if (this.scroll) this.grid.restore(this.scroll);
      this.scroll = null;
      this.followKeys();
    }
    if (this.list.head) this.tell();
  }

  /** Look at the list in another way: its address changes, the page stays. */
  look(name, value) {
    this.query = withParameter(this.query, name, value);
    this.page.replace(`${this.place.path}?${this.query}`);
    window.scrollTo({ top: 0, behavior: "instant" });
    this.start();
  }

  placeNow() {
    return this.grid?.place() ?? null;
  }

  key(event) {
    const field = this.bar.querySelector("input");
    if (event.key === "/" && field) field.focus();
    else if (this.waits() && (this.ahead.length ? GOING_ON : ENTERING).includes(event.key)) this.ahead.push(event.key);
    else if (ENTERING.includes(event.key) && this.list.total) this.enterGrid(event.key);
    else return false;
    return true;
  }

  waits() {
    return this.list.total === null && !this.list.failure;
  }

  /** The focus goes to the grid: to its end, or to where it was or would be read on. */
  enterGrid(key) {
    if (["G", "End"].includes(key)) this.grid.focus(Infinity);
    else this.grid.focus(this.grid.focused >= 0 ? this.grid.focused : (this.grid.place()?.index ?? 0));
  }

  /** Do what the keys typed ahead ask for, now that there is what they were meant for. */
  followKeys() {
    const [first, ...rest] = this.ahead.splice(0);
    if (first) this.enterGrid(first);
    for (const key of rest) {
      if (key === "Enter") return document.activeElement.click();
      document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    }
  }

  destroy() {
    this.ends.abort();
    this.listening?.abort();
    this.grid?.destroy();
    clearInterval(this.timer);
  }
}

/** The words for how many pictures, videos and other files there are. */
export function contents(images, videos, others) {
  const parts = [
    images && ngettext("{count} picture", "{count} pictures", images),
    videos && ngettext("{count} video", "{count} videos", videos),
    others && ngettext("{count} other file", "{count} other files", others),
  ].filter(Boolean);
  return parts.length ? parts.join(" · ") : _("empty");
}
