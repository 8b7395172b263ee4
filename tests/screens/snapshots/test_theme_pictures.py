"""The browser in other colours."""

import pytest

from tests.screens.driving import Driver
from tests.screens.snapshots.pictures import LARGE, Compare, picture


async def marked_and_filtered(user: Driver) -> None:
    await user.walk("j", "tab", "j", "tab")
    await user.press("j", "space", *"/img", "enter", "space", "j")


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light", "textual-light", "nord", "gruvbox", "catppuccin-latte"])
def test_theme(snap_compare: Compare, theme: str) -> None:
    assert picture(snap_compare, LARGE, marked_and_filtered, theme=theme)


def test_without_colours(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert picture(snap_compare, LARGE, marked_and_filtered)
