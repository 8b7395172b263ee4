"""A file that is left alone, and why: raised deep down, caught for each file, reported."""

import errno
from dataclasses import dataclass

from catalog_tui.core.errors import CatalogError
from catalog_tui.core.words import _, reason_of


class RefusedError(CatalogError):
    """This file is not acted on; the text says why."""


class RemovalError(CatalogError):
    """Nothing can be done at all: no journal can be kept, or somebody else is at it."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was left alone: its path in the archive, and the reason for people."""

    path: str
    reason: str


def reason_for(error: OSError) -> str:
    """Why the system refused, in words that fit files which a plan named."""
    if isinstance(error, FileNotFoundError):
        return _("it is gone")
    if error.errno == errno.ELOOP:
        return _("a link has taken its place, and links are not followed")
    if isinstance(error, NotADirectoryError):
        return _("a folder on the way to it is a link now, or no folder")
    if error.errno == errno.EXDEV:
        return _("it lies on another filesystem")
    return reason_of(error)
