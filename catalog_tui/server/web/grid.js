/** A grid over a list of any length: only the cells in view stand in the page, each with its place kept for it. */

import { el } from "./kit.js";

const OVERSCAN = 0.4; // of the view's height, above and below
const TALLEST = 12_000_000; // pixels: browsers end at 17 to 33 million; beyond, scrolling is stretched
const HASTY = 3.5; // pixels a millisecond, four desktops a second: pictures would be gone before they are there
const GLANCE_MS = 100; // over which the speed is taken
const SETTLED_MS = 90;

export class Grid {
  /** `make(cell)` builds a cell's parts once and gives a function that shows an item in them (undefined: not known
   * yet). `shape`: {least, gap, ratio, caption}: least width, distance, height by width, pixels below. `ended` is told
   * when the keys lead out at the top. */
  constructor(list, { make, shape, open, ended }) {
    Object.assign(this, { list, make, shape, open, ended });
    this.cells = new Map();
    this.spare = [];
    this.focused = -1;
    this.hasty = false;
    this.last = { top: 0, at: 0 };
    this.host = el("div", {
      class: "grid",
      role: "list",
      tabindex: 0,
      onkeydown: (event) => this.key(event),
      onfocusin: (event) => this.enter(event),
      onfocusout: () => (this.host.tabIndex = 0),
    });
    this.ends = new AbortController();
    const signal = this.ends.signal;
    window.addEventListener("scroll", () => this.soon(), { passive: true, signal });
    list.addEventListener("change", () => this.refill(), { signal });
    this.watch = new ResizeObserver(() => this.measure());
    this.watch.observe(this.host);
  }

  /** Let go of everything; the grid is not used again. */
  destroy() {
    this.ends.abort();
    this.watch.disconnect();
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
    this.frame = -1;
  }

  /** Take the width as it is now; what stands at the top stays there. */
  measure() {
    const width = this.host.clientWidth;
    if (!width || (width === this.width && this.total === this.list.total)) return;
    const place = this.width && width !== this.width ? this.place() : null;
    const { gap, ratio, caption } = this.shape;
    const least = typeof this.shape.least === "function" ? this.shape.least() : this.shape.least;
    this.width = width;
    this.total = this.list.total;
    this.columns = Math.max(2, Math.floor((width + gap) / (least + gap)));
    this.cellWidth = (width - gap * (this.columns - 1)) / this.columns;
    this.cellHeight = Math.round(this.cellWidth * ratio) + caption;
    this.rowHeight = this.cellHeight + gap;
    this.rows = Math.ceil((this.list.total ?? 0) / this.columns);
    this.full = this.rows * this.rowHeight;
    this.height = Math.min(this.full, TALLEST);
    this.host.style.height = `${this.height}px`;
    this.host.style.setProperty("--cell-width", `${this.cellWidth}px`);
    this.host.style.setProperty("--cell-height", `${this.cellHeight}px`);
    for (const cell of this.cells.values()) cell.index = -1;
    if (place) this.restore(place);
    this.draw();
    this.tidy();
  }

  /** How far the list is scrolled: within it, and where the host's own top is then. */
  seen() {
    const top = this.host.getBoundingClientRect().top;
    const room = this.height - window.innerHeight;
    const share = this.full > this.height && room > 0 ? Math.min(1, Math.max(0, -top / room)) : 0;
    const skipped = share * (this.full - this.height);
    return { top: -top + skipped, skipped };
  }

  /** What is at the top of the view: an index, and how many pixels of its row are above. */
  place() {
    if (!this.rowHeight) return null;
    const { top } = this.seen();
    if (top <= 0) return { index: 0, over: top };
    const row = Math.floor(top / this.rowHeight);
    return { index: row * this.columns, over: top - row * this.rowHeight };
  }

  /** Scroll to what `place` gave, in another width too. */
  restore({ index, over }) {
    if (!this.rowHeight) return;
    const wanted = Math.floor(index / this.columns) * this.rowHeight + over;
    const room = this.height - window.innerHeight;
    const top = this.full > this.height ? (wanted * room) / (this.full - window.innerHeight) : wanted;
    window.scrollTo({ top: top + this.host.getBoundingClientRect().top + window.scrollY, behavior: "instant" });
  }

  /** Scroll as little as is needed to have an index in view. */
  reveal(index) {
    const row = Math.floor(index / this.columns);
    const { top } = this.seen();
    const above = row * this.rowHeight - HEADER_ROOM;
    const below = (row + 1) * this.rowHeight - window.innerHeight + FOOTER_ROOM;
    if (top > above) this.restore({ index, over: -HEADER_ROOM });
    else if (top < below) this.restore({ index, over: this.rowHeight - window.innerHeight + FOOTER_ROOM });
  }

  soon() {
    this.host.classList.add("moving");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.rest(), SETTLED_MS);
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  /** The list has news: all that is in view is shown anew. */
  refill() {
    if (this.total !== this.list.total) this.measure();
    else this.draw();
    this.tidy();
  }

