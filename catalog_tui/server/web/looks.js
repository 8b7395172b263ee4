/** How the page looks, as the reader chose. */

import { choices } from "./kit.js";

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
