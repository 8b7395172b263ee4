"""Every command a user can give, declared once: its key, palette entry, footer label and help all come from here."""

from catalog_tui.commands.browsing import BROWSE_COMMANDS, MEDIA_COMMANDS, PANE_COMMANDS
from catalog_tui.commands.command import Command, bindings
from catalog_tui.commands.groups import COMMAND_GROUPS, LIVE_TOGETHER, all_commands
from catalog_tui.commands.lists import FILTER_COMMANDS, LIST_COMMANDS, LIST_FRAME_COMMANDS
from catalog_tui.commands.pictures import FRAME_COMMANDS, LOOK_COMMANDS, TILE_COMMANDS
from catalog_tui.commands.program import APP_COMMANDS, SCAN_COMMANDS, SERVER_COMMANDS
from catalog_tui.commands.removing import REMOVAL_COMMANDS, REVIEW_COMMANDS

__all__ = [
    "APP_COMMANDS",
    "BROWSE_COMMANDS",
    "COMMAND_GROUPS",
    "FILTER_COMMANDS",
    "FRAME_COMMANDS",
    "LIST_COMMANDS",
    "LIST_FRAME_COMMANDS",
    "LIVE_TOGETHER",
    "LOOK_COMMANDS",
    "MEDIA_COMMANDS",
    "PANE_COMMANDS",
    "REMOVAL_COMMANDS",
    "REVIEW_COMMANDS",
    "SCAN_COMMANDS",
    "SERVER_COMMANDS",
    "TILE_COMMANDS",
    "Command",
    "all_commands",
    "bindings",
]
