/** Duplicates: a scan with live progress, its groups side by side, and, where the server allows it, which copies go. */

import { withParameter, written } from "./addresses.js";
import { Choices } from "./choosing.js";
import { announceChange, ask, events } from "./data.js";
import { drawGroup, Faces } from "./groups.js";
import { count, date, display, el, fill, icon, size } from "./kit.js";
import { failureState, select, state, toast } from "./parts.js";
import { ScanCard, watchScan } from "./scan.js";
import { _, ngettext } from "./words.js";

const ON_PAGE = 24;

/** The rules that are offered, by the names that the server knows them by. */
function ruleWords() {
  return {
    oldest: _("Keep the oldest"),
    newest: _("Keep the newest"),
    "shortest-path": _("Keep the shortest path"),
    "longest-path": _("Keep the longest path"),
  };
}

export class DuplicatesView {
  constructor(page, place) {
    Object.assign(this, { page, place, title: _("Duplicates"), choices: new Choices(), allowed: false, told: null });
    this.faces = new Faces();
    this.paints = [];
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
    this.card.hear(scan);
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
    this.faces.rest();
    this.paints = [];
    if (!pagination.total) {
      fill(this.sums, _("as of {date}", { date: date(finished, true) }));
      fill(this.bar, this.putBack());
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
      groups.map((group) => drawGroup(this, group)),
      this.pager(),
    );
    this.weigh();
  }

  rules() {
    const rules = Object.entries(ruleWords());
    const whole = el(
      "button",
      { type: "button", class: "button quiet", hidden: true, onclick: () => this.weighRule(picked.value) },
      _("In all groups…"),
    );
    const choose = (rule) => {
      whole.hidden = rule === "";
      this.choices.choose(this.told.groups, rule);
      for (const paint of this.paints) paint();
      this.weigh();
    };
    const picked = select(_("Choose by a rule"), [["", _("Choose by a rule…")], ...rules], "", choose);
    return [picked, whole, this.putBack()];
  }

  /** What undoes the last removal, for as long as this view is open; a toast is soon gone. */
  putBack() {
    const undo = () => this.undo();
    const button = el("button", { type: "button", class: "button plain", onclick: undo }, icon("undo"), _("Put back"));
    return this.removed && button;
  }

  /** Ask what a rule would do in all groups, and then whether it shall. */
  async weighRule(rule) {
    const wanted = { finished: this.told.finished, rules: [rule] };
    try {
      const { files, bytes, groups, by_path: tied, whole } = await ask("/api/weigh_rules", { body: wanted });
      if (!files) {
        toast(_("Nothing would go: all groups are kept apart, or in protected folders."));
        return;
      }
      const words = [
        `${ngettext("{count} file goes", "{count} files go", files)} · ${size(bytes)}`,
        [
          ngettext("of {count} group, on every page", "of {count} groups, on every page", groups),
          tied && ngettext("in {count} of them the path decides", "in {count} of them the path decides", tied),
          whole && ngettext("{count} group stays whole", "{count} groups stay whole", whole),
        ],
      ];
      this.confirm(ruleWords()[rule], words, "/api/delete_by_rules", () => ({ ...wanted, files, bytes }));
    } catch (failure) {
      toast(failure.message || _("The server does not answer"));
    }
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
        { type: "button", class: "button danger", onclick: () => this.confirmChosen(words) },
        icon("trash"),
        _("Move to the trash"),
      ),
    );
  }

  confirmChosen(words) {
    const chosen = () => ({ finished: this.told.finished, groups: this.choices.asked() });
    this.confirm(_("Move these copies to the trash?"), [words], "/api/delete_duplicates", chosen);
  }

  /** Ask whether `what()` shall be sent to `address`; `lines` tell what would come of it. */
  confirm(title, [words, details = []], address, what) {
    const close = () => (dialog.close(), dialog.remove());
    const cancel = el(
      "button",
      { type: "button", class: "button quiet", autofocus: true, onclick: close },
      _("Cancel"),
    );
    const sure = el(
      "button",
      { type: "button", class: "button danger", onclick: () => (close(), this.remove(address, what())) },
      _("Move to the trash"),
    );
    const dialog = el(
      "dialog",
      { class: "question", "aria-labelledby": "question", onclose: () => dialog.remove() },
      el("h2", { id: "question" }, title),
      el("p", {}, el("b", {}, words)),
      details.length > 0 && el("p", {}, details.filter(Boolean).join(" · ")),
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

  async remove(address, body) {
    this.faces.rest();
    this.foot.hidden = false;
    fill(
      this.foot,
      el("b", { role: "status" }, _("Comparing, and moving…")),
      el("progress", { "aria-label": _("Comparing, and moving…") }),
    );
    try {
      const told = await ask(address, { body });
      this.without(new Set(told.done));
      this.removed ||= told.done.length > 0;
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
    await this.card.renew();
  }

  /** What has gone is not drawn any more; the scan that follows tells the rest. */
  without(gone) {
    for (const group of this.told.groups) group.files = group.files.filter((file) => !gone.has(file.path));
    this.told.groups = this.told.groups.filter((group) => group.files.length > 1);
  }

  async undo() {
    try {
      const told = await ask("/api/undo", { body: { steps: 1 } });
      this.removed = false;
      toast(ngettext("{count} file is back.", "{count} files are back.", told.restored.length));
    } catch (failure) {
      toast(failure.message || _("The server does not answer"));
    }
    announceChange();
    await this.card.renew();
  }

  destroy() {
    this.faces.rest();
    this.unwatch();
    this.ends.abort();
  }
}
