"""One declaration per command: keys, keymaps, help and palette all follow from it."""

import re
import string
from collections import Counter
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.binding import BindingsMap, BindingType
from textual.command import CommandPalette
from textual.widget import Widget
from textual.widgets import Input

from catalog_tui.commands import (
    APP_COMMANDS,
    COMMAND_GROUPS,
    LIST_COMMANDS,
    LIST_FRAME_COMMANDS,
    LIVE_TOGETHER,
    Command,
    all_commands,
    bindings,
)
from catalog_tui.commands.active import active_commands, help_rows
from catalog_tui.commands.keymap import NO_KEY, PRESETS, build_keymap, canonical_key
from catalog_tui.commands.palette import CommandsProvider
from catalog_tui.config import KEY_PRESETS, KeyChoice
from catalog_tui.core.names import display

FORBIDDEN = {f"ctrl+{letter}" for letter in "jmihsqba"}  # enter, tab, backspace; flow control and multiplexers


def choice(command_id: str, *keys: str) -> KeyChoice:
    return KeyChoice(command_id, keys, "config.toml:1")


def keys_with(preset: str) -> dict[str, list[str]]:
    """Every command's keys under a preset."""
    mapping, _complaints = build_keymap(preset, ())
    return {command.id: mapping.get(command.id, command.key).split(",") for command in all_commands() if command.key}


def test_every_command_declares_itself_fully() -> None:
    for group, (heading, commands) in COMMAND_GROUPS.items():
        assert heading
        for command in commands:
            assert re.fullmatch(rf"{group}\.[a-z_]+", command.id)
            assert command.help_text()
            assert not command.help_text().endswith(".")
            assert "[" not in command.help_text()  # the palette reads help as markup
    assert max(Counter(command.id for command in all_commands()).values()) == 1


def test_a_title_is_the_class_s_name_in_words() -> None:
    class GoThereNow(Command):
        """Go there"""

        id = "test.go"

    class Unlike(GoThereNow):
        title = "Something else"
        action = "own_action"

    assert (GoThereNow.title, GoThereNow.action) == ("Go there now", "test_go")
    assert (Unlike.title, Unlike.action) == ("Something else", "own_action")


@pytest.mark.parametrize("preset", KEY_PRESETS)
def test_a_preset_gives_every_key_once_and_none_that_terminals_take(preset: str) -> None:
    keys = keys_with(preset)
    for group_set in LIVE_TOGETHER:
        live = [key for command_id in keys if command_id.split(".")[0] in group_set for key in keys[command_id]]
        assert max(Counter(live).values()) == 1
    everywhere = {key for command_keys in keys.values() for key in command_keys}
    assert not everywhere & FORBIDDEN
    assert all(canonical_key(key) == key for key in everywhere)


def test_the_presets_are_those_of_the_settings_and_name_real_commands() -> None:
    assert set(PRESETS) == set(KEY_PRESETS)
    assert {i for preset in PRESETS.values() for i in preset} <= {command.id for command in all_commands()}


def test_arrows_and_vim_keys_are_there_from_the_start() -> None:
    keys = keys_with("default")
    for command_id, arrow, letter in [
        ("list.down", "down", "j"),
        ("list.up", "up", "k"),
        ("list.first", "home", "g"),
        ("list.last", "end", "G"),
        ("pane.right", "right", "l"),
        ("pane.left", "left", "h"),
    ]:
        assert {arrow, letter} <= set(keys[command_id])


def test_without_choices_the_default_preset_changes_nothing() -> None:
    assert build_keymap("default", ()) == ({}, [])


def test_a_chosen_key_is_taken_from_the_command_that_had_it() -> None:
    mapping, complaints = build_keymap("default", [choice("media.open", "j", "enter")])
    assert mapping == {
        "media.open": "j,enter",
        "list.down": "down",
        "pane.right": "l,right",
        "look.down": "down",
        "look.leave": "escape,f",
    }
    assert complaints == []


