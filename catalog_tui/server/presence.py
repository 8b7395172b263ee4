"""Whether the archive's folder is there, and the one that was there when the server began."""

import os
from typing import Final

from catalog_tui.server.problems import archive_away


class Presence:
    """Tells an archive that is unmounted from one that is empty: its mount point stays, on another device."""

    def __init__(self, root: str, device: int) -> None:
        """`device`: that of the folder when the archive was there."""
        self.root = root
        self.device: Final = device

    def is_there(self) -> bool:
        """Whether the archive can be reached now."""
        try:
            return os.stat(self.root).st_dev == self.device
        except OSError:
            return False

    def check(self) -> None:
        """Refused (503) unless it is there."""
        if not self.is_there():
            raise archive_away()
