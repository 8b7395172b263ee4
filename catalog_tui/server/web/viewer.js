/** The viewer: one file of a list over everything else, with its neighbours at hand. */

import { fragment } from "./addresses.js";
import { facts } from "./facts.js";
import { baseName, count, display, el, fill, icon, iconButton } from "./kit.js";
import { listen } from "./gestures.js";
import { Slide } from "./slide.js";
import { Slideshow } from "./slideshow.js";
import { _ } from "./words.js";

const GLIDE_MS = 240;
const IDLE_MS = 3_000;
const FLING = 0.45; // pixels a millisecond

/** Looks at the files of `view.list`; the address's fragment follows. */
export class Viewer {
  constructor(view) {
    Object.assign(this, { view, list: view.list, page: view.page, index: -1 });
    this.slides = new Map();
    this.build();
    this.listening = new AbortController();
    this.list.addEventListener("change", () => this.changed(), { signal: this.listening.signal });
    addEventListener("resize", () => this.settle(), { signal: this.listening.signal });
    document.addEventListener(
      "fullscreenchange",
      () => this.root.classList.toggle("full", Boolean(document.fullscreenElement)),
      { signal: this.listening.signal },
    );
    this.before = [...document.body.children].filter((other) => !other.matches(".toasts"));
    document.body.append(this.root);
    this.before.forEach((other) => (other.inert = true));
    document.documentElement.classList.add("viewing");
    this.root.focus({ preventScroll: true });
    if (history.state?.play) this.slideshow.play(true);
  }

  build() {
    this.track = el("div", { class: "track" });
    this.counter = el("span", { class: "counter" });
    this.name = el("span", { class: "name", dir: "auto" });
    this.facts = el("aside", { class: "facts", hidden: true, "aria-label": _("Facts") });
    this.slideshow = new Slideshow(this);
    this.download = el(
      "a",
      { class: "icon-button", download: true, title: _("Download"), "aria-label": _("Download") },
      icon("download"),
    );
    this.live = el("p", { class: "unseen", "aria-live": "polite" });
    this.tools = el(
      "div",
      { class: "tools" },
      this.slideshow.button,
      iconButton("info", _("Facts (i)"), () => this.tell(this.facts.hidden)),
      this.download,
      iconButton("full", _("Full screen (f)"), () => this.full(), { class: "icon-button full-button" }),
    );
    this.root = el(
      "div",
      {
        class: "viewer",
        role: "dialog",
        "aria-modal": "true",
        "aria-label": _("Viewer"),
        tabindex: -1,
        onpointermove: () => this.wake(),
        onfocusin: () => this.wake(),
      },
      this.track,
      el(
        "div",
        { class: "above" },
        iconButton("close", _("Close (Escape)"), () => this.close()),
        this.name,
        this.counter,
      ),
      this.tools,
      (this.previousButton = iconButton("back", _("Previous"), () => this.step(-1), {
        class: "icon-button side previous",
      })),
      (this.nextButton = iconButton("forward", _("Next"), () => this.step(1), { class: "icon-button side next" })),
      this.facts,
      this.live,
    );
    listen(this.track, this.gestures());
  }

  gestures() {
    return {
      ignore: (event) =>
        this.slide?.player &&
        event.clientY > innerHeight - 96 - (this.root.classList.contains("idle") ? 0 : 56) &&
        event.type !== "wheel",
      canPan: () => Boolean(this.slide?.isZoomed),
      drag: (x, y, axis) => this.drag(x, y, axis),
      dropped: (x, y, speed, axis) => this.dropped(x, y, speed, axis),
      pan: (dx, dy) => this.slide?.image && this.slide.pan(dx, dy),
      pinch: (factor, x, y, dx, dy) => {
        this.slide?.zoomBy(factor, x, y);
        if (this.slide?.image && this.slide.isZoomed) this.slide.pan(dx, dy);
      },
      pinched: () => this.slide?.isZoomed || this.slide?.zoomTo(1),
      tap: (_x, _y, type) => type !== "mouse" && !this.slide?.player && this.root.classList.toggle("idle"),
      doubleTap: (x, y) => this.slide?.doubleTap(x, y),
    };
  }

  get slide() {
    return this.slides.get(this.index);
  }

  /** Look at the file at an index. */
  async show(index) {
    this.index = index;
    this.list.need(Math.max(0, index - 2), Math.min(this.list.total, index + 3));
    for (const at of [index, index + 1, index - 1]) {
      const item = at >= 0 && at < this.list.total ? await this.list.get(at) : undefined;
      if (this.index !== index || this.gone) return;
      if (item) this.stand(at, item);
      if (at === index) this.arrive();
    }
    for (const [at, slide] of this.slides) {
      if (Math.abs(at - index) > 1) {
        slide.destroy();
        this.slides.delete(at);
      }
    }
    this.settle();
  }

  stand(at, item) {
    const there = this.slides.get(at);
    if (there?.item.href === item.href) return;
    there?.destroy();
    const slide = new Slide(item, at);
    slide.element.addEventListener("known", () => this.slide === slide && !this.facts.hidden && this.tell(true));
    slide.element.addEventListener("ended", () => this.slideshow.ended(slide));
    slide.element.style.transform = this.placed(at - this.index);
    slide.element.inert = at !== this.index;
    this.slides.set(at, slide);
    this.track.append(slide.element);
  }

