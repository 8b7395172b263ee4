/** How the page looks, as the reader chose. */

import { choices } from "./kit.js";

/** Take up the theme that was chosen: "light", "dark", or without a choice the system's. */
export function dress() {
  const theme = choices.get("theme", "");
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  document.documentElement.classList.toggle("blurred", choices.get("blurred", "") === "yes");
}

/** Blur every picture, or no longer; whether they are blurred now. */
export function blur() {
  const blurred = choices.get("blurred", "") !== "yes";
  choices.set("blurred", blurred ? "yes" : "");
  dress();
  return blurred;
}
