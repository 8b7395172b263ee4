"""Sorting by every key both ways in every pane, and filters as one types them."""

from pathlib import Path

import pytest

from tests.screens.driving import Driver, browsing
from tests.trees import make_archive

SITES_BY_NAME = ["artsite", "boards", "cosplay", "void"]
MODELS_BY_NAME = ["", "Ana Vale", "bruno", "cleo", "dora"]
MEDIA_BY_NAME = ["clip.mp4", "img2.jpg", "img10.jpg", "notes.pdf"]
PANES = ("sites", "models", "media")

# (pane, letter in the dialog) -> the order that choosing it gives; choosing it again gives the other way round.
ORDERS = {
    ("sites", "c"): ["artsite", "boards", "cosplay", "void"],
    ("sites", "d"): ["void", "cosplay", "boards", "artsite"],
    ("models", "c"): ["Ana Vale", "bruno", "", "cleo", "dora"],
    ("models", "s"): ["cleo", "Ana Vale", "bruno", "", "dora"],
    ("media", "s"): ["clip.mp4", "img2.jpg", "img10.jpg", "notes.pdf"],
    ("media", "d"): ["notes.pdf", "img10.jpg", "img2.jpg", "clip.mp4"],
    ("media", "t"): ["img2.jpg", "img10.jpg", "clip.mp4", "notes.pdf"],
}
TURNED = {
    ("sites", "c"): ["void", "cosplay", "boards", "artsite"],
    ("sites", "d"): ["artsite", "boards", "cosplay", "void"],
    ("models", "c"): ["dora", "", "cleo", "bruno", "Ana Vale"],
    ("models", "s"): ["dora", "", "bruno", "Ana Vale", "cleo"],
    ("media", "s"): ["notes.pdf", "img10.jpg", "img2.jpg", "clip.mp4"],
    ("media", "d"): ["clip.mp4", "img2.jpg", "img10.jpg", "notes.pdf"],
    ("media", "t"): ["notes.pdf", "clip.mp4", "img2.jpg", "img10.jpg"],
}


async def go_to(user: Driver, pane_id: str) -> None:
    """Focus a pane; models and media with the cursor of models on Ana Vale."""
    if pane_id != "sites":
        await user.walk("tab", "j")
    if pane_id == "media":
        await user.press("tab")


@pytest.mark.parametrize(("pane_id", "letter"), ORDERS)
async def test_a_pane_is_sorted_by_a_key_and_the_other_way_round(known: Path, pane_id: str, letter: str) -> None:
    async with browsing(known) as user:
        await go_to(user, pane_id)
        pane = user.panes[PANES.index(pane_id)]
        await user.press("s", letter)
        await user.settle()
        assert user.names(pane) == ORDERS[pane_id, letter]
        await user.press("s", letter)
        await user.settle()
        assert user.names(pane) == TURNED[pane_id, letter]


@pytest.mark.parametrize(
    ("pane_id", "names"), [("sites", SITES_BY_NAME), ("models", MODELS_BY_NAME), ("media", MEDIA_BY_NAME)]
)
async def test_names_are_in_natural_order_and_S_turns_it_round(known: Path, pane_id: str, names: list[str]) -> None:
    async with browsing(known) as user:
        await go_to(user, pane_id)
        pane = user.panes[PANES.index(pane_id)]
        assert user.names(pane) == names
        await user.press("S")
        assert user.names(pane) == names[::-1]
        await user.press("s", "n")
        assert user.names(pane) == names


async def test_models_are_sorted_by_the_date_of_their_folder(known: Path) -> None:
    async with browsing(known) as user:
        await go_to(user, "models")
        await user.press("s", "d")
        assert user.names(user.browser.models)[-1] == "Ana Vale"


async def test_the_cursor_stays_on_its_record_when_the_order_changes(known: Path) -> None:
    async with browsing(known) as user:
        await go_to(user, "media")
        await user.press("j", "S")
        assert user.at(user.browser.media) == "img2.jpg"
        assert user.browser.media.records.cursor == 2


