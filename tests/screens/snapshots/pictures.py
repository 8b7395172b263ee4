"""Pictures of the app on an archive that always stands at the same path, with the same dates."""

import hashlib
import os
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final

import pytest
from textual.pilot import Pilot

from catalog_tui.config import Settings
from tests.corpus import DIRECTION, MARKUP, NOT_UTF8, SCRIPTS, TERMINAL
from tests.screens.driving import Driver, make_app, make_known_archive

STANDARD: Final = (80, 24)
LARGE: Final = (120, 36)
SIZES: Final = [pytest.param(size, id=f"{size[0]}x{size[1]}") for size in (STANDARD, LARGE)]

PNG = b"\x89PNG\r\n\x1a\n" + bytes(400)
SHOWN: Final[Mapping[str, bytes | int]] = {
    "artgrid/Ana Vale/cover.jpg": 1_204_331,
    "artgrid/Ana Vale/cover.jpg.json": b"{}",
    "artgrid/Ana Vale/making of.mp4": 88_123_456,
    "artgrid/Ana Vale/notes.pdf": 30_000,
    **{f"artgrid/Ana Vale/set/img{number}.jpg": 300_000 + number * 7_919 for number in range(1, 31)},
    "artgrid/Ana Vale/wrong.jpg": PNG,
    "artgrid/bruno/one.png": 40_000,
    "artgrid/bruno/two.png": 50_000,
    "artgrid/Cléo Ünïcode/film.mkv": 912_345_678,
    "artgrid/dora/": b"",
    "artgrid/写真家/一.jpg": 1_000_000,
    "artgrid/lying about.jpg": 77_000,
    **{f"boards/user{number:02}/x.jpg": 1_000 * number for number in range(1, 13)},
    "cosplay-hub/gil/c.jpg": 30,
    "a-site-with-quite-a-long-name.example/m/c.jpg": 30,
    "void/": b"",
}
NASTY: Final[Mapping[str, bytes | int]] = {
    os.fsdecode(b"site/model/" + name + b".jpg"): 100
    for name in (*TERMINAL[:6], *DIRECTION[:6], *NOT_UTF8[:3], *MARKUP[:5], *SCRIPTS[:10])
}
EMPTY: Final[Mapping[str, bytes | int]] = {}

Steps = Callable[[Driver], Awaitable[None]]
Compare = Callable[..., bool]


def standing_archive(spec: Mapping[str, bytes | int]) -> Path:
    """The archive of `spec`, at a path that depends on nothing but `spec`; it is made once, whoever comes first."""
    digest = hashlib.blake2b(repr(sorted(spec.items())).encode("utf-8", "surrogateescape"), digest_size=4).hexdigest()
    root = Path("/tmp" if os.name == "posix" else tempfile.gettempdir(), f"catalog-tui-{digest}", "Archive-Downloader")
    if not root.exists():
        root.parent.mkdir(exist_ok=True)
        made = make_known_archive(Path(tempfile.mkdtemp(dir=root.parent)) / "made", spec)
        try:
            made.rename(root)
        except OSError:
            assert root.exists()  # another process was faster
    return root


def picture(
    compare: Compare,
    size: tuple[int, int],
    steps: Steps | None = None,
    *,
    spec: Mapping[str, bytes | int] = SHOWN,
    theme: str = "",
) -> bool:
    """Whether the screen looks as it did when its picture was last accepted, after `steps`."""
    app = make_app(standing_archive(spec), settings=Settings(theme=theme))

    async def before(pilot: Pilot[int]) -> None:
        driver = Driver(app, pilot)
        await driver.settle()
        if steps is not None:
            await steps(driver)
        await pilot.pause()
        await driver.until(lambda: driver.browser.told and driver.browser.details.told)
        await pilot.pause()

    return compare(app, terminal_size=size, run_before=before)
