"""The acts themselves, each checked after it is done: whatever moved that was not meant to is put back.

The last component of a path is always a name, and a name can change hands between the look and the act. So the look
comes again afterwards, when what moved cannot be anything else any more.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from typing import NoReturn

from catalog_tui.core.removal.refusals import RefusedError, reason_for
from catalog_tui.core.removal.system import Folder, share_blocks
from catalog_tui.core.removal.verify import HeldFile, fingerprint, is_same_file
from catalog_tui.core.words import _


@dataclass(frozen=True, slots=True)
class Named:
    """A verified file and where it is."""

    folder: Folder
    name: str
    file: HeldFile

    def is_untouched(self) -> bool:
        """Whether the name still leads to the file, and the file is as it was."""
        status = self.folder.look(self.name)
        return status is not None and fingerprint(status) == fingerprint(self.file.status)


@dataclass(frozen=True, slots=True)
class Destination:
    """A name in the trash; `spare` is one more, of which nobody else makes use."""

    folder: Folder
    name: str
    spare: str


def move_to_trash(victim: Named, held: ExitStack, keeper: Named | None, to: Destination) -> None:
    """Move a verified file into the trash; `held` holds it open and is let go where an open file cannot be moved.

    RefusedError when another file had come under its name, or the copy is not what it was: then it has been put back.
    """
    if not victim.folder.moves_open_files:
        held.close()
    victim.folder.take(victim.name, to.folder, to.name)
    try:
        is_victim = is_same_file(to.folder.look(to.name), victim.file)
        is_kept = keeper is None or keeper.is_untouched()
    except OSError as error:
        _put_back(victim, to, reason_for(error))
    if not is_victim:
        _put_back(victim, to, _("another file took its place at the last moment"))
    if not is_kept:
        _put_back(victim, to, _("the copy to keep changed at the last moment"))


def replace_by_link(victim: Named, held: ExitStack, keeper: Named, to: Destination) -> None:
    """Put a hard link of the keeper in a verified file's place, and the file into the trash."""
    keeper.folder.link(keeper.name, to.folder, to.name)
    if not is_same_file(to.folder.look(to.name), keeper.file):
        raise RefusedError(_("the copy to keep changed at the last moment"))
    if victim.folder.swap(victim.name, to.folder, to.name):
        as_meant = is_same_file(to.folder.look(to.name), victim.file)
        if not (as_meant and is_same_file(victim.folder.look(victim.name), keeper.file)):
            victim.folder.swap(victim.name, to.folder, to.name)
            raise RefusedError(_("another file took its place at the last moment"))
        return
    to.folder.take(to.name, to.folder, to.spare)
    move_to_trash(victim, held, None, to)
    try:
        to.folder.put(to.spare, victim.folder, victim.name)
    except OSError as error:
        _put_back(victim, to, reason_for(error))


def share_content(victim: Named, keeper: Named) -> None:
    """Let a verified file share the keeper's blocks where it stands: its name, its inode and its dates stay."""
    share_blocks(keeper.file.descriptor, victim.file.descriptor, victim.file.status.st_size)


def _put_back(victim: Named, to: Destination, reason: str) -> NoReturn:
    try:
        to.folder.put(to.name, victim.folder, victim.name)
    except OSError as error:
        text = _("{reason}; it is in the trash now, for it could not be put back: {why}")
        raise RefusedError(text.format(reason=reason, why=reason_for(error))) from error
    raise RefusedError(reason)
