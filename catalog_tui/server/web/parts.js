/** Parts that several views are made of: pictures with their place kept, states in words, controls of lists. */

import { baseName, display, el, fill, hue, icon, iconButton, settled, suffixOf } from "./kit.js";
import { _ } from "./words.js";

/** The address of a thumbnail in a size, 320 or 1280. */
export function thumbnail(address, pixels) {
  if (address.includes(`size=${pixels}`)) return address;
  const [path, query = ""] = address.split("?");
  const others = query.split("&").filter((part) => part && !part.startsWith("size="));
  return `${path}?${[...others, `size=${pixels}`].join("&")}`;
}

/** A picture of `parts`: an <img> that is seen once it is there, over a colour. Gives what shows an address in it. */
export function picture(host) {
  let image = null;
  let wanted = null;
  return (address) => {
    if (address === wanted && address) return;
    wanted = address;
    image?.removeAttribute("src");
    image?.remove();
    image = null;
    host.classList.remove("shown", "broken");
    if (!address) return;
    image = el("img", { alt: "", decoding: "async", draggable: "false" });
    const made = image;
    image.addEventListener("load", () => made === image && host.classList.add("shown"), { once: true });
    image.addEventListener("error", () => made === image && host.classList.add("broken"), { once: true });
    image.src = address;
    host.prepend(image);
  };
}

/** What stands in for a picture: the kind of the file, and what it is called. */
export function stand(host) {
  const sign = el("span", { class: "stand" });
  host.append(sign);
  return (item) => {
    if (!item) return fill(sign);
    const name = item.kind === "video" ? "play" : item.kind === "other" ? "file" : "hidden";
    return fill(
      sign,
      icon(name),
      el("b", {}, suffixOf(item.name)),
      item.kind === "other" && el("span", {}, display(baseName(item.name))),
    );
  };
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
    const tile = el("a", { class: "tile", tabindex: -1 }, badge);
    const show = picture(tile);
    const sign = stand(tile);
    cell.append(tile);
    return (item, hasty) => {
      tile.classList.toggle("waiting", !item);
      show(item && !hasty ? (item.thumb ? thumbnail(item.thumb, 320) : ownPicture(item)) : null);
      if (hasty && item) return;
      badge.hidden = item?.kind !== "video";
      sign(item);
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

/** A state of a view in words: nothing there, an error, out of reach. */
export function state(sign, title, words, ...actions) {
  return el(
    "div",
    { class: "state", role: "status" },
    icon(sign),
    el("h2", {}, title),
    words && el("p", {}, words),
    el("div", { class: "actions" }, actions),
  );
}

/** What went wrong with a request, in words, and what can be done about it. */
export function failureState(failure, retry) {
  const again = el("button", { type: "button", class: "button", onclick: retry }, _("Try again"));
  const home = el("a", { class: "button quiet", href: "/" }, _("To the library"));
  if (failure.code === "offline")
    return state(
      "cloud",
      _("The server does not answer"),
      _("This page looks for it, and goes on as soon as it is back."),
      again,
    );
  if (failure.code === "archive_away")
    return state(
      "cloud",
      _("The archive is away"),
      _("Its folder may be unmounted. It is shown again as soon as it is back."),
      again,
    );
  if (failure.status === 404)
    return state(
      "hidden",
      _("This is not here any more"),
      _("It was moved, renamed or removed, or it never was here."),
      home,
    );
  if (failure.status === 422) return state("hidden", _("This address means nothing here"), failure.message, home);
  return state("hidden", _("That did not work"), failure.message, again, home);
}

/** A field that narrows a list as one types; Escape empties it, Enter and ArrowDown lead into the list. */
export function filterField(label, value, change, enter) {
  const input = el("input", {
    type: "search",
    class: "field",
    placeholder: label,
    "aria-label": label,
    value,
    maxlength: 200,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    enterkeyhint: "search",
  });
  const later = settled(120, () => change(input.value.trim()));
  input.addEventListener("input", later);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && input.value) {
      input.value = "";
      change("");
    } else if (event.key === "Escape") input.blur();
    else if (event.key === "Enter" || event.key === "ArrowDown") enter();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return el("div", { class: "filter" }, icon("search"), input);
}

/** A choice among few, as a drop-down list. `options` are pairs of value and words. */
export function select(label, options, value, change) {
  const made = el("select", { class: "select", "aria-label": label, onchange: (event) => change(event.target.value) });
  for (const [key, words] of options) made.append(el("option", { value: key, selected: key === value }, words));
  return made;
}

/** A choice among few that are all seen. */
export function segments(label, options, value, change) {
  const host = el("div", { class: "segments", role: "group", "aria-label": label });
  const show = (now) => {
    for (const button of host.children) button.setAttribute("aria-pressed", String(button.dataset.value === now));
  };
  for (const [key, words] of options) {
    const choose = () => {
      show(key);
      change(key);
    };
    host.append(el("button", { type: "button", "data-value": key, onclick: choose }, words));
  }
  show(value);
  return host;
}

/** A few words at the edge of the page that go by themselves; `action` is a pair of words and what they do. */
export function toast(words, action) {
  const host = document.querySelector(".toasts");
  const close = () => shown.remove();
  const act =
    action && el("button", { type: "button", class: "button plain", onclick: () => (close(), action[1]()) }, action[0]);
  const shown = el("div", { class: "toast" }, el("span", {}, words), act, iconButton("close", _("Close"), close));
  host.replaceChildren(shown);
  setTimeout(close, action ? 12_000 : 5_000);
}