  /** Put the cells that are in view where they belong. */
  draw() {
    if (!this.rowHeight || this.frame === -1) return;
    const { top, skipped } = this.seen();
    this.hurry(top);
    const room = window.innerHeight * OVERSCAN;
    const first = Math.max(0, Math.floor((top - room) / this.rowHeight)) * this.columns;
    const lastRow = Math.min(this.rows, Math.ceil((top + window.innerHeight + room) / this.rowHeight));
    const last = Math.min(this.list.total ?? 0, lastRow * this.columns);
    const free = [...this.cells.keys()].filter((index) => index < first || index >= last);
    for (let index = first; index < last; index += 1) this.stand(index, skipped, free);
    if (this.full > this.height) for (const index of free) this.drop(index); // their places have moved
    if (this.hasty) return;
    if (this.list.total === null) this.list.need(0, 1);
    else this.list.need(first, last);
  }

  /** Whether the list passes too fast to be looked at; when it has come to rest it is drawn once more. */
  hurry(top) {
    const now = performance.now();
    if (now - this.last.at > GLANCE_MS) {
      this.hasty = Math.abs(top - this.last.top) > HASTY * (now - this.last.at);
      this.last = { top, at: now };
    }
  }

  rest() {
    this.hasty = false;
    this.host.classList.remove("moving");
    this.last = { top: this.seen().top, at: performance.now() };
    this.refill();
  }

  /** Have a cell where an index belongs: the one that is there, else one that is out of view, of those at `free`. These
   * are left standing until then: to hide and show a cell has the browser lay it out anew, 40 KB of garbage each time. */
  stand(index, skipped, free) {
    const cell = this.cells.get(index) ?? this.take(free) ?? this.spare.pop() ?? this.build();
    this.cells.set(index, cell);
    if (cell.isHidden) cell.element.hidden = cell.isHidden = false; // of a boolean too the browser makes an object
    const top = Math.floor(index / this.columns) * this.rowHeight - skipped;
    const left = (index % this.columns) * (this.cellWidth + this.shape.gap);
    if (cell.top !== top) cell.element.style.top = `${(cell.top = top)}px`;
    if (cell.left !== left) cell.element.style.left = `${(cell.left = left)}px`;
    const item = this.list.at(index);
    if (cell.index === index && cell.item === item && !(item && cell.hasty && !this.hasty)) return;
    Object.assign(cell, { index, item, hasty: this.hasty });
    cell.element.dataset.index = index;
    cell.show(item, this.hasty);
  }

  build() {
    const element = el("div", { class: "cell", role: "listitem" });
    this.host.append(element);
    return { element, index: -1, isHidden: false, show: this.make(element) };
  }

  take(free) {
    const index = free.pop();
    const cell = this.cells.get(index);
    if (!cell) return undefined;
    this.cells.delete(index);
    if (cell.element.contains(document.activeElement)) {
      this.keeping = true; // the focus waits on the grid itself
      this.host.focus({ preventScroll: true });
      this.keeping = false;
    }
    return cell;
  }

  /** A cell is not needed for now. */
  drop(index) {
    const cell = this.take([index]);
    Object.assign(cell, { index: -1, item: undefined });
    cell.element.hidden = cell.isHidden = true;
    cell.show(undefined, true);
    this.spare.push(cell);
  }

  /** What is out of view and no longer true goes. */
  tidy() {
    for (const [index, cell] of this.cells)
      if (cell.index !== index || cell.item !== this.list.at(index)) this.drop(index);
  }

  /** The grid is one stop of the Tab key; where it was left is where it is entered. */
  enter(event) {
    const cell = event.target.closest(".cell");
    if (cell) {
      this.focused = Number(cell.dataset.index);
      this.host.tabIndex = -1;
    } else if (!this.keeping) {
      this.focus(this.cells.has(this.focused) ? this.focused : (this.place()?.index ?? 0));
    }
  }

  /** Bring the keyboard's focus to an index, and that into view. */
  focus(index) {
    if (!this.list.total) return;
    this.focused = Math.min(Math.max(0, index), this.list.total - 1);
    this.reveal(this.focused);
    this.draw();
    this.cells.get(this.focused)?.element.querySelector("a, button")?.focus({ preventScroll: true });
  }

  /** Arrows and hjkl move, g and G go to the ends. */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.columns) return;
    const pageful = this.columns * Math.max(1, Math.floor(window.innerHeight / this.rowHeight) - 1);
    const steps = {
      ArrowRight: 1,
      l: 1,
      ArrowLeft: -1,
      h: -1,
      ArrowDown: this.columns,
      j: this.columns,
      ArrowUp: -this.columns,
      k: -this.columns,
      PageDown: pageful,
      PageUp: -pageful,
      Home: -Infinity,
      g: -Infinity,
      End: Infinity,
      G: Infinity,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.focused < 0) this.focus(0);
    else if (this.focused + step < 0 && Math.abs(step) === this.columns) this.ended?.();
    else
      this.focus(
        Math.abs(step) === this.columns && this.focused + step >= this.list.total ? this.focused : this.focused + step,
      );
  }
}

const HEADER_ROOM = 72; // pixels that the bars cover
const FOOTER_ROOM = 84;
