"""Opening a file with the system's own program: only what is looked at or listened to, never what would be run."""

import os
import shutil
import subprocess
import sys
import threading
from stat import S_ISREG
from typing import Final

from catalog_tui.core.content import HEAD_BYTES, content_kind
from catalog_tui.core.errors import CatalogError
from catalog_tui.core.folder import OPEN_FILE
from catalog_tui.core.kinds import AUDIO_SUFFIXES, IMAGE_SUFFIXES, VIDEO_SUFFIXES, Kind, suffix_of
from catalog_tui.core.names import display
from catalog_tui.core.words import _

AUDIO_FORMS: Final = frozenset(("mp3", "ogg", "flac", "wav", "m4a"))
COMPRESSED: Final = (".zip", ".cbz", ".epub", ".7z", ".rar")
PASSIVE_SUFFIXES: Final = (
    IMAGE_SUFFIXES | VIDEO_SUFFIXES | AUDIO_SUFFIXES | frozenset((".txt", ".json", ".srt", ".vtt", *COMPRESSED))
)
"""What may be opened. Not in it: all that a program would run, or fetch something for (`.desktop`, `.url`, `.html`,
`.svg`, `.lnk`, scripts, documents with macros)."""


class NotOpenedError(CatalogError):
    """The file was not handed to any program."""


def open_with_system(path: str) -> None:
    """Show the file at `path` (absolute) with the program the system has for it; comes back at once.

    Raises NotOpenedError, with the reason, for active or unrecognised files, and where there is no such program."""
    _refuse_active(path)
    if sys.platform == "win32":
        os.startfile(path)
        return
    if sys.platform == "darwin":
        program = "open"
    else:
        program = "xdg-open"
        if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            raise NotOpenedError(_("There is no desktop here to open it on. y copies the path."))
    if shutil.which(program) is None:
        raise NotOpenedError(_("{program} is missing: it comes with the package xdg-utils.").format(program=program))
    try:
        process = subprocess.Popen(
            [program, path],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise NotOpenedError(f"{program}: {error.strerror}") from error
    # It may stay as long as the viewer does: nobody waits for it, but it must not stay on as a zombie.
    threading.Thread(target=process.wait, name="opened", daemon=True).start()


def _refuse_active(path: str) -> None:
    """By its name, and by its first bytes too: programs are chosen by either."""
    name = display(os.path.basename(path))
    suffix = suffix_of(os.path.basename(path)).lower()
    try:
        descriptor = os.open(path, OPEN_FILE & ~getattr(os, "O_NOFOLLOW", 0))
        try:
            found = content_kind(os.read(descriptor, HEAD_BYTES))
            is_file = S_ISREG(os.fstat(descriptor).st_mode)  # a viewer would wait for ever at a named pipe
        finally:
            os.close(descriptor)
    except OSError as error:
        raise NotOpenedError(_("{name} cannot be opened: {reason}").format(name=name, reason=error.strerror)) from error
    is_media = found is not None and (found[0] is not Kind.OTHER or found[1] in AUDIO_FORMS)
    if is_file and suffix in PASSIVE_SUFFIXES and (is_media or found is None or suffix in COMPRESSED):
        return
    if is_file and not suffix and is_media:
        return
    raise NotOpenedError(
        _("{name} is not opened: it may do more than be looked at. y copies its path.").format(name=name)
    )
