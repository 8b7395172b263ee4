/** Parts that several views are made of: states in words, controls of lists. */

import { el, icon, iconButton, settled } from "./kit.js";
import { _ } from "./words.js";

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