async def test_the_titles_show_the_order_and_a_click_on_one_sorts(known: Path) -> None:
    async with browsing(known) as user:
        await go_to(user, "media")
        titles = user.browser.media.query_one("ColumnTitles")
        assert "Name▴" in titles.render_line(0).text
        line = titles.render_line(0).text
        await user.pilot.click(titles, offset=(line.index("Size") + 1, 0))
        assert "Size▴" in titles.render_line(0).text
        assert user.names(user.browser.media) == ["notes.pdf", "img10.jpg", "img2.jpg", "clip.mp4"]
        await user.pilot.click(titles, offset=(line.index("Size") + 1, 0))
        assert "Size▾" in titles.render_line(0).text
        assert user.names(user.browser.media) == ["clip.mp4", "img2.jpg", "img10.jpg", "notes.pdf"]


async def test_the_sort_dialog_stands_on_the_order_in_force_and_escape_changes_nothing(known: Path) -> None:
    async with browsing(known) as user:
        await go_to(user, "media")
        await user.press("s", "s")
        before = user.names(user.browser.media)
        await user.press("s")
        assert "Sort by" in user.text()
        await user.press("enter")  # on "size", which is in force: turned round
        assert user.names(user.browser.media) == before[::-1]
        await user.press("s", "escape")
        assert user.names(user.browser.media) == before[::-1]
        assert user.focused == "media"


async def test_a_filter_narrows_by_what_stands_in_the_name_case_aside(known: Path) -> None:
    async with browsing(known) as user:
        await go_to(user, "media")
        await user.press(*"/IMG1")
        assert user.names(user.browser.media) == ["img10.jpg"]
        await user.press("backspace")
        assert user.names(user.browser.media) == ["img2.jpg", "img10.jpg"]


async def test_each_pane_has_a_filter_of_its_own(known: Path) -> None:
    async with browsing(known) as user:
        await user.press(*"/a", "enter", "tab", *"/o", "enter")
        await user.settle()
        assert user.names(user.browser.sites) == ["artsite", "boards", "cosplay"]
        assert user.names(user.browser.models) == ["bruno", "cleo", "dora"]
        assert "sites" not in str(user.browser.sites.filter_input.value)
        assert user.browser.sites.filter_input.value == "a"


async def test_a_fuzzy_filter_finds_letters_in_their_order_and_ranks(tmp_path: Path) -> None:
    names = ["b_e_a_c_h.jpg", "beach.jpg", "bleach.jpg", "hcaeb.jpg", "zebra each.jpg"]
    root = make_archive(tmp_path / "a", {f"site/model/{name}": 1 for name in names})
    async with browsing(root) as user:
        await user.walk("tab", "tab")
        await user.press(*"/~beach")
        found = user.names(user.browser.media)
        assert found[0] == "beach.jpg"
        assert set(found) == set(names) - {"hcaeb.jpg"}
        await user.press("S")
        assert user.browser.media.filter_input.value == "~beachS"


async def test_what_a_filter_found_is_underlined(known: Path) -> None:
    async with browsing(known) as user:
        await go_to(user, "media")
        await user.press(*"/mg1", "enter")
        strip = user.browser.media.records.render_line(0)
        underlined = [segment.text for segment in strip if segment.style is not None and segment.style.underline]
        assert underlined == ["mg1"]


async def test_while_a_filter_is_typed_keys_are_letters(known: Path) -> None:
    async with browsing(known) as user:
        await go_to(user, "media")
        await user.press(*"/q?d")
        assert user.browser.media.filter_input.value == "q?d"
        assert user.app.is_running
        await user.press("escape")
        assert user.focused == "media"
        assert len(user.names(user.browser.media)) == 4


async def test_another_model_begins_unfiltered(known: Path) -> None:
    async with browsing(known) as user:
        await go_to(user, "media")
        await user.press(*"/img", "enter", "shift+tab", "j")
        await user.settle()
        assert user.names(user.browser.media) == ["one.png", "two.png"]
        assert not user.browser.media.filter_input.display


async def test_nothing_found_is_said(known: Path) -> None:
    async with browsing(known) as user:
        await go_to(user, "media")
        await user.press(*"/no such file", "enter")
        assert "Nothing matches the filter." in user.text()
