"""Whether the archive's folder is there, and the one that was there when the server began."""

import os

from catalog_tui.server.problems import archive_away


class Presence:
    """Tells an archive that is unmounted from one that is empty: its mount point stays, on another device."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._device = os.stat(root).st_dev

    def is_there(self) -> bool:
        """Whether the archive can be reached now."""
        try:
            return os.stat(self.root).st_dev == self._device
        except OSError:
            return False

    def check(self) -> None:
        """Refused (503) unless it is there."""
        if not self.is_there():
            raise archive_away()

    def check_descriptor(self, descriptor: int) -> None:
        """Refused (503) unless this open folder is on the archive's filesystem."""
        if os.fstat(descriptor).st_dev != self._device:
            raise archive_away()
