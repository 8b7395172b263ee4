"""Which commands answer on a screen just now, and by which keys: for the help, the palette and the footer."""

from typing import NamedTuple

from textual.dom import DOMNode
from textual.screen import Screen

from catalog_tui.commands.command import Command
from catalog_tui.commands.groups import COMMAND_GROUPS
from catalog_tui.commands.keymap import NO_KEY
from catalog_tui.core.words import translated


class ActiveCommand(NamedTuple):
    """A command that would be carried out now, the widget, screen or app that would do it, and its keys as shown."""

    command: type[Command]
    node: DOMNode
    keys: str
    """As a person reads them, separated by spaces; "" when no key gives it now."""


class HelpRow(NamedTuple):
    """One line of the contextual help."""

    heading: str
    keys: str
    title: str
    help: str


def active_commands(screen: Screen[object]) -> list[ActiveCommand]:
    """What answers on `screen`, from the focused widget up to the app; the innermost owner of a command is its node."""
    keys = _keys_in_force(screen)
    found: dict[str, ActiveCommand] = {}
    for node in (screen.focused or screen).ancestors_with_self:
        owned: tuple[type[Command], ...] = getattr(node, "USER_COMMANDS", ())
        for command in owned:
            if command.id not in found and node.check_action(command.action, ()):
                found[command.id] = ActiveCommand(command, node, " ".join(keys.get(command.id, ())))
    return list(found.values())


def help_rows(screen: Screen[object]) -> list[HelpRow]:
    """The help for `screen` as it is now, group by group, in the reader's language."""
    active = {item.command.id: item for item in active_commands(screen)}
    return [
        HelpRow(translated(heading), active[command.id].keys, command.shown_title(), command.shown_help())
        for heading, commands in COMMAND_GROUPS.values()
        for command in commands
        if command.id in active
    ]


def _keys_in_force(screen: Screen[object]) -> dict[str, list[str]]:
    keys: dict[str, list[str]] = {}
    for key, active in screen.active_bindings.items():
        if active.binding.id and key != NO_KEY:
            keys.setdefault(active.binding.id, []).append(screen.app.get_key_display(active.binding))
    return keys
