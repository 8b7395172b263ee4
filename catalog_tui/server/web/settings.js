/** How the page looks and speaks, how the server is, and the keys. */

import { ask, events } from "./data.js";
import { choices, count, display, dress, el, fill, size } from "./kit.js";
import { segments, select, toast } from "./parts.js";
import { _, LANGUAGES } from "./words.js";

const LOOK_AGAIN_MS = 5_000;

const CACHES = {
  models_cache: () => _("Lists of models"),
  model_info_cache: () => _("Sums of models"),
  media_list_cache: () => _("Lists of files"),
  sites_list: () => _("List of sites"),
  answers: () => _("Ready answers"),
};

export class SettingsView {
  constructor(page) {
    this.page = page;
    this.title = _("Settings");
    this.server = el("section", { class: "paper broad" });
    this.host = el(
      "main",
      { class: "view", id: "main", tabindex: -1 },
      el("header", { class: "head" }, el("h1", {}, this.title)),
      el("div", { class: "sheets" }, this.looks(), this.server, keys()),
    );
    this.timer = setInterval(() => document.visibilityState === "visible" && this.look(), LOOK_AGAIN_MS);
    this.ends = new AbortController();
    events.addEventListener("reach", () => this.look(), { signal: this.ends.signal });
    this.look();
  }

  looks() {
    const themes = [
      ["", _("System")],
      ["light", _("Light")],
      ["dark", _("Dark")],
    ];
    const cells = [
      ["small", _("Small")],
      ["medium", _("Medium")],
      ["large", _("Large")],
    ];
    const theme = (value) => {
      choices.set("theme", value);
      dress();
    };
    const language = (value) => {
      choices.set("language", value);
      location.reload();
    };
    return el(
      "section",
      { class: "paper" },
      el("h2", {}, _("Look")),
      row(_("Theme"), segments(_("Theme"), themes, choices.get("theme", ""), theme)),
      row(
        _("Pictures"),
        segments(_("Size of the pictures"), cells, choices.get("cells", "medium"), (value) =>
          choices.set("cells", value),
        ),
      ),
      row(
        _("Language"),
        select(
          _("Language"),
          [["", _("The browser's")], ...Object.entries(LANGUAGES)],
          choices.get("language", ""),
          language,
        ),
      ),
      row(
        _("Blurred pictures"),
        el("button", { type: "button", class: "button quiet", onclick: () => this.page.blur() }, _("Blur or show")),
      ),
    );
  }

  /** Ask the server how it is. */
  async look() {
    try {
      const [health, caches, server] = await Promise.all([
        ask("/healthz").catch((failure) => failure),
        ask("/api/cache_stats"),
        ask("/api/server"),
      ]);
      this.show(health, caches, server);
    } catch (failure) {
      if (failure.status === undefined) throw failure;
      this.show(failure, null);
    }
  }

  show(health, caches, server) {
    const states = {
      ok: _("runs, and reaches its archive"),
      archive_away: _("runs, but its archive is away"),
      offline: _("does not answer"),
    };
    const state = states[health.status === "ok" ? "ok" : health.code] ?? health.message;
    const clear = el(
      "button",
      { type: "button", class: "button quiet", onclick: () => this.clear() },
      _("Forget what was read"),
    );
    const out = el(
      "form",
      { method: "post", action: "/logout" },
      el("button", { class: "button quiet" }, _("Log out")),
    );
    const facts = [
      row(_("State"), el("span", { class: "state-word" }, state)),
      server && row(_("Archive"), el("span", { dir: "auto" }, display(server.archive))),
      server &&
        row(_("What you may do"), el("span", {}, server.allow_delete ? _("look, and move to the trash") : _("look"))),
      server && row(_("Version"), el("span", {}, display(server.version))),
      server?.token && row(_("Session"), out),
    ];
    const table =
      caches &&
      el(
        "div",
        { class: "table-host", tabindex: 0, role: "region", "aria-label": _("Caches") },
        el(
          "table",
          {},
          el(
            "thead",
            {},
            el(
              "tr",
              {},
              [_("Cache"), _("Entries"), _("Room for"), _("Hits"), _("Misses"), _("Evicted")].map((words) =>
                el("th", { scope: "col" }, words),
              ),
            ),
          ),
          el(
            "tbody",
            {},
            Object.entries(caches)
              .filter(([, figures]) => figures?.max_size !== undefined)
              .map(([name, figures]) =>
                el(
                  "tr",
                  {},
                  el("th", { scope: "row" }, CACHES[name]?.() ?? name),
                  [figures.size, figures.max_size, figures.hits, figures.misses, figures.evictions].map((number) =>
                    el("td", {}, count(number)),
                  ),
                ),
              ),
          ),
        ),
      );
    const held = this.server.contains(document.activeElement);
    fill(
      this.server,
      el("h2", {}, _("Server")),
      facts,
      table,
      caches &&
        el("p", { class: "sums" }, _("Ready answers take {size} of memory.", { size: size(caches.answer_bytes) })),
      caches &&
        el(
          "div",
          { class: "actions" },
          clear,
          el(
            "a",
            { class: "button quiet", href: "/docs", target: "_blank", rel: "noopener" },
            _("For programs: the API"),
          ),
        ),
    );
    if (held) clear.focus();
  }

  async clear() {
    try {
      await ask("/api/clear_cache", { body: {} });
      toast(_("The server reads everything anew."));
      await this.look();
    } catch (failure) {
      toast(failure.message || _("The server does not answer"));
    }
  }

  fragment(hash) {
    if (hash === "#keys") this.host.querySelector("#keys").scrollIntoView();
  }

  destroy() {
    clearInterval(this.timer);
    this.ends.abort();
  }
}

function row(words, control) {
  return el("div", { class: "row" }, el("span", {}, words), control);
}

function keys() {
  const lines = [
    [["←", "↓", "↑", "→"], _("move; in the viewer, the file before or after")],
    [["h", "j", "k", "l"], _("the same")],
    [["g", "G"], _("to the first, to the last")],
    [["Enter"], _("open")],
    [["Esc"], _("back out one step")],
    [["/"], _("narrow the list, or search")],
    [["Space"], _("slideshow; in a video, play and pause")],
    [["Shift", "←", "→"], _("ten seconds back or on in a video")],
    [["+", "-", "0"], _("zoom in, out, and back")],
    [["f", "i", "d", "m"], _("full screen, facts, download, sound")],
    [["b"], _("blur all pictures, or show them")],
    [["?"], _("this list")],
  ];
  return el(
    "section",
    { class: "paper wide", id: "keys" },
    el("h2", {}, _("Keys")),
    el(
      "dl",
      { class: "keys" },
      lines.map(([strokes, words]) =>
        el(
          "div",
          {},
          el(
            "dt",
            {},
            strokes.map((stroke) => el("kbd", {}, stroke)),
          ),
          el("dd", {}, words),
        ),
      ),
    ),
  );
}
