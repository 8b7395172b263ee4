"""What opens over the browser: help, palette, the choice of an order."""

import pytest
from textual.command import CommandList

from tests.screens.driving import Driver
from tests.screens.snapshots.pictures import LARGE, SIZES, Compare, picture


async def ask_for_help(user: Driver) -> None:
    await user.press("question_mark")


@pytest.mark.parametrize("size", SIZES)
def test_help(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, size, ask_for_help)


async def choose_order(user: Driver) -> None:
    await user.walk("j", "tab", "tab")
    await user.press("s")


@pytest.mark.parametrize("size", SIZES)
def test_sort_dialog(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, size, choose_order)


async def ask_for_commands(user: Driver) -> None:
    await user.press("ctrl+p", *"mark")
    await user.until(lambda: user.app.screen.query_one(CommandList).option_count >= 4)


def test_palette(snap_compare: Compare) -> None:
    assert picture(snap_compare, LARGE, ask_for_commands)
