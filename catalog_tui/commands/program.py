"""What can be done everywhere: the program itself, and the duplicate scan that runs beside all else."""

from catalog_tui.commands.command import Command
from catalog_tui.commands.pictures import HidePictures


class Quit(Command):
    """Leave the program; the place, the sort order and the cursor are remembered"""

    id = "app.quit"
    key = "q,ctrl+c"
    in_footer = True


class Help(Command):
    """Show what can be done here and by which keys"""

    id = "app.help"
    key = "question_mark,f1"
    in_footer = True


class CommandPalette(Command):
    """Search all commands by name"""

    id = "app.palette"
    key = "ctrl+p"
    in_palette = False
    action = "command_palette"  # Textual's own: with this name it adds no second binding
    label = "Commands"


class ChooseTheme(Command):
    """Try the colour themes one by one and keep one"""

    id = "app.theme"


class Redraw(Command):
    """Paint the screen anew, pictures too: tmux drops those that come while it shows another window"""

    id = "app.redraw"
    key = "ctrl+l"


class FindDuplicates(Command):
    """Look for duplicates in the whole archive, beside the browsing"""

    id = "scan.start"
    key = "D"
    in_footer = True
    label = "Duplicates"


class StopScan(Command):
    """Stop the duplicate scan; what it has read so far is kept for the next"""

    id = "scan.cancel"
    key = "X"


class ShowDuplicates(Command):
    """Show the duplicates that the last scan found"""

    id = "scan.results"
    key = "W"


class ServeArchive(Command):
    """Serve the archive to a browser, here or on a phone; show what is asked, and end that"""

    id = "server.open"
    key = "N"
    label = "Serve"


APP_COMMANDS: tuple[type[Command], ...] = (Quit, Help, CommandPalette, ChooseTheme, HidePictures, Redraw)
SCAN_COMMANDS: tuple[type[Command], ...] = (FindDuplicates, StopScan, ShowDuplicates)
SERVER_COMMANDS: tuple[type[Command], ...] = (ServeArchive,)