def test_taking_a_command_s_only_key_is_said() -> None:
    mapping, complaints = build_keymap("default", [choice("media.open", "r")])
    assert mapping == {"media.open": "r", "browse.reload": NO_KEY}
    assert [str(complaint) for complaint in complaints] == [
        "config.toml:1: “media.open” takes the only key of “browse.reload”: give that one another key"
    ]


def test_two_commands_can_swap_their_keys() -> None:
    mapping, complaints = build_keymap("default", [choice("list.sort", "S"), choice("list.reverse_sort", "s")])
    assert (mapping, complaints) == ({"list.sort": "S", "list.reverse_sort": "s"}, [])


def test_of_two_choices_of_one_key_the_first_wins_and_the_second_is_told() -> None:
    mapping, complaints = build_keymap("default", [choice("media.open", "ctrl+o"), choice("list.sort", "Ctrl+O", "z")])
    assert mapping == {"media.open": "ctrl+o", "list.sort": "z"}
    assert [complaint.text for complaint in complaints] == [
        "“ctrl+o” is taken by “media.open” already, so “list.sort” does not get it"
    ]


def test_a_choice_beats_the_preset() -> None:
    mapping, _complaints = build_keymap("vim", [choice("list.page_down", "pagedown"), choice("media.open", "V")])
    assert "list.page_down" not in mapping  # as it is without a preset
    assert "list.mark_range" not in mapping
    assert mapping["list.page_up"] == "pageup,ctrl+u"


def test_a_key_given_twice_is_one_key() -> None:
    assert build_keymap("default", [choice("list.sort", "z", "Z", "z")]) == ({"list.sort": "z,Z"}, [])


def test_no_keys_at_all_takes_the_key_away() -> None:
    assert build_keymap("default", [choice("list.sort")]) == ({"list.sort": NO_KEY}, [])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (choice("list.dwn", "n"), "there is no command “list.dwn”; did you mean “list.down”?"),
        (choice("zzz", "n"), "there is no command “zzz”"),
        (choice("list.down", "page_down"), "there is no key “page_down”; did you mean “pagedown”?"),
        (choice("list.down", "cltr+d"), "there is no key “cltr+d”"),
        (choice("list.down", "\x1b"), "there is no key “" + display("\x1b") + "”"),
    ],
)
def test_what_does_not_exist_is_named_with_the_nearest_that_does(wrong: KeyChoice, said: str) -> None:
    mapping, complaints = build_keymap("default", [wrong])
    assert mapping == {}
    assert [complaint.text for complaint in complaints] == [said]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("?", "question_mark"),
        ("/", "slash"),
        (",", "comma"),
        (" ", "space"),
        ("+", "plus"),
        ("Ctrl+P", "ctrl+p"),
        ("PageDown", "pagedown"),
        ("Esc", "escape"),
        ("shift+a", "A"),
        ("shift+Tab", "shift+tab"),
        ("ç", "ç"),
        ("F12", "f12"),
        ("alt+x", "alt+x"),
        ("", None),
        ("ctrl+", None),
        ("x+y", None),
        ("\n", None),
    ],
)
def test_keys_as_people_write_them(written: str, key: str | None) -> None:
    assert canonical_key(written) == key


@given(st.text(max_size=12))
def test_any_text_is_a_key_or_is_none(written: str) -> None:
    key = canonical_key(written)
    assert key is None or key == key.strip() != ""


@given(st.sampled_from(string.printable) | st.from_regex(r"(ctrl\+|shift\+)?([a-z]|f[1-9]|tab|plus)", fullmatch=True))
def test_a_key_s_name_is_its_own_name(written: str) -> None:
    key = canonical_key(written)
    assert key is None or canonical_key(key) == key


@given(
    st.sampled_from(KEY_PRESETS),
    st.lists(
        st.builds(
            choice, st.sampled_from([command.id for command in all_commands()]), st.sampled_from(["j", "r", "f1", "?"])
        ),
        unique_by=lambda made: made.command_id,
    ),
)
def test_no_choice_makes_two_commands_that_live_together_share_a_key(preset: str, choices: list[KeyChoice]) -> None:
    mapping, _complaints = build_keymap(preset, choices)
    for together in (*LIVE_TOGETHER, {"filter"}):
        commands = [command for command in all_commands() if command.id.partition(".")[0] in together]
        keys = [key for command in commands for key in mapping.get(command.id, command.key).split(",") if key]
        assert max(Counter(key for key in keys if key != NO_KEY).values()) == 1


