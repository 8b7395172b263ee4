/** The library: all sites, the models of a site, the files of a model. */

import { fragment, fragmentParts, only, queryOf, readable, viewOf, withParameter, written } from "./addresses.js";
import { ask, events, filesList, listOf, List, modelsList } from "./data.js";
import { Grid } from "./grid.js";
import { choices, count, display, el, fill, hue, icon, size } from "./kit.js";
import { failureState, fileCell, filterField, picture, segments, select, state, thumbnail, toast } from "./parts.js";
import { _, ngettext } from "./words.js";

const LOOK_AGAIN_MS = 5_000;

/** Least width of a cell: what the reader chose, smaller on phones, where three stand side by side. */
function leastWidth() {
  const chosen = { small: 104, medium: 148, large: 216 }[choices.get("cells", "medium")];
  return window.innerWidth < 600 ? chosen * 0.74 : chosen;
}

/** A view over one long list: its head, its controls, its grid, and words where there is nothing to show. */
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
      fill(this.body, failureState(failure, () => this.list.refresh()));
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
    else if (["ArrowDown", "ArrowRight", "j", "l", "g", "G", "Home", "End"].includes(event.key) && this.list.total) {
      if (["G", "End"].includes(event.key)) this.grid.focus(Infinity);
      else this.grid.focus(this.grid.focused >= 0 ? this.grid.focused : (this.grid.place()?.index ?? 0));
    } else return false;
    return true;
  }

  destroy() {
    this.ends.abort();
    this.listening?.abort();
    this.grid?.destroy();
    clearInterval(this.timer);
  }
}

/** All sites, each with pictures of its first models. */
export class SitesView extends ListView {
  constructor(page, place) {
    super(page, place);
    this.title = _("Library");
    fill(this.head, el("h1", {}, _("Library")), (this.sums = el("p", { class: "sums" }, "\u00a0")));
  }

  listFor() {
    return listOf("/", () => new List(() => "/api/sites", (told) => ({ items: told.sites, total: told.sites.length })));
  }

  gridOptions() {
    return {
      shape: { least: () => (window.innerWidth < 600 ? 150 : 250), gap: window.innerWidth < 600 ? 14 : 24, ratio: 1, caption: 62 },
      make: siteCell,
    };
  }

  tell() {
    const sites = this.list.head.sites;
    const models = sites.reduce((sum, site) => sum + site.models, 0);
    fill(this.sums, ngettext("{count} site", "{count} sites", sites.length), " · ", ngettext("{count} model", "{count} models", models));
  }

  nothing() {
    return state("folder", _("Nothing here yet"), _("A site is a folder in the archive. As soon as there is one, it stands here."));
  }
}

function siteCell(cell) {
  const parts = [0, 1, 2, 3].map(() => el("span", { class: "quarter" }));
  const shows = parts.map(picture);
  const name = el("b", { dir: "auto" });
  const facts = el("small");
  const card = el("a", { class: "card", tabindex: -1 }, el("span", { class: "mosaic" }, parts), name, facts);
  cell.append(card);
  let query = null;
  return (site, hasty) => {
    card.classList.toggle("waiting", !site);
    if (!site) return;
    card.href = viewOf(site.href);
    fill(name, display(site.name));
    fill(facts, site.error ?? ngettext("{count} model", "{count} models", site.models));
    parts.forEach((part, at) => part.style.setProperty("--hue", hue(site.name + at)));
    if (hasty || query === queryOf(site.href)) return;
    query = queryOf(site.href);
    shows.forEach((show) => show(null));
    const list = modelsList(query);
    list.get(0).then(() => {
      const covers = [...Array(Math.min(list.total ?? 0, 24)).keys()].map((at) => list.at(at)?.thumb).filter(Boolean);
      if (query === queryOf(site.href)) shows.forEach((show, at) => show(covers[at] ? thumbnail(covers[at], 320) : null));
    });
  };
}

/** The models of a site as cover cards. */
export class SiteView extends ListView {
  constructor(page, place) {
    super(page, place);
    this.title = display(readable(this.query, "site"));
    fill(this.head, el("h1", { dir: "auto" }, this.title), (this.sums = el("p", { class: "sums" }, "\u00a0")));
    this.controls();
  }

