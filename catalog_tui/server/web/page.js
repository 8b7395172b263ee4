/** The page itself: its bars, its addresses and their history, keys that work everywhere, and how it looks. */

import { queryOf } from "./addresses.js";
import { ask, events, isAway } from "./data.js";
import { blur, choices, dress, el, fill, icon, iconButton } from "./kit.js";
import { SitesView, SiteView } from "./library.js";
import { ModelView } from "./model.js";
import { failureState, toast } from "./parts.js";
import { _, speak } from "./words.js";

const VIEWS = {
  "/": async () => SitesView,
  "/site": async () => SiteView,
  "/model": async () => ModelView,
  "/search": async () => (await import("./search.js")).SearchView,
  "/duplicates": async () => (await import("./duplicates.js")).DuplicatesView,
  "/statistics": async () => (await import("./statistics.js")).StatisticsView,
  "/settings": async () => (await import("./settings.js")).SettingsView,
};

class Page {
  constructor() {
    this.trail = el("nav", { class: "trail", "aria-label": _("Where you are") });
    this.away = el(
      "div",
      { class: "away", role: "status", hidden: true },
      icon("cloud"),
      el("span", {}, _("The server does not answer. Looking for it…")),
    );
    this.stage = el("div", { class: "stage" });
    this.tabs = el("nav", { class: "tabs", "aria-label": _("Views") }, this.links());
    const search = el(
      "a",
      { class: "search-link", href: "/search" },
      icon("search"),
      el("span", {}, _("Search")),
      el("kbd", {}, "/"),
    );
    const blur = iconButton("hidden", _("Blur all pictures (b)"), () => this.blur(), {
      class: "icon-button blur-button",
    });
    document.body.append(
      el(
        "a",
        {
          class: "skip",
          href: "#main",
          onclick: (event) => (event.preventDefault(), document.getElementById("main")?.focus()),
        },
        _("To the content"),
      ),
      el("div", { class: "top" }, this.trail, search, blur),
      this.tabs,
      this.away,
      this.stage,
      el("div", { class: "toasts", role: "status", "aria-live": "polite" }),
    );
    history.scrollRestoration = "manual";
    addEventListener("popstate", (event) => this.render(event.state));
    addEventListener("pagehide", () => this.note());
    addEventListener("click", (event) => this.click(event));
    addEventListener("keydown", (event) => this.key(event));
    addEventListener("scrollend", () => this.note());
    events.addEventListener("reach", () => {
      this.away.hidden = !isAway();
      if (!isAway() && this.view?.lost) location.reload();
    });
    events.addEventListener("locked", () => {
      sessionStorage.setItem("catalog.wanted", location.pathname + location.search);
      location.assign("/login");
    });
  }

  links() {
    const views = [
      ["/", "library", _("Library")],
      ["/search", "search", _("Search")],
      ["/duplicates", "copies", _("Duplicates")],
      ["/statistics", "chart", _("Statistics")],
      ["/settings", "settings", _("Settings")],
    ];
    return views.map(([href, sign, words]) => el("a", { href }, icon(sign), el("span", {}, words)));
  }

  /** Go to an address of ours; a fragment stays in the view. */
  go(address, { state = {} } = {}) {
    this.note();
    history.pushState({ ...state, inner: true }, "", address);
    return this.render(history.state);
  }

  /** Give what is shown another address. */
  replace(address, state = {}) {
    history.replaceState({ ...history.state, ...state }, "", address);
    if (this.view && !address.startsWith("#")) this.shown = location.pathname + location.search;
  }

  /** Back to where the reader came from; where they came from elsewhere, to `address`. */
  back(address) {
    if (history.state?.inner) history.back();
    else {
      this.replace(address);
      this.render(history.state);
    }
  }

  /** Keep in the history how far what is shown is scrolled. */
  note() {
    const scroll = this.view?.placeNow?.() ?? null;
    if (this.view && this.shown === location.pathname + location.search)
      history.replaceState({ ...history.state, scroll }, "");
  }

  /** Show what the address says. */
  async render(state) {
    const address = location.pathname + location.search;
    if (this.shown !== address) await this.mount(address, state);
    if (this.shown === address) await this.view.fragment?.(location.hash);
  }

  async mount(address, state) {
    this.coming = address;
    const load = VIEWS[location.pathname] ?? VIEWS["/"];
    let made;
    try {
      const View = await load();
      if (this.coming !== address) return;
      this.view?.destroy?.();
      const place = {
        path: location.pathname,
        query: location.search ? queryOf(location.search) : "",
        scroll: state?.scroll,
        params: new URLSearchParams(location.search),
      };
      made = new View(this, place);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      made = {
        title: _("Offline"),
        lost: true,
        host: el(
          "main",
          { class: "view", id: "main" },
          failureState({ code: "offline" }, () => location.reload()),
        ),
      };
      ask("/healthz").then(
        () => {},
        () => {},
      ); // from then on the server is looked for
    }
    const first = !this.view;
    this.view = made;
    this.shown = address;
    fill(this.stage, made.host);
    if (!state?.scroll) window.scrollTo({ top: 0, behavior: "instant" });
    if (!first) made.host.focus({ preventScroll: true });
    made.mounted?.();
    this.told();
  }

  /** The title of the view, and the way up from it, are told anew. */
  told() {
    const { title, above } = this.view;
    document.title = location.pathname === "/" ? "catalog-tui" : `${title} · catalog-tui`;
    const home = el("a", { class: "brand", href: "/" }, icon("library"), el("span", {}, "catalog"));
    const up = above ?? (location.pathname === "/" ? null : { href: "/", words: _("Library") });
    const way = up && el("a", { class: "up", href: up.href }, icon("back"), el("span", { dir: "auto" }, up.words));
    fill(this.trail, home, way);
    for (const link of this.tabs.children) {
      const here =
        link.getAttribute("href") === (["/site", "/model"].includes(location.pathname) ? "/" : location.pathname);
      if (here) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  click(event) {
    const link = event.target.closest?.("a[href]");
    if (
      !link ||
      event.defaultPrevented ||
      event.button ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    if (link.origin !== location.origin || link.hasAttribute("download") || link.target) return;
    if (!(link.pathname in VIEWS)) return;
    event.preventDefault();
    const address = link.pathname + link.search + link.hash;
    if (address === location.pathname + location.search && !link.hash) window.scrollTo({ top: 0, behavior: "smooth" });
    else this.go(address);
  }

  key(event) {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "b" || event.key === "B") this.blur();
    else if (this.view?.key?.(event)) event.preventDefault();
    else if (event.key === "?") this.go("/settings#keys");
    else if (event.key === "/") this.go("/search");
    else if ((event.key === "Escape" || event.key === "Backspace") && this.trail.querySelector(".up"))
      this.go(this.trail.querySelector(".up").getAttribute("href"));
    else return;
    event.preventDefault();
  }

  /** Blur every picture, or no longer. */
  blur() {
    toast(blur() ? _("Pictures are blurred; b shows them.") : _("Pictures are shown."));
  }
}

dress();
await speak(choices.get("language", ""));
const wanted = sessionStorage.getItem("catalog.wanted"); // before the login page came between
sessionStorage.removeItem("catalog.wanted");
if (wanted && location.pathname === "/") history.replaceState(null, "", wanted);
const page = new Page();
await page.render(history.state);
if ("serviceWorker" in navigator && window.isSecureContext)
  navigator.serviceWorker.register("/service-worker.js").catch(() => {});
