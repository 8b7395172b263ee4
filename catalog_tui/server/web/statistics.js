/** What the archive holds, drawn: space by site and by model, kinds, and what came when. */

import { viewOf } from "./addresses.js";
import { ask, events } from "./data.js";
import { count, display, el, fill, size, svg } from "./kit.js";
import { failureState, state } from "./parts.js";
import { _, language, ngettext } from "./words.js";

const KINDS = { image: () => _("Pictures"), video: () => _("Videos"), other: () => _("Others") };
const CHART = { height: 260, left: 72, bottom: 28, top: 12 };

export class StatisticsView {
  constructor() {
    this.title = _("Statistics");
    this.above = null;
    this.sums = el("p", { class: "sums" }, "\u00a0");
    this.body = el("div", { class: "sheets" });
    this.host = el(
      "main",
      { class: "view", id: "main", tabindex: -1 },
      el("header", { class: "head" }, el("h1", {}, this.title), this.sums),
      this.body,
    );
    this.ends = new AbortController();
    events.addEventListener("reach", ({ detail }) => !detail.away && this.load(), { signal: this.ends.signal });
    this.load();
  }

  destroy() {
    this.ends.abort();
  }

  async load() {
    fill(this.body, el("div", { class: "waiting-state", role: "status" }, _("Going through the archive…")));
    try {
      this.show(await ask("/api/statistics"));
    } catch (failure) {
      if (failure.status === undefined) throw failure;
      fill(
        this.body,
        failureState(failure, () => this.load()),
      );
    }
  }

  show(told) {
    const files = told.kinds.reduce((sum, kind) => sum + kind.files, 0);
    const bytes = told.kinds.reduce((sum, kind) => sum + kind.bytes, 0);
    fill(
      this.sums,
      [
        ngettext("{count} site", "{count} sites", told.sites.length),
        ngettext("{count} model", "{count} models", told.models),
        ngettext("{count} file", "{count} files", files),
        size(bytes),
      ].join(" · "),
    );
    if (!files) {
      fill(
        this.body,
        state(
          "chart",
          _("Nothing to count yet"),
          _("As soon as there are files in the archive, they are counted here."),
        ),
      );
      return;
    }
    const sites = [...told.sites].sort((one, other) => other.bytes - one.bytes);
    fill(
      this.body,
      sheet(_("Kinds"), kinds(told.kinds, files)),
      sheet(_("Growth"), growth(told.months), "broad"),
      sheet(_("Space by site"), bars(sites)),
      sheet(
        _("Largest models"),
        bars(told.largest, (model) => display(model.site)),
        "broad",
      ),
    );
  }
}

function sheet(title, drawing, more = "") {
  return el("section", { class: ["paper", more] }, el("h2", {}, title), drawing);
}

/** Bars to compare lengths by, each a link. */
function bars(rows, below = () => "") {
  const most = Math.max(...rows.map((row) => row.bytes), 1);
  return el(
    "ul",
    { class: "bars" },
    rows.map((row) => {
      const drawing = svg(
        "svg",
        { viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" },
        svg("rect", { class: "rail", width: 100, height: 4 }),
        svg("rect", { class: "amount", width: Math.max(0.6, (100 * row.bytes) / most), height: 4 }),
      );
      const words = el(
        "span",
        { class: "bar-words" },
        el("b", { dir: "auto" }, display(row.name) || _("(loose files)")),
        below(row) && el("small", { dir: "auto" }, below(row)),
        el("span", { class: "figure" }, size(row.bytes), " · ", ngettext("{count} file", "{count} files", row.files)),
      );
      return el("li", {}, el("a", { href: viewOf(row.href) }, words, drawing));
    }),
  );
}

/** A ring of the kinds, with a table of what it shows. */
function kinds(rows, files) {
  const ring = svg("svg", { class: "ring", viewBox: "-60 -60 120 120", "aria-hidden": "true" });
  const around = 2 * Math.PI * 46;
  let from = 0;
  for (const row of rows) {
    const share = row.files / files;
    if (share)
      ring.append(
        svg("circle", {
          class: `of-${row.kind}`,
          r: 46,
          "stroke-dasharray": `${Math.max(0.5, share * around - 2)} ${around}`,
          "stroke-dashoffset": -from * around,
        }),
      );
    from += share;
  }
  const table = el(
    "dl",
    { class: "key" },
    rows
      .filter((row) => row.files)
      .map((row) => [
        el("dt", { class: `of-${row.kind}` }, KINDS[row.kind]()),
        el("dd", {}, `${count(row.files)} · ${size(row.bytes)}`),
      ]),
  );
  return el("div", { class: "kinds" }, ring, table);
}

/** How the archive grew: the sum of all bytes, month by month, by the files' own dates. */
function growth(months) {
  const points = everyMonth(months);
  const { height, left, bottom, top } = CHART;
  const [width, labels] = innerWidth < 600 ? [380, 2] : [900, 5];
  const most = points.at(-1).sum || 1;
  const across = (at) => left + ((width - left - 8) * at) / Math.max(1, points.length - 1);
  const up = (sum) => height - bottom - ((height - bottom - top) * sum) / most;
  const line = points
    .map((point, at) => `${at ? "L" : "M"}${across(at).toFixed(1)} ${up(point.sum).toFixed(1)}`)
    .join("");
  const title = _("{size} from {first} to {last}", {
    size: size(most),
    first: monthWords(points[0].month),
    last: monthWords(points.at(-1).month),
  });
  const drawing = svg("svg", { class: "growth", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title });
  for (const share of [0, 0.5, 1]) {
    drawing.append(
      svg("line", { x1: left, x2: width, y1: up(most * share), y2: up(most * share) }),
      svg("text", { x: left - 10, y: up(most * share) + 4, "text-anchor": "end" }, size(most * share)),
    );
  }
  const steps = Math.min(points.length - 1, labels) || 1;
  for (let step = 0; step <= steps; step += 1) {
    const at = Math.round((step * (points.length - 1)) / steps);
    drawing.append(
      svg(
        "text",
        { x: across(at), y: height - 6, "text-anchor": step === 0 ? "start" : step === steps ? "end" : "middle" },
        monthWords(points[at].month),
      ),
    );
  }
  drawing.append(
    svg("path", { class: "area", d: `${line}L${across(points.length - 1)} ${up(0)}L${left} ${up(0)}Z` }),
    svg("path", { class: "line", d: line }),
  );
  return drawing;
}

/** The months from the first to the last, without gaps, each with the sum so far. */
function everyMonth(months) {
  const points = [];
  let sum = 0;
  const known = new Map(months.map((month) => [month.month, month]));
  const end = months.at(-1).month;
  for (let [year, month] = months[0].month.split("-").map(Number); ;) {
    const key = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}`;
    sum += known.get(key)?.bytes ?? 0;
    points.push({ month: key, sum });
    if (key >= end) break;
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  }
  return points.length > 1 ? points : [{ month: points[0].month, sum: 0 }, points[0]];
}

function monthWords(month) {
  const [year, number] = month.split("-").map(Number);
  return new Date(year, number - 1, 15).toLocaleDateString(language(), { month: "short", year: "numeric" });
}
