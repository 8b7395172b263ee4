"""Keys that arrive in one packet, as they do over a slow line, do what they would do one by one."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest
from textual import events

from catalog_tui.core.listing import Listing, never
from catalog_tui.core.reader import DirectReader
from catalog_tui.widgets.dialogs import ChoiceDialog
from catalog_tui.widgets.record_list import RecordList
from tests.screens.driving import Driver, browsing
from tests.screens.test_preview import many_pictures


def send_at_once(user: Driver, keys: Iterable[str]) -> None:
    """All keys, letters or names, before any of them is looked at."""
    for key in keys:
        name = {"/": "slash", "\r": "enter", " ": "space"}.get(key, key)
        user.app.post_message(events.Key(name, key if len(key) == 1 and key.isprintable() else None))


async def test_through_the_panes_and_on_there(known: Path) -> None:
    async with browsing(known) as user:
        send_at_once(user, "jlljj")
        await user.until(lambda: user.focused == "media" and user.at(user.browser.sites) == "boards")
        await user.settle()
        send_at_once(user, "hhkll")
        await user.until(lambda: user.at(user.browser.sites) == "artsite" and user.focused == "media")


async def test_a_filter_typed_in_one_go_reaches_the_line_and_nothing_else(known: Path) -> None:
    async with browsing(known) as user:
        send_at_once(user, "/rq\r")
        pane = user.browser.sites
        await user.until(lambda: pane.filter_input.value == "rq" and pane.records.has_focus)
        assert user.app.is_running
        send_at_once(user, "/s")
        await user.until(lambda: pane.filter_input.value == "rqs")
        send_at_once(user, "\rs")
        await user.until(lambda: isinstance(user.app.screen, ChoiceDialog))
        assert pane.filter_input.value == "rqs"


async def test_no_key_overtakes_one_that_is_still_on_its_way(known: Path) -> None:
    """What follows the filter comes while the line is open already, and the Enter before it has not got there yet."""

    async def all_sent(user: Driver) -> None:
        sent = asyncio.Event()
        user.app.call_later(sent.set)
        await sent.wait()

    async with browsing(known) as user:
        pane = user.browser.sites
        before_the_line, before_its_letters = asyncio.Event(), asyncio.Event()
        pane.records.call_later(before_the_line.wait)
        send_at_once(user, "/")
        await all_sent(user)
        pane.records.call_later(before_its_letters.wait)
        send_at_once(user, "rq\r")
        await all_sent(user)
        before_the_line.set()
        while not pane.filter_input.has_focus:
            await asyncio.sleep(0)
        send_at_once(user, "s")
        await all_sent(user)
        before_its_letters.set()
        await user.until(lambda: isinstance(user.app.screen, ChoiceDialog))
        assert pane.filter_input.value == "rq"


async def test_a_key_that_never_comes_back_holds_no_other_for_ever(
    known: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog_tui.app.KEY_PATIENCE_S", 0.0)
    async with browsing(known) as user:
        with monkeypatch.context() as patch:
            patch.setattr(RecordList, "on_key", lambda _list, event: event.stop(), raising=False)
            await user.press("j")
        assert user.at(user.browser.sites) == "artsite"
        await user.press("j")
        await user.until(lambda: user.at(user.browser.sites) == "boards")


class HeldReader(DirectReader):
    """Gives the listings of models only while it is let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.let_go.set()

    def listing(self, top: str, *, recursive: bool = True, cancelled: Callable[[], bool] = never) -> Listing:
        while not (self.let_go.wait(0.01) or cancelled()):
            pass
        return super().listing(top, recursive=recursive, cancelled=cancelled)


async def test_keys_wait_for_the_rows_they_are_meant_for(known: Path) -> None:
    reader = HeldReader()
    async with browsing(known, reader=reader) as user:
        media = user.browser.media
        reader.let_go.clear()
        send_at_once(user, "jllG ")
        await user.until(lambda: user.focused == "media" and media.place == ("boards", "emil"))
        await user.pilot.pause()
        assert media.records.marks.count == 0
        reader.let_go.set()
        await user.settle()
        assert user.at_all() == ("boards", "emil", "a.jpg")
        assert media.records.marks.count == 1


async def test_keys_typed_ahead_are_dropped_by_going_back(known: Path) -> None:
    reader = HeldReader()
    async with browsing(known, reader=reader) as user:
        media = user.browser.media
        reader.let_go.clear()
        send_at_once(user, "jll h")
        await user.until(lambda: user.focused == "models" and media.place == ("boards", "emil"))
        reader.let_go.set()
        await user.settle()
        assert media.records.marks.count == 0


async def test_a_filter_typed_while_the_rows_are_read_narrows_them(known: Path) -> None:
    reader = HeldReader()
    async with browsing(known, reader=reader) as user:
        media = user.browser.media
        reader.let_go.clear()
        await user.press(*"jll", "/", *"nowhere")
        assert media.filter_input.value == "nowhere"
        reader.let_go.set()
        await user.until(lambda: media.records.source is not None)
        await user.until(lambda: media.records.rows == 0)


AMONG_TILES: Sequence[Sequence[str]] = (
    ("t", "j"),
    ("t", "pagedown"),
    ("t", "l", "h", "j"),
    ("t", "h", "l", "j"),
    ("h", "t", "j"),
    ("t", "t", "j"),
    ("t", "t", "pagedown"),
)


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_a_key_after_t_means_what_it_will_once_the_tiles_stand(tmp_path: Path, size: tuple[int, int]) -> None:
    async with browsing(many_pictures(tmp_path / "a", 100), size=size) as user:
        tiles = user.browser.media.tiles

        async def begin_anew() -> None:
            await user.walk("home", *("t" * tiles.shows_tiles))

        async def walk_at_once(keys: Sequence[str], row: int) -> None:
            send_at_once(user, keys)
            await user.until(lambda: tiles.cursor == row)

        await user.walk("tab", "tab")
        for keys in AMONG_TILES:
            await user.walk(*keys)
            one_by_one = tiles.cursor
            assert one_by_one > 0
            await begin_anew()
            await walk_at_once(keys, one_by_one)
            await begin_anew()
