/** Search over the whole archive, as one types: models first, then files. */

import { exactName, readable, viewOf } from "./addresses.js";
import { foundList } from "./data.js";
import { display, el, fill, icon } from "./kit.js";
import { ListView } from "./list.js";
import { filterField, state } from "./parts.js";
import { fileCell } from "./pictures.js";
import { _, ngettext } from "./words.js";

/** What bears the typed text in its name. */
export class SearchView extends ListView {
  constructor(page, place) {
    super(page, place);
    this.title = _("Search");
    const text = readable(this.query, "q");
    this.field = filterField(
      _("Names of models and files"),
      text,
      (typed) => this.look("q", typed),
      () => this.grid.focus(0),
    );
    this.field.classList.add("large");
    fill(
      this.head,
      el("h1", { class: "unseen" }, _("Search")),
      this.field,
      (this.sums = el("p", { class: "sums", role: "status" }, "\u00a0")),
    );
  }

  mounted() {
    super.mounted();
    if (!this.place.scroll) this.field.querySelector("input").focus();
  }

  listFor(query) {
    return foundList(readable(query, "q"));
  }

  start(scroll) {
    if (readable(this.query, "q")) {
      super.start(scroll);
      return;
    }
    this.listening?.abort();
    this.grid?.destroy();
    this.list = { total: 0, refresh() {} };
    fill(this.sums, "\u00a0");
    fill(
      this.body,
      state("search", _("What are you looking for?"), _("Part of a name is enough. Capitals do not matter.")),
    );
  }

  gridOptions() {
    return {
      shape: {
        least: () => (window.innerWidth < 600 ? 150 : 190),
        gap: window.innerWidth < 600 ? 6 : 12,
        ratio: 1,
        caption: 0,
      },
      make: foundCell,
      ended: () => this.field.querySelector("input").focus(),
    };
  }

  tell() {
    fill(this.sums, ngettext("{count} found", "{count} found", this.list.total));
  }

  nothing() {
    return state(
      "search",
      _("Nothing is called that"),
      _("No model and no file has “{text}” in its name.", { text: display(readable(this.query, "q")) }),
    );
  }

  key(event) {
    if (event.key !== "/") return this.list.total ? super.key(event) : false;
    this.field.querySelector("input").focus();
    return true;
  }
}

function foundCell(cell) {
  const caption = el("span", { class: "found-name", dir: "auto" });
  const show = fileCell(linkOf)(cell);
  cell.firstChild.append(caption);
  return (found, hasty) => {
    show(found && { mtime: 0, size: 0, kind: found.type === "model" ? "model" : "image", ...found }, hasty);
    if (found) fill(caption, found.type === "model" && icon("folder"), display(found.name));
  };
}

function linkOf(found) {
  const model = viewOf(found.model_href);
  if (found.type === "model") return model;
  return `${model}#at=0&name=${exactName(found)}`;
}
