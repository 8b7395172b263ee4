/** What is known of a file, as a sheet beside it. */

import { count, date, display, duration, el, size } from "./kit.js";
import { _ } from "./words.js";

/** The facts of the file in a slide: what the list tells of it, and what the browser has found out by now. */
export function facts(slide, model, site) {
  const { item } = slide;
  const [width, height, seconds] = slide.known();
  const rows = [
    [_("Name"), display(item.name)],
    [_("Model"), model],
    [_("Site"), site],
    [_("Size"), size(item.size)],
    [_("Changed"), date(item.mtime, true)],
    width && [_("Pixels"), `${count(width)} × ${count(height)}`],
    seconds && Number.isFinite(seconds) && [_("Length"), duration(seconds)],
  ].filter(Boolean);
  return [
    el("h2", {}, _("Facts")),
    el(
      "dl",
      {},
      rows.map(([term, told]) => [el("dt", {}, term), el("dd", { dir: "auto" }, told)]),
    ),
    el("a", { class: "button quiet", href: item.href, target: "_blank", rel: "noopener" }, _("Open the file")),
  ];
}
