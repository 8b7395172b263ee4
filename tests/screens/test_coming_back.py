"""What is remembered from one start to the next: place, cursor, pane, order, theme."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog_tui.app import DEFAULT_THEME, UNCOLOURED_THEME
from catalog_tui.config import Settings
from catalog_tui.core.layout import Folders
from catalog_tui.core.listing import Listing, never
from catalog_tui.core.reader import DirectReader
from catalog_tui.core.state import Place, load_place, load_state
from tests.screens.driving import browsing, make_app
from tests.waiting import until


async def test_place_cursor_pane_and_order_come_back(known: Path) -> None:
    async with browsing(known) as user:
        await user.walk("tab", "j", "tab")
        await user.press("s", "s", "j")
        await user.settle()
        assert user.at_all() == ("artsite", "Ana Vale", "img2.jpg")
        await user.press("shift+tab", "S")
        await user.settle()
        await user.press("q")
    assert user.app.return_code == 0
    user.app.save()
    place, complaints = load_place(str(known))
    assert not complaints
    async with browsing(known, place=place) as user:
        assert user.at_all() == ("artsite", "Ana Vale", "img2.jpg")
        assert user.focused == "models"
        assert user.names(user.browser.media) == ["clip.mp4", "img2.jpg", "img10.jpg", "notes.pdf"]
        assert user.names(user.browser.models)[0] == "dora"


@pytest.mark.parametrize("unread", ["folders", "listing"])
async def test_leaving_before_all_is_read_keeps_the_place(known: Path, unread: str) -> None:
    place = Place("artsite", "Ana Vale", "img10.jpg", "media", {})
    reader = SlowReader(unread)
    app = make_app(known, reader=reader, place=place)
    async with app.run_test() as pilot:
        await until(pilot, reader.reading.is_set)
        kept = app.browser.place()
        reader.go_on.set()
    assert (kept.site, kept.model, kept.name) == ("artsite", "Ana Vale", "img10.jpg")


async def test_loose_files_are_come_back_to(known: Path) -> None:
    async with browsing(known, place=Place("artsite", "Ana Vale", "img10.jpg", "models", {})) as user:
        await user.walk("g")
        assert user.at_all() == ("artsite", "", "lying about.jpg")
        place = user.browser.place()
    assert (place.site, place.model, place.name) == ("artsite", "", "lying about.jpg")


class SlowReader(DirectReader):
    """Reads one kind of thing only when it is told to go on."""

    def __init__(self, slow: str) -> None:
        self._slow = slow
        self.reading = threading.Event()
        self.go_on = threading.Event()

    def folders(
        self, top: str, *, levels: int = 1, loose: bool = False, cancelled: Callable[[], bool] = never
    ) -> Folders:
        self._wait("folders")
        return super().folders(top, levels=levels, loose=loose, cancelled=cancelled)

    def listing(self, top: str, *, recursive: bool = True, cancelled: Callable[[], bool] = never) -> Listing:
        self._wait("listing")
        return super().listing(top, recursive=recursive, cancelled=cancelled)

    def _wait(self, what: str) -> None:
        if what == self._slow:
            self.reading.set()
            self.go_on.wait()


async def test_a_place_that_is_gone_is_replaced_by_the_first_there_is(known: Path) -> None:
    async with browsing(known, place=Place("artsite", "no such model", "x.jpg", "no such pane", {})) as user:
        assert user.at_all() == ("artsite", "", "lying about.jpg")
        assert user.focused == "sites"


async def test_the_place_is_saved_now_and_then_so_that_a_kill_costs_little(
    known: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog_tui.app.SAVE_EVERY_S", 0.05)
    async with browsing(known) as user:
        await user.press("j")
        await user.until(lambda: load_place(str(known))[0].site == "boards")


async def test_a_chosen_theme_comes_back(known: Path) -> None:
    async with browsing(known) as user:
        user.app.theme = "nord"
    user.app.save()
    assert load_state()[0].theme == "nord"
    async with browsing(known) as user:
        assert user.app.theme == "nord"


async def test_the_settings_theme_goes_before_the_remembered_one(known: Path) -> None:
    async with browsing(known) as user:
        user.app.theme = "nord"
    user.app.save()
    async with browsing(known, settings=Settings(theme="gruvbox")) as user:
        assert user.app.theme == "gruvbox"


async def test_an_unknown_theme_is_said_and_the_usual_one_taken(known: Path) -> None:
    async with browsing(known, settings=Settings(theme="[/no-theme")) as user:
        assert user.app.theme == DEFAULT_THEME
        await user.until(lambda: any("[/no-theme" in notice for notice in user.notices()))


async def test_no_color_is_respected_and_does_not_forget_the_theme(
    known: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with browsing(known) as user:
        user.app.theme = "nord"
    user.app.save()
    monkeypatch.setenv("NO_COLOR", "1")
    async with browsing(known) as user:
        assert user.app.theme == UNCOLOURED_THEME
    user.app.save()
    assert load_state()[0].theme == "nord"


async def test_what_cannot_be_saved_is_said(known: Path, isolated: Path) -> None:
    (isolated / "state").write_text("a file where the folder should be")
    async with browsing(known) as user:
        await user.press("j")
        user.app.save()
        await user.until(lambda: any("could not be saved" in notice for notice in user.notices()))