  /** The file that is looked at has changed. */
  arrive() {
    const { item } = this.slide ?? {};
    if (!item) return;
    for (const [at, slide] of this.slides) slide.current(at === this.index);
    this.settle();
    this.name.textContent = display(baseName(item.name));
    this.counter.textContent = `${count(this.index + 1)} / ${count(this.list.total)}`;
    this.live.textContent = `${display(baseName(item.name))}, ${this.counter.textContent}`;
    this.download.href = item.href;
    this.previousButton.disabled = this.index === 0;
    this.nextButton.disabled = this.index + 1 >= this.list.total;
    if (!this.facts.hidden) this.tell(true);
    this.wake();
    this.slideshow.wait();
  }

  placed(steps, x = 0) {
    return `translateX(calc(${steps * 100}% + ${steps * 24 + x}px))`;
  }

  /** Every slide where it belongs. */
  settle(x = 0) {
    for (const [at, slide] of this.slides) slide.element.style.transform = this.placed(at - this.index, x);
  }

  drag(x, y, axis) {
    this.track.classList.add("dragged");
    if (axis === "x") {
      const stuck = (x > 0 && this.index === 0) || (x < 0 && this.index + 1 >= this.list.total);
      this.settle(stuck ? x / 4 : x);
    } else if (y > 0) {
      this.slide.element.style.transform = `translateY(${y}px) scale(${1 - Math.min(0.3, y / 2400)})`;
      this.root.style.setProperty("--veil", String(1 - Math.min(0.7, y / 500)));
    }
  }

  dropped(x, y, speed, axis) {
    this.track.classList.remove("dragged");
    this.root.style.removeProperty("--veil");
    const far = axis === "x" ? Math.abs(x) > innerWidth / 3 : y > innerHeight / 5;
    const flung = Math.abs(speed) > FLING && Math.abs(axis === "x" ? x : y) > 24;
    if (axis === "y" && y > 0 && (far || flung)) this.close();
    else if (axis === "x" && (far || flung)) this.step(x < 0 ? 1 : -1);
    else this.settle();
  }

  /** The file that is looked at, or the one that is on its way: from there the next step goes. */
  get aim() {
    return this.coming ?? this.index;
  }

  /** On to another file. */
  async step(steps) {
    const to = this.aim + steps;
    if (to < 0 || to >= this.list.total) {
      this.settle();
      return this.slideshow.play(false);
    }
    this.coming = to;
    const item = await this.list.get(to);
    if (this.coming !== to) return undefined; // another step was taken meanwhile
    this.coming = null;
    if (!item || this.gone) return undefined;
    if (Math.abs(to - this.index) > 1) this.track.classList.add("dragged"); // a leap does not glide
    this.page.replace(fragment(item, to));
    await this.show(to);
    return this.track.classList.remove("dragged");
  }

  /** The list has changed under us: the same file, or the one that took its place. */
  changed() {
    if (this.list.total === 0 || this.list.failure?.status === 404) this.close();
    else if (this.list.total !== null && this.index >= 0) {
      const to = Math.min(this.index, this.list.total - 1);
      const item = this.list.at(to);
      if (item && item.href !== this.slide?.item.href) this.page.replace(fragment(item, to));
      this.show(to);
    }
  }

  /** Show or hide what is known of the file. */
  tell(on) {
    this.facts.hidden = !on;
    if (!on || !this.slide) return;
    fill(this.facts, facts(this.slide, this.view.title, this.view.above.words));
  }

  full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen?.().catch(() => {});
  }

  /** The bars are seen, and go again when nothing moves. */
  wake() {
    this.root.classList.remove("idle");
    clearTimeout(this.idle);
    this.idle = setTimeout(() => {
      const busy =
        !this.facts.hidden ||
        this.root.querySelector(".tools :focus-visible, .above :focus-visible") ||
        this.slide?.item.kind === "other";
      if (!busy) this.root.classList.add("idle");
    }, IDLE_MS);
  }

  key(event) {
    const player = this.slide?.player;
    const act = {
      ArrowRight: () => (event.shiftKey && player ? (player.currentTime += 10) : this.step(1)),
      ArrowLeft: () => (event.shiftKey && player ? (player.currentTime -= 10) : this.step(-1)),
      ArrowDown: () => this.step(1),
      ArrowUp: () => this.step(-1),
      l: () => this.step(1),
      h: () => this.step(-1),
      j: () => this.step(1),
      k: () => this.step(-1),
      Home: () => this.step(-this.aim),
      g: () => this.step(-this.aim),
      End: () => this.step(this.list.total - 1 - this.aim),
      G: () => this.step(this.list.total - 1 - this.aim),
      " ": () => (player ? (player.paused ? player.play().catch(() => {}) : player.pause()) : this.slideshow.turn()),
      m: () => player && (player.muted = !player.muted),
      f: () => this.full(),
      i: () => this.tell(this.facts.hidden),
      d: () => this.download.click(),
      "+": () => this.slide?.zoomBy(1.5, innerWidth / 2, innerHeight / 2),
      "-": () => this.slide?.zoomBy(1 / 1.5, innerWidth / 2, innerHeight / 2),
      0: () => this.slide?.zoomTo(1),
      Escape: () => (this.facts.hidden ? this.close() : this.tell(false)),
      Backspace: () => this.close(),
      q: () => this.close(),
    }[event.key];
    if (!act || (event.key === " " && event.target.closest("button, a"))) return false;
    act();
    return true;
  }

  close() {
    this.page.back(`${this.view.place.path}?${this.view.query}`);
  }

  destroy() {
    this.gone = true;
    this.listening.abort();
    this.slideshow.play(false);
    clearTimeout(this.idle);
    if (document.fullscreenElement) document.exitFullscreen();
    this.slides.forEach((slide) => slide.destroy());
    this.before.forEach((other) => (other.inert = false));
    document.documentElement.classList.remove("viewing");
    this.root.classList.add("leaving");
    setTimeout(() => this.root.remove(), GLIDE_MS);
  }
}
