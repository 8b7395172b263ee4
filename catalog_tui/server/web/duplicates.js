/** Duplicates: a scan with live progress, its groups side by side, and, where the server allows it, which copies go. */

import { withParameter, written } from "./addresses.js";
import { Choices } from "./choosing.js";
import { announceChange, ask, events } from "./data.js";
import { baseName, count, date, display, el, fill, hue, icon, size, suffixOf } from "./kit.js";
import { failureState, select, state, toast } from "./parts.js";
import { picture } from "./pictures.js";
import { ScanCard, watchScan } from "./scan.js";
import { _, ngettext } from "./words.js";

const ON_PAGE = 24;
const PICTURES = /\.(jpe?g|jpe|jfif|a?png|webp|gif|bmp|tiff?|avif|hei[cf]|jxl)$/i;
const VIDEOS = /\.(mp4|webm|mov|mkv|m4v|avi|flv|wmv|asf|m?ts|m2ts|mpe?g|3gp|ogv)$/i;
const MANY_COPIES = 12; // of a group are drawn; the rest is told by number until asked for

export class DuplicatesView {
  constructor(page, place) {
    Object.assign(this, { page, place, title: _("Duplicates"), choices: new Choices(), allowed: false, told: null });
    this.number = Number(written(place.query, "page")) || 1;
    this.sums = el("p", { class: "sums" }, "\u00a0");
    this.card = new ScanCard();
    this.bar = el("div", { class: "bar" });
    this.body = el("div", { class: "groups" });
    this.foot = el("div", { class: "foot", hidden: true });
    this.host = el(
      "main",
      { class: "view", id: "main", tabindex: -1 },
      el("header", { class: "head" }, el("h1", {}, this.title), this.sums),
      this.card.host,
      this.bar,
      this.body,
      this.foot,
    );
    this.ends = new AbortController();
    events.addEventListener("reach", ({ detail }) => !detail.away && this.load(), { signal: this.ends.signal });
  }

  mounted() {
    this.unwatch = watchScan((scan) => this.news(scan));
    this.load();
  }

  news(scan) {
    const ended = this.scan && this.scan.status !== scan.status && scan.status === "finished";
    this.scan = scan;
    this.card.show(scan);
    if (ended) {
      this.number = 1;
      this.choices.clear();
      this.load();
    }
  }

  async load() {
    try {
      const server = await ask("/api/server");
      this.allowed = server.allow_delete;
      if (!server.scanned) {
        fill(
          this.body,
          state(
            "copies",
            _("No scan was made yet"),
            _("Look for duplicates once: what is found stays here until the next time."),
          ),
        );
        return;
      }
      this.told = await ask(`/api/duplicates?page=${this.number}&limit=${ON_PAGE}`);
      for (const group of this.told.groups) group.files.forEach((file, at) => Object.assign(file, { at }));
      this.show();
    } catch (failure) {
      if (failure.status === undefined) throw failure;
      fill(this.bar);
      fill(
        this.body,
        failureState(failure, () => this.load()),
      );
    }
  }

  show() {
    const { groups, pagination, total_waste_bytes: waste, duplicate_files: files, finished } = this.told;
    if (!pagination.total) {
      fill(this.sums, _("as of {date}", { date: date(finished, true) }));
      fill(this.bar);
      fill(this.body, state("check", _("No duplicates"), _("Every file in the archive has a content of its own.")));
      return;
    }
    fill(
      this.sums,
      [
        ngettext("{count} group", "{count} groups", pagination.total),
        ngettext("{count} file too many", "{count} files too many", files),
        _("{size} could be freed", { size: size(waste) }),
        _("as of {date}", { date: date(finished, true) }),
      ].join(" · "),
    );
    fill(
      this.bar,
      this.allowed
        ? this.rules()
        : el(
            "p",
            { class: "sums" },
            icon("lock"),
            " ",
            _("This server only shows them: started with --allow-delete it moves copies to the trash."),
          ),
    );
    fill(
      this.body,
      groups.map((group) => this.group(group)),
      this.pager(),
    );
    this.weigh();
  }

  rules() {
    const rules = [
      ["", _("Choose by a rule…")],
      ["oldest", _("Keep the oldest")],
      ["newest", _("Keep the newest")],
      ["shortest-path", _("Keep the shortest path")],
      ["longest-path", _("Keep the longest path")],
      ["none", _("Keep all")],
    ];
    const choose = (rule) => {
      this.choices.choose(this.told.groups, rule === "none" ? "" : rule);
      fill(
        this.body,
        this.told.groups.map((group) => this.group(group)),
        this.pager(),
      );
      this.weigh();
    };
    return [
      select(_("Rule for this page"), rules, "", choose),
      el("span", { class: "sums" }, _("for the groups on this page")),
    ];
  }

  group(group) {
    const shown = group.files.slice(0, MANY_COPIES);
    const host = el("section", { class: "paper group" });
    const heading = el(
      "h2",
      {},
      `${ngettext("{count} copy", "{count} copies", group.files.length)} · ${size(group.size)}`,
    );
    const files = el(
      "div",
      { class: "copies" },
      shown.map((file) => this.copy(group, file)),
    );
    const rest = group.files.length - shown.length;
    const more =
      rest > 0 &&
      el(
        "button",
        {
          type: "button",
          class: "button plain",
          onclick: () => (
            fill(
              files,
              group.files.map((file) => this.copy(group, file)),
            ),
            more.remove()
          ),
        },
        ngettext("{count} more", "{count} more", rest),
      );
    return fill(
      host,
      el(
        "div",
        { class: "group-head" },
        heading,
        el("span", { class: "sums" }, _("{size} too many", { size: size(group.waste) })),
      ),
      files,
      more,
    );
  }