  controls() {
    const orders = [["", _("By name")], ["newest", _("Newest first")], ["bytes", _("Largest first")], ["count", _("Most files first")]];
    const choose = (value) => {
      this.query = withParameter(this.query, "order", value && "desc");
      this.look("sort", value);
    };
    fill(
      this.bar,
      filterField(_("Narrow the models"), readable(this.query, "q"), (text) => this.look("q", text), () => this.grid.focus(0)),
      select(_("Order"), orders, written(this.query, "sort"), choose),
    );
  }

  listFor(query) {
    return modelsList(query);
  }

  gridOptions() {
    return {
      shape: { least: () => (window.innerWidth < 600 ? 150 : 190), gap: window.innerWidth < 600 ? 12 : 20, ratio: 1.2, caption: 62 },
      make: modelCell,
      ended: () => this.bar.querySelector("input")?.focus(),
    };
  }

  tell() {
    fill(this.sums, ngettext("{count} model", "{count} models", this.list.total));
    if (!this.bar.childNodes.length) this.controls();
  }

  nothing() {
    const text = readable(this.query, "q");
    if (text) return state("search", _("Nothing is called that"), _("No model here has “{text}” in its name.", { text: display(text) }));
    return state("folder", _("No models here"), _("A model is a folder in a site. As soon as there is one, it stands here."));
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

function modelCell(cell) {
  const cover = el("span", { class: "cover" });
  const show = picture(cover);
  const name = el("b", { dir: "auto" });
  const facts = el("small");
  const card = el("a", { class: "card", tabindex: -1 }, cover, name, facts);
  cell.append(card);
  return (model, hasty) => {
    card.classList.toggle("waiting", !model);
    show(model?.thumb && !hasty ? thumbnail(model.thumb, 320) : null);
    if (!model) return;
    card.href = viewOf(model.href);
    card.title = display(model.name);
    fill(name, model.loose ? _("(loose files)") : display(model.name));
    fill(facts, model.error ?? contents(model.image_count, model.video_count, model.other_count));
    cover.style.setProperty("--hue", hue(model.name));
  };
}

/** The files of a model, and the viewer over them. */
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
    const kinds = [["", _("All"), head.total_images + head.total_videos + head.total_others], ["image", _("Pictures"), head.total_images], ["video", _("Videos"), head.total_videos], ["other", _("Others"), head.total_others]];
    const there = kinds.filter(([key, , number]) => number || key === written(this.query, "kind"));
    const orders = [["", _("By name")], ["newest", _("Newest first")], ["oldest", _("Oldest first")], ["largest", _("Largest first")], ["-name", _("By name, backwards")]];
    fill(
      this.bar,
      there.length > 2 && segments(_("Kind"), there.map(([key, words, number]) => [key, `${words} ${count(number)}`]), written(this.query, "kind"), (value) => this.look("kind", value)),
      filterField(_("Narrow the files"), readable(this.query, "q"), (text) => this.look("q", text), () => this.grid.focus(0)),
      select(_("Order"), orders, written(this.query, "order"), (value) => this.look("order", value)),
    );
    fill(
      this.actions,
      el("button", { type: "button", class: "button", onclick: () => this.play() }, icon("play"), el("span", {}, _("Slideshow"))),
      el("a", { class: "button quiet", href: `/api/download?${only(this.query, "site", "model")}`, download: true }, icon("download"), el("span", {}, _("Download"))),
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
    if (head.unreadable) this.sums.append(" · ", ngettext("{count} folder could not be read", "{count} folders could not be read", head.unreadable));
    if (sums !== this.known || !this.bar.childNodes.length) {
      if (!this.bar.contains(document.activeElement)) this.controls(head);
      this.known = sums;
    }
  }

  nothing() {
    const text = readable(this.query, "q");
    if (text) return state("search", _("Nothing is called that"), _("No file here has “{text}” in its name.", { text: display(text) }));
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
    const address = `/api/model?${withParameter(this.query, "name", "")}&name=${name}&images_limit=0&videos_limit=0&limit=0`;
    return ask(address).then((told) => told.position, () => null);
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
