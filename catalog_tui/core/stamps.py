"""Whether folders changed since they were read, told by their times."""

import os
from array import array
from dataclasses import dataclass
from typing import Final

from catalog_tui.core.folder import BY_DESCRIPTOR, LONGEST_PATH, Folder, Stamp
from catalog_tui.core.packed import PackedNames

GONE: Final[Stamp] = (0, 0)
UNTRUSTED_NS: Final = -1
RACY_NS: Final = 2_000_000_000  # FAT keeps times to 2 s: a second change within them would not show


@dataclass(frozen=True, slots=True)
class Stamps:
    """The folders that were read (paths below the first, which is "") and what their stamps were just before that."""

    folders: PackedNames
    mtimes_ns: "array[int]"
    ctimes_ns: "array[int]"

    def __len__(self) -> int:
        return len(self.folders)

    def hold(self, top: str, *, only_top: bool = False) -> bool:
        """True while none of the folders (`only_top`: the first) has changed since they were read below `top`.

        It costs one `stat` a folder.
        """
        for index in range(1 if only_top else len(self.folders)):
            now = stamp_of(below(top, self.folders[index]))
            if now != (self.mtimes_ns[index], self.ctimes_ns[index]):
                return False
        return True


class StampColumns:
    """Stamps while they are gathered."""

    def __init__(self) -> None:
        self._paths: list[str] = []
        self._mtimes_ns = array("q")
        self._ctimes_ns = array("q")

    def add(self, path: str, stamp: Stamp, begun_ns: int) -> None:
        """Note the stamp of a folder whose reading began at `begun_ns`.

        A folder changed within the last two seconds may change again without its times showing it ("racily clean"):
        what is noted then is a stamp that no folder ever has.
        """
        racy = abs(begun_ns - max(stamp)) < RACY_NS
        self._paths.append(path)
        self._mtimes_ns.append(stamp[0])
        self._ctimes_ns.append(UNTRUSTED_NS if racy else stamp[1])

    def packed(self) -> Stamps:
        """All that was noted."""
        return Stamps(PackedNames.pack(self._paths), self._mtimes_ns, self._ctimes_ns)


def stamp_of(path: str) -> Stamp:
    """The stamp of the folder at `path` now; GONE where it cannot be asked."""
    try:
        if BY_DESCRIPTOR and len(path) > LONGEST_PATH // 4 and len(os.fsencode(path)) > LONGEST_PATH:
            with Folder(path) as folder:
                return folder.stamp()
        status = os.stat(path)
    except OSError:
        return GONE
    return status.st_mtime_ns, status.st_ctime_ns


def below(top: str, path: str) -> str:
    """`path` joined to `top`; `top` itself for ""."""
    return f"{top}/{path}" if path else top
