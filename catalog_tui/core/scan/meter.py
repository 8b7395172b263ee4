"""The figures of a running scan, written by its threads and read by whoever shows them."""

import threading
import time


class Meter:
    """Counters of one scan; `stop` asks everything that works on it to give up."""

    def __init__(self) -> None:
        self.phase = "walk"
        self.folder = b""
        self.files = 0
        self.bytes = 0
        self.candidates = 0
        self.todo_bytes = 0
        self.done_bytes = 0
        self.hashed_files = 0
        self.hits = 0
        self.misses = 0
        self.groups = 0
        self.waste = 0
        self.started = time.monotonic()
        self._flowing = 0
        self._bytes_read = 0
        self._lock = threading.Lock()
        self._stop = threading.Event()

    @property
    def stopped(self) -> bool:
        """Whether the scan was cancelled."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask for the end."""
        self._stop.set()

    def advance(self, size_bytes: int) -> None:
        """Note bytes of a file that is still being read: a film takes minutes on a slow disk."""
        with self._lock:
            self._flowing += size_bytes

    def settle(self, size_bytes: int, flowed: int) -> None:
        """Note the bytes of a finished batch, of which `flowed` were told by `advance` already."""
        with self._lock:
            self._bytes_read += size_bytes
            self._flowing -= flowed

    @property
    def bytes_read(self) -> int:
        """Content bytes read so far."""
        with self._lock:
            return self._bytes_read + self._flowing

    @property
    def seconds(self) -> float:
        """Since the scan started."""
        return time.monotonic() - self.started
