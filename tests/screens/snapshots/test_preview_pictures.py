"""Pictures on the screen: the preview, tiles, the whole screen, two that are compared."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from catalog_tui.widgets.picture_view import PictureView
from tests.screens.driving import FIRST_DAY_S, Driver, make_app
from tests.screens.showing import StagedSource
from tests.screens.snapshots.pictures import LARGE, STANDARD, Compare, Steps

SIZES = [pytest.param(size, id=f"{size[0]}x{size[1]}") for size in (STANDARD, LARGE, (160, 50))]
NAMES = [f"set/img{number:02}.jpg" for number in range(1, 24)] + ["clip.mp4", "notes.pdf", "broken.jpg"]


def archive() -> Path:
    """One model at a path and with dates of its own; the source paints the pictures."""
    digest = hashlib.blake2b(repr(NAMES).encode(), digest_size=4).hexdigest()
    root = Path("/tmp" if os.name == "posix" else tempfile.gettempdir(), f"catalog-tui-p{digest}", "Archive-Downloader")
    folder = root / "artgrid" / "Ana Vale"
    (folder / "set").mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(NAMES):
        (folder / name).write_bytes(bytes(2_000 + number))
        os.utime(folder / name, (FIRST_DAY_S + number, FIRST_DAY_S + number))
    for path in (folder / "set", folder, folder.parent, root):
        os.utime(path, (FIRST_DAY_S, FIRST_DAY_S))
    return root


def drawn(compare: Compare, size: tuple[int, int], steps: Steps, so: Callable[[Driver], bool]) -> bool:
    """Whether the screen looks as accepted after `steps`, once it is `so`."""
    source = StagedSource(refuses=("broken.jpg",))
    app = make_app(archive(), preview="blocks", open_pictures=source.open)

    async def before(pilot: Pilot[int]) -> None:
        user = Driver(app, pilot)
        await user.settle()
        await user.walk("tab", "tab")
        await steps(user)
        await user.until(lambda: so(user))
        await user.settle()

    return compare(app, terminal_size=size, run_before=before)


def seen(user: Driver) -> bool:
    """Whether a picture stands in each view that is in sight, with its facts."""
    views = [view for view in user.app.screen.query(PictureView) if view.size.area]
    return all(view.drawing is not None and view.facts is not None for view in views)


async def to_the_third(user: Driver) -> None:
    await user.press("j", "j", "j")
    if not user.browser.details.display:
        await user.press("p")
    await user.until(lambda: "Pixels" in user.text() and "Changed" in user.text())


@pytest.mark.parametrize("size", SIZES)
def test_preview(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert drawn(snap_compare, size, to_the_third, seen)


async def to_the_broken(user: Driver) -> None:
    await user.press("home")
    await user.until(lambda: "It cannot be shown" in user.text().replace("│", " "))


def test_what_cannot_be_shown(snap_compare: Compare) -> None:
    assert drawn(snap_compare, LARGE, to_the_broken, lambda user: "Changed" in user.text())


def is_told(user: Driver) -> bool:
    """Whether the details, where there is room for them, have all that a look at the file tells."""
    return not user.browser.details.display or ("Changed" in user.text() and "Pixels" in user.text())


async def as_tiles(user: Driver) -> None:
    media = user.browser.media
    width = media.outer_size.width
    await user.press("t")
    await user.until(lambda: media.tiles.size.width > width)  # a row down is so many tiles as stand beside each other
    await user.press("j", "space", "l")


def all_tiles(user: Driver) -> bool:
    """Whether every picture in view is drawn."""
    tiles = user.browser.media.tiles
    return all(tiles.is_drawn(row) for row in range(len(tiles.in_view)))


@pytest.mark.parametrize("size", SIZES)
def test_tiles(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert drawn(snap_compare, size, as_tiles, lambda user: all_tiles(user) and seen(user) and is_told(user))


async def on_the_whole_screen(user: Driver) -> None:
    await user.press("j", "j", "j", "f")
    await user.until(lambda: user.app.screen is not user.browser)


@pytest.mark.parametrize("size", SIZES)
def test_whole_screen(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert drawn(snap_compare, size, on_the_whole_screen, seen)


async def hidden(user: Driver) -> None:
    await to_the_third(user)
    await user.press("B")


def test_hidden_pictures(snap_compare: Compare) -> None:
    assert drawn(snap_compare, LARGE, hidden, lambda user: True)
