"""Driving the app over a real archive: opening it, pressing keys, and reading what stands on the screen."""

import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Final

from textual._context import visible_screen_stack
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from catalog_tui.app import CatalogApp
from catalog_tui.config import Settings
from catalog_tui.core.archive import Archive
from catalog_tui.core.complaints import Complaint
from catalog_tui.core.reader import DirectReader, Reader
from catalog_tui.core.state import Place
from catalog_tui.graphics.studio import Source
from catalog_tui.picturing import open_thumbnails
from catalog_tui.screens.browse import BrowseScreen
from catalog_tui.widgets.archive_pane import ArchivePane
from catalog_tui.widgets.key_line import KeyLine
from tests.trees import make_archive
from tests.waiting import until

WIDE: Final = (180, 40)
DAY_S: Final = 86_400
FIRST_DAY_S: Final = 1_700_000_000  # 2023-11-14

KNOWN: Final[Mapping[str, bytes | int]] = {
    "artsite/Ana Vale/clip.mp4": 5_000_000,
    "artsite/Ana Vale/img2.jpg": 2_000,
    "artsite/Ana Vale/img2.jpg.json": b"{}",
    "artsite/Ana Vale/img10.jpg": 1_000,
    "artsite/Ana Vale/notes.pdf": 300,
    "artsite/bruno/one.png": 40_000,
    "artsite/bruno/two.png": 50_000,
    "artsite/cleo/film.mkv": 9_000_000,
    "artsite/dora/": b"",
    "artsite/lying about.jpg": 77,
    "boards/emil/a.jpg": 10,
    "boards/fay/b.jpg": 20,
    "cosplay/gil/c.jpg": 30,
    "void/": b"",
}
"""An archive of which every figure is known; each file and folder is a day older than the one after it here."""


def make_known_archive(root: Path, spec: Mapping[str, bytes | int] = KNOWN) -> Path:
    """Make `spec` below `root`, with dates that do not depend on when it is made."""
    make_archive(root, spec)
    for number, name in enumerate(spec):
        date_s = FIRST_DAY_S + number * DAY_S
        path = root / name
        while path != root:
            os.utime(path, (date_s, date_s))
            path = path.parent
    return root


class Driver:
    """The app, its pilot, and what a person would see of it."""

    def __init__(self, app: CatalogApp, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def browser(self) -> BrowseScreen:
        return self.app.browser

    @property
    def focused(self) -> str | None:
        """The id of the focused pane; None where something else has the focus."""
        return next((pane.id for pane in self.browser.panes if pane.records.has_focus), None)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def walk(self, *keys: str) -> None:
        """Press keys as somebody who looks at the screen before the next one."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def until(self, so: Callable[[], bool]) -> None:
        await until(self.pilot, so)

    async def settle(self) -> None:
        """Wait until every pane shows what the cursor to its left stands on, nothing is being read any more, and all
        is said of where the cursor is."""
        await self.until(
            lambda: (
                self._agree()
                and all(pane.place is None or is_filled(pane) for pane in self.panes)
                and self._idle()
                and self.browser.told
            )
        )

    def _agree(self) -> bool:
        for pane, following in pairwise(self.panes):
            name = self.at(pane)
            if following.place != (None if name is None or pane.place is None else (*pane.place, name)):
                return False
        return True

    def _idle(self) -> bool:
        return all(worker.is_finished for worker in self.app.workers)

    @property
    def panes(self) -> tuple[ArchivePane, ...]:
        return self.browser.panes

    def names(self, pane: ArchivePane) -> list[str]:
        """The names in a pane, from the first row to the last."""
        records = pane.records
        return [] if records.source is None else [records.source.name(index) for index in records.arrangement.order]

    def at(self, pane: ArchivePane) -> str | None:
        """The name under a pane's cursor."""
        records = pane.records
        return None if records.source is None or records.current is None else records.source.name(records.current)

    def at_all(self) -> tuple[str | None, ...]:
        """The names under the cursors of all panes."""
        return tuple(map(self.at, self.panes))

    def row(self, pane: ArchivePane, name: str) -> str:
        """The line in which a record is drawn."""
        records = pane.records
        assert records.source is not None
        index = records.source.find(name)
        assert index is not None
        return records.render_line(list(records.arrangement.order).index(index) - records.scroll_offset.y).text

    def key_line(self) -> str:
        return " ".join(self.app.screen.query_one(KeyLine).render_line(0).text.split())

    def notices(self) -> list[str]:
        """What was said in notifications that still stand."""
        return [notification.message for notification in self.app._notifications]

    def text(self) -> str:
        """Everything on the screen, line by line."""
        return screen_text(self.app)


def is_filled(pane: ArchivePane) -> bool:
    """Whether rows, or words in their place, stand in a pane."""
    return pane.records.rows > 0 or bool(pane.records.words)


def lines_of(widget: Widget) -> list[str]:
    """A line-drawing widget's lines as text."""
    return [widget.render_line(y).text for y in range(widget.size.height)]


def strips_of(app: CatalogApp) -> list[Strip]:
    """What is on the screen, as it goes to the terminal."""
    visible_screen_stack.set(app._background_screens)  # as Textual does before it draws: dialogs show what is behind
    return app.screen._compositor.render_strips()


def screen_text(app: CatalogApp) -> str:
    return "\n".join(strip.text for strip in strips_of(app))


def make_app(
    root: Path | str,
    *,
    reader: Reader | None = None,
    settings: Settings | None = None,
    place: Place | None = None,
    preview: str = "none",
    open_pictures: Callable[[Callable[[Complaint], None]], Source] = open_thumbnails,
) -> CatalogApp:
    """The app over the archive `root`, reading in this process where no `reader` is given, and drawing pictures only
    where `preview` says how."""
    reader = reader or DirectReader()
    settings = replace(settings or Settings(), preview=preview)
    archive = Archive(str(root), reader=reader)
    return CatalogApp(archive, reader, settings, place or Place(), [], open_pictures)


@asynccontextmanager
async def browsing(
    root: Path | str,
    *,
    size: tuple[int, int] = WIDE,
    reader: Reader | None = None,
    settings: Settings | None = None,
    place: Place | None = None,
    preview: str = "none",
    open_pictures: Callable[[Callable[[Complaint], None]], Source] = open_thumbnails,
    settled: bool = True,
) -> AsyncIterator[Driver]:
    """Browse the archive `root`; where `settled`, once all panes are read."""
    app = make_app(root, reader=reader, settings=settings, place=place, preview=preview, open_pictures=open_pictures)
    async with app.run_test(size=size) as pilot:
        driver = Driver(app, pilot)
        if settled:
            await driver.settle()
        yield driver
