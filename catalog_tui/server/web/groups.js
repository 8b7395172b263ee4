/** A group of duplicates: its copies side by side, and which of them go. */

import { baseName, date, display, el, fill, hue, icon, size, suffixOf } from "./kit.js";
import { toast } from "./parts.js";
import { picture } from "./pictures.js";
import { _, ngettext } from "./words.js";

const PICTURES = /\.(jpe?g|jpe|jfif|a?png|webp|gif|bmp|tiff?|avif|hei[cf]|jxl)$/i;
const VIDEOS = /\.(mp4|webm|mov|mkv|m4v|avi|flv|wmv|asf|m?ts|m2ts|mpe?g|3gp|ogv)$/i;
const MANY_COPIES = 12; // of a group are drawn; the rest is told by number until asked for

/** The pictures of copies, each begun when it comes near the view. */
export class Faces {
  constructor() {
    this.shows = new Map();
    const near = (entries) => entries.filter((entry) => entry.isIntersecting).forEach(({ target }) => this.begin(target));
    this.sight = new IntersectionObserver(near, { rootMargin: "60% 0px" });
  }

  put(face, address) {
    const show = picture(face);
    this.shows.set(face, (wanted) => show(wanted ? address : null));
    this.sight.observe(face);
  }

  begin(face) {
    this.sight.unobserve(face);
    this.shows.get(face)?.(true);
  }

  /** No more are begun, and those on their way are called back: their files may be gone when they are asked for. */
  rest() {
    this.sight.disconnect();
    for (const [face, show] of this.shows) if (!face.classList.contains("shown")) show(false);
    this.shows.clear();
  }
}

/** The group's part of the page. `view` says whether files may go (`allowed`) and which do (`choices`), and is told
 * when that has changed (`weigh`); it keeps the pictures (`faces`), and what shows the choices anew (`paints`). */
export function drawGroup(view, group) {
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
    shown.map((file) => copy(view, group, file)),
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
            group.files.map((file) => copy(view, group, file)),
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

function copy(view, group, file) {
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
view.faces.put(face, `${file.href.replace("/media/", "/thumb/")}?size=320`);
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
  if (view.allowed) host.append(turner(view, group, file, host));
  return host;
}

function turner(view, group, file, host) {
  const button = el("button", { type: "button", class: "turner" });
  const paint = () => {
    const goes = view.choices.goes(group, file);
    host.classList.toggle("goes", goes);
    button.setAttribute("aria-pressed", String(goes));
    fill(button, icon(goes ? "trash" : "check"), goes ? _("goes") : _("stays"));
  };
  button.addEventListener("click", () => {
    if (!view.choices.turn(group, file)) toast(_("One copy stays: it is the last."));
    paint();
    view.weigh();
  });
  paint();
  view.paints.push(paint);
  return button;
}