class Rows(Widget, can_focus=True):
    """A stand-in for a list that carries some commands out."""

    USER_COMMANDS = (*LIST_COMMANDS, *LIST_FRAME_COMMANDS)
    BINDINGS: ClassVar[list[BindingType]] = bindings(*USER_COMMANDS)

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "list_mark_all"

    def action_list_down(self) -> None:
        self.done.append("down")

    def action_list_sort(self) -> None:
        self.done.append("sort")

    def action_list_clear_filter(self) -> None:
        self.done.append("clear filter")


class Small(App[None], inherit_bindings=False):
    """An app of one list and one input."""

    COMMANDS = {CommandsProvider}
    USER_COMMANDS = APP_COMMANDS
    BINDINGS: ClassVar[list[BindingType]] = bindings(*USER_COMMANDS)

    def compose(self) -> ComposeResult:
        yield Rows()
        yield Input()


async def test_a_remapped_key_does_what_the_old_one_did_and_the_old_one_does_nothing() -> None:
    app = Small()
    async with app.run_test() as pilot:
        app.set_keymap(build_keymap("default", [choice("list.down", "n"), choice("list.sort", "?")])[0])
        await pilot.press("j", "down", "s")
        assert app.query_one(Rows).done == []
        await pilot.press("n", "question_mark")
        assert app.query_one(Rows).done == ["down", "sort"]


async def test_help_shows_what_answers_now_by_the_keys_in_force() -> None:
    app = Small()
    async with app.run_test() as pilot:
        app.set_keymap(build_keymap("vim", [choice("list.sort")])[0])
        rows = {row.title: row for row in help_rows(app.screen)}
        assert rows["Move down"].keys == "↓ j"
        assert rows["Page up"].keys == "pgup ^u"
        assert rows["Sort"].keys == ""
        assert rows["Help"].heading == "Program"
        assert "Mark all" not in rows  # check_action says that it does not apply
        app.query_one(Input).focus()
        await pilot.pause()
        assert {item.command for item in active_commands(app.screen)} == set(APP_COMMANDS)


async def test_of_two_owners_of_a_command_the_inner_one_carries_it_out() -> None:
    class Doubled(Small):
        USER_COMMANDS = (*APP_COMMANDS, *LIST_COMMANDS, *LIST_FRAME_COMMANDS)

    app = Doubled()
    async with app.run_test():
        nodes = {item.command.id: item.node for item in active_commands(app.screen)}
        assert nodes["list.sort"] is app.query_one(Rows)
        assert nodes["list.mark_all"] is app  # the list says that it does not apply there
        assert nodes["app.quit"] is app


async def test_the_palette_shows_keys_and_leaves_plain_moving_out() -> None:
    app = Small()
    async with app.run_test():
        provider = CommandsProvider(app.screen)
        discovered = {hit.text: str(hit.prompt) async for hit in provider.discover()}
        assert discovered["Sort"] == "Sort  s"
        assert discovered["Clear filter"] == "Clear filter"
        assert "Move down" not in discovered
        assert [str(hit.prompt) async for hit in provider.search("invert")] == ["Invert marks  *"]


async def test_the_palette_offers_what_answers_now_and_does_it() -> None:
    app = Small()
    async with app.run_test() as pilot:
        rows = app.query_one(Rows)
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert isinstance(app.screen, CommandPalette)
        await pilot.press(*"clear filt")
        await app.workers.wait_for_complete()
        await pilot.press("enter", "enter")
        await pilot.pause()
        assert rows.done == ["clear filter"]


def test_bindings_carry_id_label_and_help() -> None:
    made = {binding.id: binding for _key, binding in BindingsMap(bindings(*all_commands()))}
    assert made["app.quit"].description == "Quit"
    assert made["scan.start"].description == "Duplicates"
    assert made["scan.start"].tooltip.startswith("Look for duplicates")
    assert "app.theme" not in made  # palette only
