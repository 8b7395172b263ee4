/** Small pictures with their place kept: a colour first, then the picture; the kind of the file where there is none. */

import { decoded } from "./decoding.js";
import { baseName, display, el, hue, icon, suffixOf } from "./kit.js";
import { _ } from "./words.js";

const LATE_MS = 150; // what comes later than that fades in, lest it startle
const OWN = 100; // pictures that the page makes itself: a first screen waits for no worker
const TURN_MS = 80;

/** The address of a thumbnail in a size, 320 or 1280. */
export function thumbnail(address, pixels) {
  if (address.includes(`size=${pixels}`)) return address;
  const [path, query = ""] = address.split("?");
  const others = query.split("&").filter((part) => part && !part.startsWith("size="));
  return `${path}?${[...others, `size=${pixels}`].join("&")}`;
}

/** A picture of `host`, over its colour. Gives what shows an address in it, and tells whether that is begun only now;
 * in haste none is begun, and what is there or on its way stays. `broken` is called where no picture comes.
 *
 * It is drawn on a canvas, not shown by an <img>: of these Chromium keeps the last 1,000 decoded, 300 MB at 320x240
 * (traced), and every one of them on its way to be seen is a layer of its own. A canvas holds what is in view. */
export function picture(host, broken) {
  const canvas = el("canvas", { "aria-hidden": "true" });
  let wanted = null;
  let flight = null;
  host.prepend(canvas);
  return (address, hasty) => {
    if (address === wanted) return false;
    wanted = hasty ? null : address;
    flight?.abort();
    flight = wanted ? new AbortController() : null;
    host.classList.remove("shown", "late");
    host.classList.toggle("coming", Boolean(wanted));
    if (wanted) show(host, canvas, wanted, flight.signal, broken);
    return true;
  };
}

async function show(host, canvas, address, signal, broken) {
  const began = performance.now();
  await null; // all cells have their places by then: the browser computes these once
  const [width, height] = [host.clientWidth * devicePixelRatio, host.clientHeight * devicePixelRatio];
  const bitmap = await made(address, width, height, signal);
  const moving = Boolean(host.closest(".moving"));
  if (moving) await turn();
  if (signal.aborted) return void bitmap?.close();
  host.classList.remove("coming");
  if (bitmap) {
    if (canvas.width !== bitmap.width) canvas.width = bitmap.width; // to set it at all has the canvas styled anew
    if (canvas.height !== bitmap.height) canvas.height = bitmap.height;
    canvas.getContext("bitmaprenderer").transferFromImageBitmap(bitmap);
    host.classList.toggle("late", !moving && performance.now() - began > LATE_MS);
    host.classList.add("shown");
  } else broken?.();
}

let begun = 0;

/** The picture at an address, as `decoded` makes it. */
async function made(...asked) {
  begun += 1;
  const workers = begun > OWN && (await import("./decoders.js").catch(() => null));
  return workers ? workers.made(...asked) : decoded(...asked);
}

let next = null;

/** When the next pictures of a list that moves are shown: several at once, for with each the browser makes its layers
 * anew, 70 KB of garbage. */
function turn() {
  next ??= new Promise((go) => setTimeout(go, TURN_MS)).then(() => (next = null));
  return next;
}

/** What stands in for a picture: the kind of the file, and what it is called. */
export function stand(host) {
  let sign = null;
  return (item) => {
    sign?.remove();
    sign = item && standing(item);
    if (sign) host.append(sign);
  };
}

function standing(item) {
  return el(
    "span",
    { class: "stand" },
    icon({ video: "play", other: "file", model: "folder" }[item.kind] ?? "hidden"),
    item.kind !== "model" && el("b", {}, suffixOf(item.name)),
    item.kind === "other" && el("span", {}, display(baseName(item.name))),
  );
}

/** Whether a picture is small enough, and of a kind, to be its own thumbnail where the server makes none. */
export function ownPicture(item) {
  const light = item.size < 1 << 20 && /\.(jpe?g|png|gif|webp|avif|bmp)$/i.test(item.name);
  return item.kind === "image" && light ? item.href : null;
}

/** A cell's maker for files: a picture as a link. `link(item, index)` gives its address. */
export function fileCell(link) {
  return (cell) => {
    const badge = el("span", { class: "badge" }, icon("play"));
    const tile = el("a", { class: "tile", tabindex: -1 });
    let shown = null;
    const show = picture(tile, () => sign(shown));
    const sign = stand(tile);
    cell.append(tile);
    return (item, hasty) => {
      const address = item ? (item.thumb ? thumbnail(item.thumb, 320) : ownPicture(item)) : null;
      tile.classList.toggle("waiting", !item);
      const begun = show(address, hasty);
      if (hasty && item) return;
      if (begun || !address) sign(address ? null : item);
      shown = item;
      if (item?.kind !== "video") badge.remove();
      else if (!badge.parentNode) tile.append(badge);
      if (!item) {
        tile.removeAttribute("href");
        tile.removeAttribute("aria-label");
        return;
      }
      tile.style.setProperty("--hue", hue(item.name));
      tile.href = link(item, Number(cell.dataset.index));
      tile.title = display(item.name);
      tile.setAttribute(
        "aria-label",
        item.kind === "video" ? _("{name}, video", { name: display(item.name) }) : display(item.name),
      );
    };
  };
}
