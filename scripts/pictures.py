"""Draws the pictures of the README from the demo archive: `python scripts/pictures.py` writes docs/pictures/*.svg.

The same source gives the same pictures on any day: the demo comes from a seed and is made at a path of its own, so that
no user's folder is in sight.
"""

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from textual.pilot import Pilot

from catalog_tui.app import CatalogApp
from catalog_tui.config import Settings
from catalog_tui.core.archive import Archive
from catalog_tui.core.facts import FileFacts, file_facts
from catalog_tui.core.reader import DirectReader
from catalog_tui.core.state import Place
from catalog_tui.demo import make_demo
from catalog_tui.widgets.picture_view import PictureView

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SIZE = (120, 36)
PATIENCE_S = 30.0
DEMO = Path("Archive-Downloader")
"""Below the home that the pictures are drawn in."""


async def wait(pilot: Pilot[int], so: Callable[[], bool]) -> None:
    """Let the app go on until `so()`. Raises TimeoutError."""
    deadline = time.monotonic() + PATIENCE_S
    while not so():
        if time.monotonic() > deadline:
            raise TimeoutError("what the picture is to show did not come")
        await pilot.pause(0.02)


async def settle(app: CatalogApp, pilot: Pilot[int]) -> None:
    """Wait until all is read."""
    await wait(pilot, lambda: all(pane.records.rows for pane in app.browser.panes))
    await wait(pilot, lambda: all(worker.is_finished for worker in app.workers))
    await pilot.pause()


async def drawn(app: CatalogApp, pilot: Pilot[int]) -> None:
    """Wait until every picture stands."""
    await wait(pilot, lambda: all(view.is_settled for view in app.screen.query(PictureView)))
    await settle(app, pilot)


async def browse(app: CatalogApp, pilot: Pilot[int]) -> None:
    """A picture in a model, two marked."""
    for key in ("j", "l", "j", "l", "j", "space", "space", "j"):
        await pilot.press(key)
        await settle(app, pilot)
    await drawn(app, pilot)


async def filtered(app: CatalogApp, pilot: Pilot[int]) -> None:
    """A filter while it is typed."""
    await browse(app, pilot)
    await pilot.press("U", "slash", *"jpg")
    await drawn(app, pilot)


async def duplicates(app: CatalogApp, pilot: Pilot[int]) -> None:
    """What a scan found."""
    await pilot.press("D")
    await wait(pilot, lambda: app.browser.scan_bar.has_class("-ended"))
    await pilot.press("W")
    await wait(pilot, lambda: app.screen is not app.browser)
    await wait(pilot, lambda: all(worker.is_finished for worker in app.workers))
    await pilot.press("j", "j")
    await pilot.pause(0.3)
    await wait(pilot, lambda: all(view.is_settled for view in app.screen.query(PictureView)))


async def tiles(app: CatalogApp, pilot: Pilot[int]) -> None:
    """A model's pictures side by side."""
    for key in ("j", "l", "j", "l", "t", "j", "space", "j"):
        await pilot.press(key)
        await settle(app, pilot)
    media = app.browser.media
    await wait(pilot, lambda: all(media.tiles.is_drawn(row) for row in range(len(media.tiles.in_view))))
    await drawn(app, pilot)


SCENES = {"browse": browse, "tiles": tiles, "filter": filtered, "duplicates": duplicates}


def timeless_facts(path: str) -> FileFacts:
    """The facts of a file, but for the day on which the demo was made."""
    facts = file_facts(path)
    return replace(facts, ctime_ns=facts.mtime_ns)


async def draw(name: str, archive: Path) -> str:
    """One picture, as SVG."""
    reader = DirectReader()
    app = CatalogApp(Archive(str(archive), reader=reader), reader, Settings(preview="blocks"), Place(), [])
    with patch("catalog_tui.widgets.details_pane.file_facts", timeless_facts):
        async with app.run_test(size=SIZE) as pilot:
            await settle(app, pilot)
            await SCENES[name](app, pilot)
            return app.export_screenshot(title="catalog-tui")


def main() -> None:
    """Draw them all."""
    home = Path(tempfile.gettempdir()) / "catalog-tui-pictures"
    home.mkdir()  # a fixed name, as it is in the pictures; whoever has it already keeps it
    try:
        os.environ.update(HOME=str(home), TZ="UTC", LANGUAGE="en")
        for part in ("CONFIG", "CACHE", "STATE"):
            os.environ[f"CATALOG_TUI_{part}_DIR"] = str(home / part.lower())
        make_demo(home / DEMO)
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name in SCENES:
            (FOLDER / f"{name}.svg").write_text(asyncio.run(draw(name, home / DEMO)), encoding="utf-8")
            print(FOLDER / f"{name}.svg")
    finally:
        shutil.rmtree(home)


if __name__ == "__main__":
    main()
