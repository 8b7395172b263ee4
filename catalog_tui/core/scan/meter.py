"""The figures of a running scan, written by its threads and read by whoever shows them."""

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catalog_tui.core.scan.shared_figures import SharedFigures


class Meter:
    """Counters of one scan; `stop` asks everything that works on it to give up."""

    def __init__(self) -> None:
        self.phase = "walk"
        self.folder = b""
        self.files = 0
        self.bytes = 0
        self.candidates = 0
        self.todo_bytes = 0
        self.hashed_files = 0
        self.hits = 0
        self.misses = 0
        self.groups = 0
        self.waste = 0
        self.started = time.monotonic()
        self._bytes_read = 0
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._shared: SharedFigures | None = None

    @property
    def stopped(self) -> bool:
        """Whether the scan was cancelled."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask for the end."""
        self._stop.set()
        if self._shared is not None:
            self._shared.stop()

    def share(self, figures: "SharedFigures") -> None:
        """Count in what is read by helper processes, and have them stop too."""
        self._shared = figures

    def advance(self, size_bytes: int) -> None:
        """Note content bytes read, also those of a file that is not finished: a film takes minutes on a slow disk."""
        with self._lock:
            self._bytes_read += size_bytes

    @property
    def bytes_read(self) -> int:
        """Content bytes read so far."""
        return self._bytes_read + (self._shared.bytes_read if self._shared is not None else 0)

    @property
    def seconds(self) -> float:
        """Since the scan started."""
        return time.monotonic() - self.started
