"""The event loop never reads a folder and never sorts or narrows a long list: threads ask, children do the work."""

import asyncio
import threading
from array import array
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from catalog_tui.core.child_reader import ChildReader
from catalog_tui.core.layout import Folders
from catalog_tui.core.listing import Listing, ModelInfo, never
from catalog_tui.core.matching import Criteria
from catalog_tui.core.packed import PackedNames
from catalog_tui.core.stamps import Stamps
from tests.screens.driving import browsing, make_known_archive
from tests.trees import make_flat_model

LONG = 100_000
BEAT_S = 0.005


class WatchedReader(ChildReader):
    """A reader in child processes that remembers which threads called it for what."""

    def __init__(self) -> None:
        super().__init__()
        self.callers: dict[str, set[threading.Thread]] = {}

    def _note(self, what: str) -> None:
        self.callers.setdefault(what, set()).add(threading.current_thread())

    def folders(
        self, top: str, *, levels: int = 1, loose: bool = False, cancelled: Callable[[], bool] = never
    ) -> Folders:
        self._note("folders")
        return super().folders(top, levels=levels, loose=loose, cancelled=cancelled)

    def listing(self, top: str, *, recursive: bool = True, cancelled: Callable[[], bool] = never) -> Listing:
        self._note("listing")
        return super().listing(top, recursive=recursive, cancelled=cancelled)

    def info(
        self, top: str, *, recursive: bool = True, cancelled: Callable[[], bool] = never
    ) -> tuple[ModelInfo, Stamps]:
        self._note("info")
        return super().info(top, recursive=recursive, cancelled=cancelled)

    def arrange(self, names: PackedNames, criteria: Criteria, *, cancelled: Callable[[], bool] = never) -> "array[int]":
        self._note("arrange")
        return super().arrange(names, criteria, cancelled=cancelled)


async def heartbeat(stalls_s: list[float]) -> None:
    """Write down how much later than asked for the loop comes back, time and again."""
    while True:
        before = monotonic()
        await asyncio.sleep(BEAT_S)
        stalls_s.append(monotonic() - before - BEAT_S)


async def test_a_long_model_is_read_sorted_and_narrowed_beside_the_loop(tmp_path: Path) -> None:
    make_flat_model(tmp_path / "a", LONG)
    stalls_s: list[float] = []
    reader = WatchedReader()
    with reader:
        async with browsing(tmp_path / "a", reader=reader, settled=False) as user:
            media = user.browser.media.records
            beating = asyncio.create_task(heartbeat(stalls_s))
            await user.press("tab", "tab", "j", "k", "j")
            await user.until(lambda: media.rows == LONG)
            await user.press("G", "s", "s", "g", "pagedown", "S", *"/img7", "down")
            await user.until(lambda: 0 < media.rows < LONG and not media.arranging)
            await user.press("escape", *"/~9g", "enter", "j", "k", "pagedown", "A", "asterisk")
            await user.until(lambda: not media.arranging)
            beating.cancel()
        threads = set.union(*reader.callers.values())
        assert set(reader.callers) == {"folders", "listing", "info", "arrange"}
        assert threading.main_thread() not in threads
    print(f"longest stall: {max(stalls_s) * 1000:.1f} ms")  # not asserted: on a shared machine anything may take 50 ms


@pytest.mark.parametrize("keys", [["s", "n"], ["s", "s"], ["S"], list("/ana"), list("/~aa")])
async def test_a_short_list_never_waits_for_a_reader_at_work(tmp_path: Path, keys: list[str]) -> None:
    root = make_known_archive(tmp_path / "a")
    reader = WatchedReader()
    with reader:
        async with browsing(root, reader=reader) as user:
            await user.press("tab", *keys)
            await user.settle()
        assert "arrange" not in reader.callers


async def test_children_read_what_this_process_would(known: Path) -> None:
    reader = WatchedReader()
    with reader:
        async with browsing(known, reader=reader) as child_read:
            text = child_read.text()
    async with browsing(known) as read_here:
        assert read_here.text() == text
