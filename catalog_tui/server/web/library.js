/** The library: all sites, and the models of a site. */

import { queryOf, readable, viewOf, withParameter, written } from "./addresses.js";
import { List, listOf, modelsList } from "./data.js";
import { display, el, fill, hue } from "./kit.js";
import { contents, ListView } from "./list.js";
import { filterField, select, state } from "./parts.js";
import { picture, thumbnail } from "./pictures.js";
import { _, ngettext } from "./words.js";

/** All sites, each with pictures of its first models. */
export class SitesView extends ListView {
  constructor(page, place) {
    super(page, place);
    this.title = _("Library");
    fill(this.head, el("h1", {}, _("Library")), (this.sums = el("p", { class: "sums" }, "\u00a0")));
  }

  listFor() {
    return listOf(
      "/",
      () =>
        new List(
          () => "/api/sites",
          (told) => ({ items: told.sites, total: told.sites.length }),
        ),
    );
  }

  gridOptions() {
    return {
      shape: {
        least: () => (window.innerWidth < 600 ? 150 : 250),
        gap: window.innerWidth < 600 ? 14 : 24,
        ratio: 1,
        caption: 62,
      },
      make: siteCell,
    };
  }

  tell() {
    const sites = this.list.head.sites;
    const models = sites.reduce((sum, site) => sum + site.models, 0);
    fill(
      this.sums,
      ngettext("{count} site", "{count} sites", sites.length),
      " · ",
      ngettext("{count} model", "{count} models", models),
    );
  }

  nothing() {
    return state(
      "folder",
      _("Nothing here yet"),
      _("A site is a folder in the archive. As soon as there is one, it stands here."),
    );
  }
}

function siteCell(cell) {
  const parts = [0, 1, 2, 3].map(() => el("span", { class: "quarter" }));
  const shows = parts.map((part) => picture(part));
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
      if (query === queryOf(site.href))
        shows.forEach((show, at) => show(covers[at] ? thumbnail(covers[at], 320) : null));
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
    const orders = [
      ["", _("By name")],
      ["newest", _("Newest first")],
      ["bytes", _("Largest first")],
      ["count", _("Most files first")],
    ];
    const choose = (value) => {
      this.query = withParameter(this.query, "order", value && "desc");
      this.look("sort", value);
    };
    fill(
      this.bar,
      filterField(
        _("Narrow the models"),
        readable(this.query, "q"),
        (text) => this.look("q", text),
        () => this.grid.focus(0),
      ),
      select(_("Order"), orders, written(this.query, "sort"), choose),
    );
  }

  listFor(query) {
    return modelsList(query);
  }

  gridOptions() {
    return {
      shape: {
        least: () => (window.innerWidth < 600 ? 150 : 190),
        gap: window.innerWidth < 600 ? 12 : 20,
        ratio: 1.2,
        caption: 62,
      },
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
    if (text)
      return state(
        "search",
        _("Nothing is called that"),
        _("No model here has “{text}” in its name.", { text: display(text) }),
      );
    return state(
      "folder",
      _("No models here"),
      _("A model is a folder in a site. As soon as there is one, it stands here."),
    );
  }
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
    show(model?.thumb ? thumbnail(model.thumb, 320) : null, hasty);
    if (!model) return;
    card.href = viewOf(model.href);
    card.title = display(model.name);
    fill(name, model.loose ? _("(loose files)") : display(model.name));
    fill(facts, model.error ?? contents(model.image_count, model.video_count, model.other_count));
    cover.style.setProperty("--hue", hue(model.name));
  };
}
