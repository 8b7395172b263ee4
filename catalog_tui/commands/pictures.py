"""What can be done with pictures: step through a video's, look at one on the whole screen, hide them all."""

from catalog_tui.commands.command import Command


class NextFrame(Command):
    """Of a video, go on by a twenty-fourth of its length"""

    id = "frame.next"
    key = "right_square_bracket"
    in_palette = False


class PreviousFrame(Command):
    """Of a video, go back by a twenty-fourth of its length"""

    id = "frame.previous"
    key = "left_square_bracket"
    in_palette = False


class HidePictures(Command):
    """Hide all pictures, also at later starts; again: show them"""

    id = "app.hide_pictures"
    key = "B"


class ShowNext(Command):
    """Show the next picture"""

    id = "look.next"
    key = "n,space,pagedown,x"
    in_palette = False
    in_footer = True
    label = "Next"


class ShowPrevious(Command):
    """Show the picture before"""

    id = "look.previous"
    key = "N,backspace,pageup"
    in_palette = False


class ZoomIn(Command):
    """Look nearer"""

    id = "look.nearer"
    key = "plus,equals_sign"
    in_palette = False
    in_footer = True
    label = "Zoom"


class ZoomOut(Command):
    """Look from further away"""

    id = "look.further"
    key = "minus"
    in_palette = False


class ShowWhole(Command):
    """Show the whole picture"""

    id = "look.whole"
    key = "0"
    in_palette = False


class LookLeft(Command):
    """Move to the left in a picture that is zoomed; else, show the one before"""

    id = "look.left"
    key = "left,h"
    in_palette = False


class LookRight(Command):
    """Move to the right in a picture that is zoomed; else, show the next"""

    id = "look.right"
    key = "right,l"
    in_palette = False


class LookUp(Command):
    """Move up in a picture that is zoomed; else, show the one before"""

    id = "look.up"
    key = "up,k"
    in_palette = False


class LookDown(Command):
    """Move down in a picture that is zoomed; else, show the next"""

    id = "look.down"
    key = "down,j"
    in_palette = False


class LeaveWholeScreen(Command):
    """Go back to the list, at the picture seen last"""

    id = "look.leave"
    key = "escape,f,enter"
    in_palette = False
    in_footer = True
    label = "Back"


class TileLeft(Command):
    """Move the cursor one tile to the left"""

    id = "tiles.left"
    key = "left,h"
    in_palette = False


class TileRight(Command):
    """Move the cursor one tile to the right"""

    id = "tiles.right"
    key = "right,l"
    in_palette = False


TILE_COMMANDS: tuple[type[Command], ...] = (TileLeft, TileRight)
FRAME_COMMANDS: tuple[type[Command], ...] = (NextFrame, PreviousFrame)
LOOK_COMMANDS: tuple[type[Command], ...] = (
    LeaveWholeScreen,
    ShowNext,
    ShowPrevious,
    ZoomIn,
    ZoomOut,
    ShowWhole,
    LookLeft,
    LookRight,
    LookUp,
    LookDown,
)