  copy(group, file) {
    const face = el(
      "a",
      {
        class: "pair",
        href: file.href,
        target: "_blank",
        rel: "noopener",
        "aria-label": _("Open {name}", { name: display(file.path) }),
      },
      el("span", { class: "stand" }, icon("file"), el("b", {}, suffixOf(file.path))),
    );
    face.style.setProperty("--hue", hue(group.hash));
    if (PICTURES.test(file.path) || VIDEOS.test(file.path)) {
      picture(face)(`${file.href.replace("/media/", "/thumb/")}?size=320`);
    }
    const folder = file.path.slice(0, -baseName(file.path).length);
    const facts = el(
      "div",
      { class: "copy-words" },
      el("span", { class: "folder", dir: "auto" }, display(folder)),
      el("b", { dir: "auto" }, display(baseName(file.path))),
      el(
        "small",
        {},
        date(file.mtime_ns / 1e9),
        file.links.length ? ` · ${ngettext("{count} further name", "{count} further names", file.links.length)}` : "",
      ),
    );
    const host = el("div", { class: "copy" }, face, facts);
    if (this.allowed) host.append(this.turner(group, file, host));
    return host;
  }

  turner(group, file, host) {
    const button = el("button", { type: "button", class: "turner" });
    const paint = () => {
      const goes = this.choices.goes(group, file);
      host.classList.toggle("goes", goes);
      button.setAttribute("aria-pressed", String(goes));
      fill(button, icon(goes ? "trash" : "check"), goes ? _("goes") : _("stays"));
    };
    button.addEventListener("click", () => {
      if (!this.choices.turn(group, file)) toast(_("One copy stays: it is the last."));
      paint();
      this.weigh();
    });
    paint();
    return button;
  }

  pager() {
    const { page, total_pages: pages } = this.told.pagination;
    if (pages < 2) return null;
    const to = (number) => `/duplicates?${withParameter(this.place.query, "page", number > 1 ? String(number) : "")}`;
    return el(
      "nav",
      { class: "pager", "aria-label": _("Pages") },
      page > 1 && el("a", { class: "button quiet", href: to(page - 1) }, icon("back"), _("Before")),
      el("span", { class: "sums" }, _("{page} of {pages}", { page: count(page), pages: count(pages) })),
      page < pages && el("a", { class: "button quiet", href: to(page + 1) }, _("Next"), icon("forward")),
    );
  }

  /** What the choices come to, at the foot of the page. */
  weigh() {
    const { files, bytes } = this.choices.sums;
    this.foot.hidden = !files;
    const words = `${ngettext("{count} file goes", "{count} files go", files)} · ${size(bytes)}`;
    fill(
      this.foot,
      el("b", { role: "status" }, words),
      el(
        "button",
        { type: "button", class: "button plain", onclick: () => (this.choices.clear(), this.show()) },
        _("Keep all"),
      ),
      el(
        "button",
        { type: "button", class: "button danger", onclick: () => this.confirm(words) },
        icon("trash"),
        _("Move to the trash"),
      ),
    );
  }

  confirm(words) {
    const close = () => (dialog.close(), dialog.remove());
    const cancel = el(
      "button",
      { type: "button", class: "button quiet", autofocus: true, onclick: close },
      _("Cancel"),
    );
    const sure = el(
      "button",
      { type: "button", class: "button danger", onclick: () => (close(), this.remove()) },
      _("Move to the trash"),
    );
    const dialog = el(
      "dialog",
      { class: "question", "aria-labelledby": "question", onclose: () => dialog.remove() },
      el("h2", { id: "question" }, _("Move these copies to the trash?")),
      el("p", {}, words),
      el(
        "p",
        { class: "sums" },
        _("Each is first compared with the copy that stays. They can be put back; purging the trash frees the space."),
      ),
      el("div", { class: "actions" }, cancel, sure),
    );
    document.body.append(dialog);
    dialog.showModal();
  }

  async remove() {
    fill(
      this.foot,
      el("b", { role: "status" }, _("Comparing, and moving…")),
      el("progress", { "aria-label": _("Comparing, and moving…") }),
    );
    try {
      const told = await ask("/api/delete_duplicates", {
        body: { finished: this.told.finished, groups: this.choices.asked() },
      });
      this.without(new Set(told.done));
      const done = ngettext("{count} file is in the trash.", "{count} files are in the trash.", told.done.length);
      const [first] = told.refused;
      const left = first
        ? ` ${_("{name} was left alone: {reason}", { name: display(first.path), reason: first.reason })}`
        : "";
      toast(done + left, told.done.length ? [_("Undo"), () => this.undo()] : null);
    } catch (failure) {
      toast(failure.message || _("The server does not answer"));
    }
    this.choices.clear();
    this.show();
    announceChange();
    await this.card.send("/api/scan");
  }

  /** What has gone is not drawn any more; the scan that follows tells the rest. */
  without(gone) {
    for (const group of this.told.groups) group.files = group.files.filter((file) => !gone.has(file.path));
    this.told.groups = this.told.groups.filter((group) => group.files.length > 1);
  }

  async undo() {
    try {
      const told = await ask("/api/undo", { body: { steps: 1 } });
      toast(ngettext("{count} file is back.", "{count} files are back.", told.restored.length));
    } catch (failure) {
      toast(failure.message || _("The server does not answer"));
    }
    announceChange();
    await this.card.send("/api/scan");
  }

  destroy() {
    this.unwatch();
    this.ends.abort();
  }
}
