/** What the page says, in the reader's language: English in the source, the others from a dictionary of it. */

let dictionary = {};
let current = "en";
let plurals = new Intl.PluralRules("en");

export const LANGUAGES = { en: "English", "pt-BR": "Português (Brasil)" };

/** The language in force, as a BCP 47 tag; for English the reader's own kind of it, which decides how dates look. */
export function language() {
  if (current !== "en") return current;
  return navigator.languages.find((tag) => tag.startsWith("en")) ?? "en";
}

/** The language of the dictionary in force. */
export function spoken() {
  return current;
}

/** Take up the language that was chosen, or without a choice the browser's. */
export async function speak(chosen) {
  current = chosen in LANGUAGES ? chosen : browserLanguage();
  dictionary = current === "pt-BR" ? (await import("./words-pt-BR.js")).default : {};
  plurals = new Intl.PluralRules(current);
  document.documentElement.lang = current;
}

function browserLanguage() {
  for (const tag of navigator.languages) {
    if (tag.startsWith("pt")) return "pt-BR";
    if (tag.startsWith("en")) return "en";
  }
  return "en";
}

/** `text` in the language in force, `{name}` replaced from `values`. */
export function _(text, values) {
  return replaced(dictionary[text] ?? text, values);
}

/** `one` or `many` for a number, which stands in for `{count}`. */
export function ngettext(one, many, number, values) {
  const [first, other] = dictionary[one] ?? [one, many];
  const text = plurals.select(number) === "one" ? first : other;
  return replaced(text, { count: number.toLocaleString(language()), ...values });
}

function replaced(text, values) {
  return values ? text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole) : text;
}
