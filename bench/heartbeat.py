"""The program with a heart: how late its event loop comes back, again and again, written to a file.

python -m bench.heartbeat BEATS ARCHIVE     # BEATS gets a line for each beat: when (perf_counter), ms late
"""

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import Final, TextIO

BEAT_S: Final = 0.005


async def beat(to: TextIO) -> None:
    """Note forever by how much the loop was late to wake this up: so long nothing else could have run either."""
    while True:
        due = time.perf_counter() + BEAT_S
        await asyncio.sleep(BEAT_S)
        now = time.perf_counter()
        to.write(f"{now:.6f} {(now - due) * 1e3:.3f}\n")


def late_between(beats: Path, begun_s: float, ended_s: float) -> list[float]:
    """Milliseconds by which the beats of this time were late (on Linux all processes count from one moment)."""
    lines = beats.read_text().splitlines()[:-1]  # the last may be half written
    return [float(late) for when, late in map(str.split, lines) if begun_s <= float(when) <= ended_s]


def main() -> int:
    """Run the program on an archive."""
    from catalog_tui.browsing import FRAMES_PER_S
    from catalog_tui.cli import main as run

    os.environ.setdefault("TEXTUAL_FPS", str(FRAMES_PER_S))  # as the program does, before Textual is loaded
    import catalog_tui.app as module

    class Beating(module.CatalogApp):
        """The app itself, and its heart."""

        CSS_PATH = str(Path(module.__file__).with_name("catalog.tcss"))

        def on_load(self) -> None:
            """Before the screen is there."""
            self.heart = asyncio.create_task(beat(beats))

    with Path(sys.argv[1]).open("w", buffering=1) as beats:
        vars(module)["CatalogApp"] = Beating  # the program makes its app itself
        return run([sys.argv[2]])


if __name__ == "__main__":
    sys.exit(main())
