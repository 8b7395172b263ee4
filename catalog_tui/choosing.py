"""Which archive to open, and whether it and the terminal can be used at all: asked before anything big is imported."""

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from catalog_tui.core.errors import ArchiveError, UsageError
from catalog_tui.core.words import _, reason_of

if TYPE_CHECKING:
    from catalog_tui.config import Settings
    from catalog_tui.core.complaints import Complaint

USUAL_ARCHIVE = "~/Archive-Downloader"


def usual_archive(settings: "Settings", complaints: "list[Complaint]") -> tuple[str, str]:
    """The archive to open when none is named, an absolute path, and a hint for the case that it is not there.

    It is that of the settings, else the one opened last, else the usual place; a damaged state adds to `complaints`.
    """
    from catalog_tui.core.state import load_state  # 5 ms, and only browsing without a name asks

    state, damage = load_state()
    complaints += damage
    hint = _("name another one (catalog-tui FOLDER), or try the program with: catalog-tui demo")
    chosen = settings.archive or state.last_archive or os.path.expanduser(USUAL_ARCHIVE)
    return os.path.abspath(chosen), hint


def meant_command(name: str, commands: Iterable[str]) -> str:
    """A hint for the case that `name` is no folder: the subcommand that may have been meant, or ""."""
    from difflib import get_close_matches  # 4 ms, only for who mistyped

    likely = get_close_matches(name, commands, n=1)
    return _("did you mean the command “{command}”?").format(command=likely[0]) if likely else ""


def check_archive(root: str, hint: str = "") -> None:
    """ArchiveError, with `hint` where there is no such folder, unless `root` is a folder that can be read."""
    try:
        os.scandir(root).close()
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in the name
        raise ArchiveError(_why_not(os.path.abspath(root), error, hint)) from error


def _why_not(root: str, error: OSError | ValueError, hint: str) -> str:
    from catalog_tui.core.names import display  # 2 ms that a scan of what is there does not pay

    name = display(root)
    if isinstance(error, FileNotFoundError):
        text = _("there is no folder {folder}").format(folder=name)
        return f"{text}; {hint}" if hint else text
    if isinstance(error, NotADirectoryError):
        return _("{name} is a file, and an archive is a folder").format(name=name)
    if isinstance(error, PermissionError):
        return _("you have no permission to read the folder {folder}").format(folder=name)
    reason = reason_of(error)
    return _("{folder} cannot be read: {reason}").format(folder=name, reason=reason)


def check_terminal() -> None:
    """UsageError unless there is a terminal to read keys from and to draw on (Textual draws on stderr), no dumb one."""
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise UsageError(_("browsing needs a terminal, and input or output is none; see catalog-tui --help"))
    if os.environ.get("TERM") == "dumb":
        raise UsageError(_("browsing needs a terminal that can move its cursor, and TERM says that this one is dumb"))
