"""The same screen on terminals of every size."""

from functools import partial
from pathlib import Path

import pytest

from tests.screens.driving import Driver, browsing, strips_of

SIZES = [(20, 5), (30, 3), (50, 15), (59, 12), (60, 11), (80, 24), (119, 30), (120, 36), (176, 50), (250, 60), (1, 1)]


def visible(user: Driver) -> list[str | None]:
    return [pane.id for pane in user.panes if pane.display]


async def test_a_narrow_screen_has_three_panes_without_details(known: Path) -> None:
    async with browsing(known, size=(80, 24)) as user:
        assert visible(user) == ["sites", "models", "media"]
        assert not user.browser.details.display


async def test_a_wide_screen_has_details_too(known: Path) -> None:
    async with browsing(known, size=(120, 36)) as user:
        assert visible(user) == ["sites", "models", "media"]
        assert user.browser.details.display


async def test_a_tiny_screen_has_one_pane_at_a_time(known: Path) -> None:
    async with browsing(known, size=(50, 15)) as user:
        assert visible(user) == ["sites"]
        await user.walk("l", "j")
        assert visible(user) == ["models"]
        await user.press("l")
        assert visible(user) == ["media"]
        await user.until(lambda: "img2.jpg" in user.text())
        await user.walk("h", "h")
        assert visible(user) == ["sites"]


async def test_a_low_screen_keeps_its_lines_for_rows(known: Path) -> None:
    async with browsing(known, size=(80, 9)) as user:
        assert not user.browser.place_line.display
        await user.pilot.resize_terminal(80, 24)
        await user.until(lambda: user.browser.place_line.display)


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_is_filled_exactly_and_can_be_walked(known: Path, size: tuple[int, int]) -> None:
    async with browsing(known, size=size) as user:
        for keys in (["tab", "j"], ["tab", "v", "j"], ["question_mark"], ["escape"], ["s"], ["escape"], ["slash", "i"]):
            await user.press(*keys)
            strips = strips_of(user.app)
            assert [strip.cell_length for strip in strips] == [size[0]] * size[1]
        await user.press("escape")
        assert user.at(user.browser.media) is not None


def has_size(user: Driver, size: tuple[int, int]) -> bool:
    return user.app.size == size


async def test_while_the_terminal_is_resized_the_cursor_stays_in_view(known: Path) -> None:
    async with browsing(known, size=(120, 36)) as user:
        await user.walk("tab", "j", "tab", "G")
        for width, height in ((50, 8), (200, 50), (20, 5), (80, 24)):
            await user.pilot.resize_terminal(width, height)
            await user.until(partial(has_size, user, (width, height)))
            await user.pilot.pause()
            records = user.browser.media.records
            assert user.at(user.browser.media) == "notes.pdf"
            assert 0 <= records.cursor - records.scroll_offset.y < max(1, records.size.height)
