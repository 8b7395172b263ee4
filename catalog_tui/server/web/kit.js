/** The small kit of the page: elements, icons, names made fit to show, figures in the reader's words, choices kept, and the
 * looks that follow from these. */

import { language } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

/** An element. `props` are attributes, but `on…` functions listen, and `class` may hold falsy parts in an array.
 * Children that are no nodes become text: nothing is ever read as HTML. */
export function el(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = Array.isArray(value) ? value.filter(Boolean).join(" ") : value;
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  put(made, ...children);
  return made;
}

/** Replace what is in an element. */
export function fill(host, ...children) {
  host.replaceChildren();
  put(host, ...children);
  return host;
}

function put(host, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) host.append(child);
  }
}

const ICONS = {
  back: "M15 5l-7 7 7 7",
  forward: "M9 5l7 7-7 7",
  close: "M6 6l12 12M18 6L6 18",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l4.5 4.5",
  library: "M4 4h7v9H4zM13 4h7v6h-7zM4 15h7v5H4zM13 12h7v8h-7z",
  copies: "M8 8h12v12H8zM4 16V4h12",
  chart: "M4 20h16M7 16v-5M12 16V6M17 16v-8",
  settings: "M4 8h9M17 8h3M4 16h3M11 16h9M15 6v4M9 14v4",
  play: "M8 5l11 7-11 7z",
  pause: "M8 5v14M16 5v14",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5M12 7.6v.4",
  full: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  folder: "M3 6h6l2 2h10v11H3z",
  hidden:
    "M4 4l16 16M9.9 5.2A10 10 0 0 1 21 12a14 14 0 0 1-2.6 3.3M6.5 7.2A14 14 0 0 0 3 12s3 7 9 7a9 9 0 0 0 4-.9" +
    "M10 10a3 3 0 0 0 4 4",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
  undo: "M8 6L4 10l4 4M4 10h10a5 5 0 0 1 0 10h-3",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  cloud: "M4 4l16 16M7 18a4 4 0 0 1-.5-8M9 6.6A6 6 0 0 1 17.7 11 3.6 3.6 0 0 1 20 16.6",
  check: "M5 12.5l4.5 4.5L19 7.5",
};

/** A line icon, silent for screen readers. */
export function icon(name) {
  const made = document.createElementNS(SVG, "svg");
  made.setAttribute("viewBox", "0 0 24 24");
  made.setAttribute("class", "icon");
  made.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  made.append(path);
  return made;
}

/** An SVG element, for drawings; children that are no nodes become text. */
export function svg(tag, props = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props)) made.setAttribute(name, String(value));
  put(made, ...children);
  return made;
}

/** A button with an icon, named for those who do not see it. */
export function iconButton(name, label, onclick, props = {}) {
  return el(
    "button",
    { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...props },
    icon(name),
  );
}

// Controls, private and unassigned characters; then what overrides direction, separates or is invisible. Joiners shape
// letters and stay.
const UNFIT = new RegExp(
  "[\\p{Cc}\\p{Co}\\p{Cn}\\p{Cs}\\p{Zl}\\p{Zp}\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b" +
    "\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\u{e0001}]",
  "gu",
);
const PILED_MARKS = /(\p{M}{4})\p{M}+/gu;

/** A name as harmless visible text: what would hide, reorder or pile up is spelled out, as the terminal does it. */
export function display(name) {
  return name.replace(UNFIT, spelled).replace(PILED_MARKS, "$1");
}

function spelled(char) {
  const code = char.codePointAt(0);
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
}

/** The last name of a path. */
export function baseName(path) {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The suffix of a name without its dot, in capitals; "" where there is none, or none that is short. */
export function suffixOf(name) {
  return /\.([A-Za-z0-9]{1,5})$/.exec(name)?.[1].toUpperCase() ?? "";
}

export function count(number) {
  return number.toLocaleString(language());
}

const UNITS = ["B", "KB", "MB", "GB", "TB", "PB"];

/** Bytes in units of 1024, as the terminal says them, with at most three figures. */
export function size(bytes) {
  let power = 0;
  while (bytes >= 1023.5 && power < UNITS.length - 1) {
    bytes /= 1024;
    power += 1;
  }
  const digits = power === 0 || bytes >= 99.95 ? 0 : bytes >= 9.995 ? 1 : 2;
  const figure = bytes.toLocaleString(language(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${figure}\u00a0${UNITS[power]}`;
}

/** Seconds since 1970 as a date, or date and time. */
export function date(seconds, withTime = false) {
  const moment = new Date(seconds * 1000);
  if (Number.isNaN(moment.getTime())) return "?";
  return moment.toLocaleString(
    language(),
    withTime ? { dateStyle: "long", timeStyle: "short" } : { dateStyle: "medium" },
  );
}

/** Seconds as a player shows them. */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [
    Math.floor(whole / 3600),
    Math.floor(whole / 60) % 60,
    String(whole % 60).padStart(2, "0"),
  ];
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** A hue for a name, the same each time: what stands there before its picture comes. */
export function hue(name) {
  let sum = 7;
  for (let at = 0; at < name.length; at += 1) sum = (sum * 31 + name.charCodeAt(at)) | 0;
  return ((sum % 360) + 360) % 360;
}

/** What the reader chose, kept in this browser; a browser that keeps nothing forgets it with the page. */
export const choices = {
  kept: {},
  get(name, otherwise) {
    try {
      return localStorage.getItem(`catalog.${name}`) ?? otherwise;
    } catch {
      return this.kept[name] ?? otherwise;
    }
  },
  set(name, value) {
    this.kept[name] = value;
    try {
      localStorage.setItem(`catalog.${name}`, value);
    } catch {
      // private windows of some browsers: the choice holds until the page is closed
    }
  },
};

/** Take up the theme that was chosen: "light", "dark", or without a choice the system's. */
export function dress() {
  const media = { light: "not all", dark: "all" }[choices.get("theme", "")];
  document.getElementById("dark").media = media ?? "(prefers-color-scheme: dark)";
  document.documentElement.classList.toggle("blurred", choices.get("blurred", "") === "yes");
}

/** Blur every picture, or no longer; whether they are blurred now. */
export function blur() {
  const blurred = choices.get("blurred", "") !== "yes";
  choices.set("blurred", blurred ? "yes" : "");
  dress();
  return blurred;
}

/** `act`, once the calls have stopped for `ms`. */
export function settled(ms, act) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...args), ms);
  };
}
