"""What is cheap to know of one file beyond its listing: a link's target, the format inside, side-files, dates."""

import os
from dataclasses import dataclass
from stat import S_ISLNK, S_ISREG
from typing import Final

from catalog_tui.core.content import HEAD_BYTES, content_kind, mislabelled
from catalog_tui.core.errors import ArchiveError
from catalog_tui.core.folder import OPEN_FILE
from catalog_tui.core.names import display
from catalog_tui.core.words import _

SIDE_FILE_ENDINGS: Final = (".json", ".info.json", ".txt", ".json.xz", ".xmp", ".nfo", ".description", ".srt", ".vtt")
"""The usual ones, asked for by name: reading the whole folder for one file would cost what listing it costs."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What one look at a file tells."""

    size_bytes: int
    mtime_ns: int
    ctime_ns: int
    hard_links: int
    form: str
    """The format's usual suffix, told by the first bytes; "" where they say nothing."""
    real_form: str
    """The same where the name says another, else ""."""
    link_target: str | None
    """Where a link leads, exactly as written in it; None for what is no link."""
    link_is_dead: bool
    side_files: tuple[str, ...]
    """Names of the side-files beside it."""


def file_facts(path: str) -> FileFacts:
    """Look at the file at `path`, without following a link. Raises ArchiveError where it is gone or cannot be asked."""
    try:
        status = os.lstat(path)
        target = os.readlink(path) if S_ISLNK(status.st_mode) else None
    except OSError as error:
        raise ArchiveError(
            _("{name}: {reason}").format(name=display(os.path.basename(path)), reason=error.strerror)
        ) from error
    head = _head(path) if S_ISREG(status.st_mode) else b""
    found = content_kind(head)
    return FileFacts(
        size_bytes=status.st_size,
        mtime_ns=status.st_mtime_ns,
        ctime_ns=status.st_ctime_ns,
        hard_links=status.st_nlink,
        form="" if found is None else found[1],
        real_form=mislabelled(os.path.basename(path), head) or "",
        link_target=target,
        link_is_dead=target is not None and not os.path.exists(path),
        side_files=_side_files(path),
    )


def _head(path: str) -> bytes:
    try:
        descriptor = os.open(path, OPEN_FILE)
    except OSError:
        return b""  # it can be listed but not read: then only its content stays unknown
    try:
        return os.read(descriptor, HEAD_BYTES)
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def _side_files(path: str) -> tuple[str, ...]:
    stem = os.path.splitext(path)[0]
    candidates = dict.fromkeys(base + ending for base in (path, stem) for ending in SIDE_FILE_ENDINGS)
    return tuple(
        os.path.basename(candidate) for candidate in candidates if candidate != path and os.path.lexists(candidate)
    )
