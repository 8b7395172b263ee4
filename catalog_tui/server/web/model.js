/** The files of a model, and the viewer over them. */

import { fragment, fragmentParts, only, readable, withParameter, written } from "./addresses.js";
import { ask, filesList } from "./data.js";
import { choices, count, display, el, fill, icon, size } from "./kit.js";
import { contents, ListView } from "./list.js";
import { filterField, segments, select, state, toast } from "./parts.js";
import { fileCell } from "./pictures.js";
import { _, ngettext } from "./words.js";

/** Least width of a cell: what the reader chose, smaller on phones, where three stand side by side. */
function leastWidth() {
  const chosen = { small: 104, medium: 148, large: 216 }[choices.get("cells", "medium")];
  return window.innerWidth < 600 ? chosen * 0.74 : chosen;
}

/** A model's files as a grid; the file that the address's fragment names in the viewer. */
export class ModelView extends ListView {
  constructor(page, place) {
    super(page, place);
    const name = readable(this.query, "model");
    const site = only(this.query, "site");
    this.title = name && !name.endsWith("/") ? display(name) : _("(loose files)");
    this.above = { href: `/site?${site}`, words: display(readable(site, "site")) };
    this.actions = el("div", { class: "actions" });
    this.sums = el("p", { class: "sums" }, "\u00a0");
    this.head.classList.add("with-actions");
    fill(this.head, el("div", {}, el("h1", { dir: "auto" }, this.title), this.sums), this.actions);
  }

  controls(head) {
    const kinds = [
      ["", _("All"), head.total_images + head.total_videos + head.total_others],
      ["image", _("Pictures"), head.total_images],
      ["video", _("Videos"), head.total_videos],
      ["other", _("Others"), head.total_others],
    ];
    const there = kinds.filter(([key, , number]) => number || key === written(this.query, "kind"));
    const orders = [
      ["", _("By name")],
      ["newest", _("Newest first")],
      ["oldest", _("Oldest first")],
      ["largest", _("Largest first")],
      ["-name", _("By name, backwards")],
    ];
    fill(
      this.bar,
      there.length > 2 &&
        segments(
          _("Kind"),
          there.map(([key, words, number]) => [key, `${words} ${count(number)}`]),
          written(this.query, "kind"),
          (value) => this.look("kind", value),
        ),
      filterField(
        _("Narrow the files"),
        readable(this.query, "q"),
        (text) => this.look("q", text),
        () => this.grid.focus(0),
      ),
      select(_("Order"), orders, written(this.query, "order"), (value) => this.look("order", value)),
    );
    fill(
      this.actions,
      el(
        "button",
        { type: "button", class: "button", onclick: () => this.play() },
        icon("play"),
        el("span", {}, _("Slideshow")),
      ),
      el(
        "a",
        { class: "button quiet", href: `/api/download?${only(this.query, "site", "model")}`, download: true },
        icon("download"),
        el("span", {}, _("Download")),
      ),
    );
  }

  listFor(query) {
    return filesList(query);
  }

  gridOptions() {
    return {
      shape: { least: leastWidth, gap: window.innerWidth < 600 ? 3 : 6, ratio: 1, caption: 0 },
      make: fileCell((item, index) => fragment(item, index)),
      ended: () => this.bar.querySelector("input")?.focus(),
    };
  }

  tell() {
    const head = this.list.head;
    const sums = JSON.stringify([head.total_images, head.total_videos, head.total_others]);
    fill(this.sums, contents(head.total_images, head.total_videos, head.total_others), " · ", size(head.total_bytes));
    if (head.unreadable)
      this.sums.append(
        " · ",
        ngettext("{count} folder could not be read", "{count} folders could not be read", head.unreadable),
      );
    if (sums !== this.known || !this.bar.childNodes.length) {
      if (!this.bar.contains(document.activeElement)) this.controls(head);
      this.known = sums;
    }
  }

  nothing() {
    const text = readable(this.query, "q");
    if (text)
      return state(
        "search",
        _("Nothing is called that"),
        _("No file here has “{text}” in its name.", { text: display(text) }),
      );
    return state("folder", _("Nothing here"), _("There are no files of this kind here."));
  }

  /** Show, or no longer show, the file that the address's fragment names. */
  async fragment(hash) {
    const parts = fragmentParts(hash);
    if (!parts) return this.leave();
    const { Viewer } = await import("./viewer.js");
    if (location.hash !== hash) return undefined;
    const index = await this.find(parts);
    if (location.hash !== hash) return undefined;
    if (index === null) {
      toast(_("That file is not here any more."));
      this.page.replace(`${this.place.path}?${this.query}`);
      return this.leave();
    }
    this.viewer ??= new Viewer(this);
    return this.viewer.show(index);
  }

  /** Where the file of a fragment is now: where it says, or where the server finds it; null where it is not. */
  async find({ index, name }) {
    const item = await this.list.get(index);
    if (!name || (item && fragment(item, index) === `#at=${index}&name=${name}`)) return item ? index : null;
    const query = withParameter(this.query, "name", "");
    const address = `/api/model?${query}&name=${name}&images_limit=0&videos_limit=0&limit=0`;
    return ask(address).then(
      (told) => told.position,
      () => null,
    );
  }

  leave() {
    const index = this.viewer?.index;
    this.viewer?.destroy();
    this.viewer = null;
    if (index !== undefined && this.grid.host.isConnected) this.grid.focus(index);
  }

  play() {
    const start = Math.max(0, this.grid.focused);
    this.list.get(start).then((item) => item && this.page.go(fragment(item, start), { state: { play: true } }));
  }

  key(event) {
    return this.viewer ? this.viewer.key(event) : super.key(event);
  }

  destroy() {
    this.viewer?.destroy();
    super.destroy();
  }
}
