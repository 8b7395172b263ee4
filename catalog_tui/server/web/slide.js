/** One file in the viewer: a picture that can be zoomed, a video, or a sheet about any other file. */

import { baseName, display, el, hue, icon, size, suffixOf } from "./kit.js";
import { ownPicture, thumbnail } from "./pictures.js";
import { _ } from "./words.js";

const MOST_ZOOM = 8;
const DOUBLE_TAP_ZOOM = 2.5;
const LIGHT = 24 << 20; // bytes of an original that is fetched without being zoomed into
const SHOWABLE = /\.(jpe?g|jpe|jfif|png|apng|gif|webp|avif|bmp)$/i; // by every browser, without the server's help

/** A file's element, and what can be done with it. */
export class Slide {
  constructor(item, index) {
    Object.assign(this, { item, index, scale: 1, x: 0, y: 0, isCurrent: false });
    this.element = el("div", { class: "slide" });
    this.element.style.setProperty("--hue", hue(item.name));
    const make = { image: () => this.picture(), video: () => this.video() }[item.kind] ?? (() => this.sheet());
    make();
  }

  picture() {
    this.image = el("img", {
      class: "photo",
      alt: display(baseName(this.item.name)),
      draggable: "false",
      decoding: "async",
    });
    this.element.append(this.image);
    const small = this.item.thumb ? thumbnail(this.item.thumb, 320) : ownPicture(this.item);
    if (small) this.image.src = small;
    this.ready = this.better();
  }

  /** Show the picture as large as the server draws it; the original where that is the one way. */
  async better() {
    if (this.item.thumb && !/\.gif$/i.test(this.item.name)) {
      if (await this.swap(thumbnail(this.item.thumb, 1280))) return;
    }
    if (!(await this.original())) this.refuse(_("This picture cannot be shown."));
  }

  /** Show the original, if browsers can; true when it stands. */
  async original() {
    if (this.isOriginal) return true;
    if (!SHOWABLE.test(this.item.name)) return false;
    this.isOriginal = true;
    this.isOriginal = await this.swap(this.item.href);
    if (this.isOriginal) this.element.dispatchEvent(new Event("known"));
    return this.isOriginal;
  }

  async swap(address) {
    const next = new Image();
    next.src = address;
    try {
      await next.decode();
    } catch {
      return false;
    }
    if (this.gone) return false;
    this.image.src = address;
    this.element.classList.add("shown");
    return true;
  }

  video() {
    const poster = this.item.thumb && thumbnail(this.item.thumb, 1280);
    const props = {
      class: "photo",
      controls: true,
      playsinline: true,
      preload: "none",
      poster,
      "aria-label": display(baseName(this.item.name)),
    };
    this.player = el("video", props);
    this.player.addEventListener("loadedmetadata", () => this.element.dispatchEvent(new Event("known")));
    this.player.addEventListener("ended", () => this.element.dispatchEvent(new Event("ended")));
    this.player.addEventListener(
      "error",
      () => this.player.getAttribute("src") && this.refuse(_("This browser cannot play this video.")),
    );
    this.element.append(this.player);
    this.ready = Promise.resolve();
  }

  sheet() {
    this.refuse("");
    this.ready = Promise.resolve();
  }

  /** In place of the file: what it is, and its download. */
  refuse(words) {
    if (this.gone) return;
    const sheet = el(
      "div",
      { class: "sheet" },
      icon(this.item.kind === "video" ? "play" : this.item.kind === "image" ? "hidden" : "file"),
      el("h2", { dir: "auto" }, display(baseName(this.item.name))),
      el("p", {}, [suffixOf(this.item.name), size(this.item.size)].filter(Boolean).join(" · ")),
      words && el("p", {}, words),
      el("a", { class: "button", href: this.item.href, download: true }, icon("download"), _("Download")),
    );
    this.element.replaceChildren(sheet);
    this.image = this.player = null;
  }

  /** This is the slide that is looked at, or it no longer is. */
  current(is) {
    this.isCurrent = is;
    this.element.inert = !is;
    if (is && this.image && this.item.size < LIGHT && !navigator.connection?.saveData)
      this.ready.then(() => this.isCurrent && this.image && this.original());
    if (this.player && is && !this.player.getAttribute("src")) {
      this.player.preload = "metadata";
      this.player.src = this.item.href;
    }
    if (!is) {
      this.player?.pause();
      this.zoomTo(1);
    }
  }

  /** What is known of the file by now, besides the list: [width, height, seconds]. */
  known() {
    if (this.player?.videoWidth) return [this.player.videoWidth, this.player.videoHeight, this.player.duration];
    return this.isOriginal && this.image ? [this.image.naturalWidth, this.image.naturalHeight, 0] : [0, 0, 0];
  }

  get isZoomed() {
    return this.scale > 1.01;
  }

  /** Zoom by a factor about a point of the window. */
  zoomBy(factor, atX, atY) {
    this.zoomTo(this.scale * factor, atX, atY);
  }

  zoomTo(scale, atX = innerWidth / 2, atY = innerHeight / 2) {
    if (!this.image) return;
    const next = Math.min(MOST_ZOOM, Math.max(1, scale));
    const [x, y] = [atX - innerWidth / 2, atY - innerHeight / 2];
    this.x = x - ((x - this.x) * next) / this.scale;
    this.y = y - ((y - this.y) * next) / this.scale;
    this.scale = next;
    if (next > 1.2) this.original();
    this.pan(0, 0);
  }

  doubleTap(atX, atY) {
    this.element.classList.add("gliding");
    this.zoomTo(this.isZoomed ? 1 : DOUBLE_TAP_ZOOM, atX, atY);
    setTimeout(() => this.element.classList.remove("gliding"), 260);
  }

  /** Move what is zoomed, no further than its edges. */
  pan(dx, dy) {
    const { naturalWidth, naturalHeight } = this.image;
    const fit = Math.min(innerWidth / (naturalWidth || 1), innerHeight / (naturalHeight || 1));
    const edge = (length, room) => Math.max(0, (length * fit * this.scale - room) / 2);
    const [limitX, limitY] = [edge(naturalWidth, innerWidth), edge(naturalHeight, innerHeight)];
    this.x = Math.min(limitX, Math.max(-limitX, this.x + dx));
    this.y = Math.min(limitY, Math.max(-limitY, this.y + dy));
    this.image.style.transform = this.isZoomed ? `translate(${this.x}px, ${this.y}px) scale(${this.scale})` : "";
  }

  destroy() {
    this.gone = true;
    if (this.player) {
      this.player.pause();
      this.player.removeAttribute("src");
      this.player.load();
    }
    this.element.remove();
  }
}
