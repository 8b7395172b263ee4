"""The browser: panes, details, filter, marks, words."""

import pytest

from tests.screens.driving import Driver
from tests.screens.snapshots.pictures import EMPTY, LARGE, NASTY, SIZES, STANDARD, Compare, picture


@pytest.mark.parametrize("size", SIZES)
def test_first_screen(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, size)


async def to_files(user: Driver) -> None:
    await user.walk("j", "tab", "j", "tab")
    await user.until(lambda: user.app.size.width < 110 or "Changed" in user.text())


@pytest.mark.parametrize("size", SIZES)
def test_media(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, size, to_files)


async def mislabelled(user: Driver) -> None:
    await to_files(user)
    await user.walk("G")
    await user.until(lambda: "otherwise" in user.text())


def test_details_of_a_mislabelled_file(snap_compare: Compare) -> None:
    assert picture(snap_compare, LARGE, mislabelled)


async def filtered(user: Driver) -> None:
    await to_files(user)
    await user.press(*"/img1", "enter")


@pytest.mark.parametrize("size", SIZES)
def test_filter_that_holds(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, size, filtered)


async def marked(user: Driver) -> None:
    await to_files(user)
    await user.press("j", "space", "space", "j", "v", "j", "j")


@pytest.mark.parametrize("size", SIZES)
def test_marks_and_a_range(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, size, marked)


@pytest.mark.parametrize("size", SIZES)
def test_empty_archive(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, size, spec=EMPTY)


async def nothing_found(user: Driver) -> None:
    await to_files(user)
    await user.press(*"/nowhere", "enter")


def test_nothing_found(snap_compare: Compare) -> None:
    assert picture(snap_compare, STANDARD, nothing_found)


async def to_names(user: Driver) -> None:
    await user.walk("tab", "tab", "j")


@pytest.mark.parametrize("size", SIZES)
def test_nasty_names(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, size, to_names, spec=NASTY)


@pytest.mark.parametrize("size", [(50, 15), (20, 5), (180, 45)], ids=["50x15", "20x5", "180x45"])
def test_other_sizes(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, size, to_files)


async def with_details(user: Driver) -> None:
    await to_files(user)
    await user.press("p")
    await user.until(lambda: "Changed" in user.text())


def test_details_asked_for_on_a_narrow_screen(snap_compare: Compare) -> None:
    assert picture(snap_compare, STANDARD, with_details)
