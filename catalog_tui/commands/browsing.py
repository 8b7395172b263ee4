"""What can be done among the panes and with the files in them."""

from catalog_tui.commands.command import Command


class GoIn(Command):
    """Go into what is under the cursor: one pane to the right"""

    id = "pane.right"
    key = "enter,l,right"
    in_palette = False


class GoBack(Command):
    """Back out one step: end the range, the filter, then one pane to the left"""

    id = "pane.left"
    key = "escape,h,left"
    in_palette = False


class NextPane(Command):
    """Go to the next pane, after the last to the first"""

    id = "pane.next"
    key = "tab"
    in_palette = False


class PreviousPane(Command):
    """Go to the pane before, before the first to the last"""

    id = "pane.previous"
    key = "shift+tab"
    in_palette = False


class OpenFile(Command):
    """Open the file with the system's own program"""

    id = "media.open"
    key = "o"
    in_footer = True
    label = "Open"


class CopyPath(Command):
    """Copy the path to the clipboard, over SSH too"""

    id = "media.copy_path"
    key = "y"


class Reload(Command):
    """Read the folder under the cursor again from the disk"""

    id = "browse.reload"
    key = "r"


class ToggleDetails(Command):
    """Show or hide the details pane"""

    id = "browse.toggle_details"
    key = "p"
    title = "Details pane"


class ToggleTiles(Command):
    """Show the files as pictures side by side; again: as lines"""

    id = "browse.tiles"
    key = "t"
    title = "Tiles"


class WholeScreen(Command):
    """Show the picture under the cursor on the whole screen"""

    id = "browse.whole_screen"
    key = "f"


PANE_COMMANDS: tuple[type[Command], ...] = (GoIn, GoBack, NextPane, PreviousPane)
MEDIA_COMMANDS: tuple[type[Command], ...] = (OpenFile, CopyPath)
BROWSE_COMMANDS: tuple[type[Command], ...] = (Reload, ToggleDetails, ToggleTiles, WholeScreen)
