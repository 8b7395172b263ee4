/** The viewer going on by itself: each picture for a while, each video to its end. */

import { fill, icon, iconButton } from "./kit.js";
import { _ } from "./words.js";

const PICTURE_MS = 4_000;

/** The slideshow of a viewer, and the button that starts and ends it. */
export class Slideshow {
  constructor(viewer) {
    this.viewer = viewer;
    this.on = false;
    this.button = iconButton("play", _("Slideshow (space)"), () => this.turn());
  }

  turn() {
    this.play(!this.on);
  }

  play(on) {
    clearTimeout(this.timer);
    this.on = on;
    fill(this.button, icon(on ? "pause" : "play"));
    this.button.setAttribute("aria-pressed", String(on));
    this.viewer.root.classList.toggle("playing", on);
    if (on) this.wait();
  }

  /** What is looked at now has its time; a picture from when it is there. */
  wait() {
    clearTimeout(this.timer);
    if (!this.on) return;
    const { slide } = this.viewer;
    if (slide?.player) {
      slide.player.muted = true;
      slide.player.play().catch(() => this.viewer.step(1));
      return;
    }
    slide?.ready.then(() => {
      if (!this.on || this.viewer.slide !== slide) return;
      clearTimeout(this.timer); // it may have been looked at twice while it came
      this.timer = setTimeout(() => this.viewer.step(1), PICTURE_MS);
    });
  }

  /** A video is at its end. */
  ended(slide) {
    if (this.on && this.viewer.slide === slide) this.viewer.step(1);
  }
}
