"""Side-files that go along with the media they describe: a shared one with the last of them."""

from dataclasses import dataclass

from catalog_tui.core.removal.beneath import opened
from catalog_tui.core.removal.system import Folder
from catalog_tui.core.side_files import side_files


@dataclass(frozen=True, slots=True)
class SideFile:
    """A side-file, by name, and all the media of its folder that it describes."""

    name: str
    describes: tuple[str, ...]


class SideFilesOfFolders:
    """The side-files of any file of an archive, each folder read once, when it is asked for first."""

    def __init__(self, top: Folder) -> None:
        self._top = top
        self._known: dict[str, dict[str, list[SideFile]]] = {}

    def of(self, folder: str, name: str) -> list[SideFile]:
        """The side-files of the file `name` in `folder`; OSError where the folder cannot be read."""
        if folder not in self._known:
            self._known[folder] = self._read(folder)
        return self._known[folder].get(name, [])

    def _read(self, folder: str) -> dict[str, list[SideFile]]:
        with opened(self._top, folder) as held:
            names = held.names()
        found: dict[str, list[SideFile]] = {}
        for name, describes in side_files(names).items():
            for described in describes:
                found.setdefault(described, []).append(SideFile(name, describes))
        return found
