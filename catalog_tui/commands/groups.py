"""All commands, by the group that the first part of their id names."""

from catalog_tui.commands.browsing import BROWSE_COMMANDS, MEDIA_COMMANDS, PANE_COMMANDS
from catalog_tui.commands.command import Command
from catalog_tui.commands.lists import FILTER_COMMANDS, LIST_COMMANDS, LIST_FRAME_COMMANDS
from catalog_tui.commands.pictures import FRAME_COMMANDS, LOOK_COMMANDS, TILE_COMMANDS
from catalog_tui.commands.program import APP_COMMANDS, SCAN_COMMANDS, SERVER_COMMANDS
from catalog_tui.commands.removing import REMOVAL_COMMANDS, REVIEW_COMMANDS

COMMAND_GROUPS: dict[str, tuple[str, tuple[type[Command], ...]]] = {
    "list": ("Lists", (*LIST_COMMANDS, *LIST_FRAME_COMMANDS)),
    "filter": ("Filter line", FILTER_COMMANDS),
    "tiles": ("Tiles", TILE_COMMANDS),
    "pane": ("Panes", PANE_COMMANDS),
    "media": ("Files", MEDIA_COMMANDS),
    "browse": ("Browsing", BROWSE_COMMANDS),
    "frame": ("Videos", FRAME_COMMANDS),
    "look": ("Whole screen", LOOK_COMMANDS),
    "scan": ("Duplicate scan", SCAN_COMMANDS),
    "server": ("Serving", SERVER_COMMANDS),
    "review": ("Review of duplicates", REVIEW_COMMANDS),
    "removal": ("Removing", REMOVAL_COMMANDS),
    "app": ("Program", APP_COMMANDS),
}
"""First part of a command's id -> (English heading, its commands), in the order in which help shows them."""

LIVE_TOGETHER: tuple[frozenset[str], ...] = (
    frozenset({"list", "pane", "media", "browse", "frame", "scan", "server", "removal", "app"}),
    frozenset({"list", "pane", "media", "review", "removal", "app"}),
    frozenset({"look", "media", "frame", "app"}),
    frozenset(
        {"list", "tiles", "media", "browse", "frame", "scan", "server", "removal", "app"}
    ),  # over the panes' own, on purpose
    frozenset({"filter", "app"}),  # the line shadows the list's keys, on purpose
)
"""The groups that answer at the same time, screen by screen: within one of these sets a key means one command."""


def all_commands() -> list[type[Command]]:
    """Every command there is, in the order of help."""
    return [command for _heading, commands in COMMAND_GROUPS.values() for command in commands]
