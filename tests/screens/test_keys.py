"""Commands by key, palette and click: footer, help and palette say what answers here and by which key."""

from pathlib import Path

import pytest
from textual.command import CommandList
from textual.containers import VerticalScroll

from catalog_tui.commands.active import help_rows
from catalog_tui.config import KeyChoice, Settings
from catalog_tui.screens.help import HelpScreen
from catalog_tui.widgets.key_line import KeyLine
from tests.screens.driving import Driver, browsing, strips_of


def keys(**choices: str) -> Settings:
    """Settings in which `media_open="e"` gives the command `media.open` the key e."""
    return Settings(
        keys=tuple(
            KeyChoice(name.replace("_", ".", 1), tuple(key for key in text.split(",") if key), "here")
            for name, text in choices.items()
        )
    )


async def test_the_footer_says_the_keys_that_matter(known: Path) -> None:
    async with browsing(known) as user:
        shown = user.key_line()
        assert all(part in shown for part in ("q Quit", "? Help", "space Mark", "/ Filter", "o Open", "D Duplicates"))


async def test_the_footer_follows_the_keymap(known: Path) -> None:
    async with browsing(known, settings=keys(media_open="e,o", list_filter="f")) as user:
        assert "e Open" in user.key_line()
        assert "f Filter" in user.key_line()
        await user.press("f")
        assert user.browser.sites.filter_input.has_focus


async def test_a_command_without_a_key_leaves_the_footer_and_stays_in_the_palette(known: Path) -> None:
    async with browsing(known, settings=keys(list_mark="")) as user:
        assert "Mark" not in user.key_line()
        await user.press("space")
        assert user.browser.sites.records.marks.count == 0
        await run_by_palette(user, "mark")
        assert user.browser.sites.records.marks.count == 1


async def test_the_footer_shows_what_answers_while_a_filter_is_typed(known: Path) -> None:
    async with browsing(known) as user:
        before = user.key_line()
        await user.press("slash")
        await user.until(lambda: user.key_line() != before)
        assert "o Open" not in user.key_line()
        await user.press("escape")
        await user.until(lambda: user.key_line() == before)


async def test_a_click_in_the_footer_carries_a_command_out(known: Path) -> None:
    async with browsing(known) as user:
        line = user.app.screen.query_one(KeyLine).render_line(0).text
        await user.pilot.click(KeyLine, offset=(line.index("Mark"), 0))
        assert user.browser.sites.records.marks.count == 1


async def test_the_footer_drops_whole_commands_where_there_is_no_room(known: Path) -> None:
    async with browsing(known, size=(20, 10)) as user:
        shown = user.key_line()
        assert shown
        assert not any(shown.endswith(part) for part in (" Hel", " Mar", " Filte", " q", " ?"))


@pytest.mark.parametrize("key", ["question_mark", "f1"])
async def test_help_lists_every_command_that_answers_here_with_its_keys(known: Path, key: str) -> None:
    async with browsing(known, size=(120, 80)) as user:
        rows = [row for row in help_rows(user.app.screen) if row.keys]
        assert len(rows) > 20
        await user.press(key)
        assert isinstance(user.app.screen, HelpScreen)
        box = user.app.screen.query_one(VerticalScroll).region
        lines = [strip.crop(box.x + 1, box.right - 1).text.strip() for strip in strips_of(user.app)]
        for row in rows:
            assert row.heading in lines
            at = next(at for at, line in enumerate(lines) if line.split("  ")[0] == row.keys)
            said = lines[at].removeprefix(row.keys).split() + lines[at + 1].split()
            assert said[: len(row.help.split())] == row.help.split()


@pytest.mark.parametrize("key", ["escape", "q", "question_mark", "enter"])
async def test_help_closes_and_nothing_else_happens(known: Path, key: str) -> None:
    async with browsing(known) as user:
        await user.press("question_mark", key)
        assert user.app.screen is user.browser
        assert user.app.is_running
        assert user.focused == "sites"


async def test_help_longer_than_the_screen_scrolls_by_j_and_k(known: Path) -> None:
    async with browsing(known, size=(80, 20)) as user:
        await user.press("question_mark")
        box = user.app.screen.query_one(VerticalScroll)
        await user.until(lambda: box.max_scroll_y > 2)
        await user.press("j")
        await user.until(lambda: box.scroll_offset.y == 1)
        await user.press("j")
        await user.until(lambda: box.scroll_offset.y == 2)
        await user.press("k")
        await user.until(lambda: box.scroll_offset.y == 1)
        await user.press("k")
        await user.until(lambda: box.scroll_offset.y == 0)


async def run_by_palette(user: Driver, typed: str) -> None:
    await user.press("ctrl+p", *typed)
    await user.until(lambda: user.app.screen.query_one(CommandList).option_count > 0)
    await user.press("enter")
    await user.until(lambda: user.app.screen is user.browser)


async def test_the_palette_finds_a_command_and_runs_it_where_the_focus_was(known: Path) -> None:
    async with browsing(known) as user:
        await user.press("tab")
        await run_by_palette(user, "mark all")
        await user.until(lambda: user.browser.models.records.marks.count == 5)
        assert user.browser.sites.records.marks.count == 0


async def test_the_palette_offers_no_command_of_textual_itself(known: Path) -> None:
    async with browsing(known) as user:
        await user.press("ctrl+p", *"screenshot")
        await user.pilot.pause()
        commands = user.app.screen.query_one(CommandList)
        assert not any("screenshot" in str(option.prompt).lower() for option in commands.options)


async def test_the_vim_preset_has_vims_keys(known: Path) -> None:
    async with browsing(known, settings=Settings(key_preset="vim")) as user:
        await user.press("ctrl+f")
        assert user.at(user.browser.sites) == "void"
        await user.press("ctrl+u")
        assert user.at(user.browser.sites) == "artsite"
        await user.press("V", "j", "V")
        assert user.browser.sites.records.marks.count == 2
        await user.press("colon")
        await user.until(lambda: bool(user.app.screen.query(CommandList)))


async def test_what_is_wrong_with_the_keys_is_said_with_the_nearest_right_ones(known: Path) -> None:
    async with browsing(known, settings=keys(media_opne="e", list_sort="spcae")) as user:
        await user.until(lambda: len(user.notices()) == 2)
        said = " ".join(user.notices())
        assert "media.opne" in said
        assert "media.open" in said
        assert "spcae" in said
        assert "space" in said


async def test_textuals_own_quit_is_unbound(known: Path) -> None:
    async with browsing(known) as user:
        await user.press("ctrl+q", "j")
        assert user.app.is_running
        assert user.at(user.browser.sites) == "boards"


async def test_q_leaves_with_code_0(known: Path) -> None:
    async with browsing(known) as user:
        await user.press("q")
    assert user.app.return_code == 0
