"""Patience with those who guess tokens: after a few failures each further one doubles the wait of that address.

The failures are files in the run's private folder, one an address, with a byte for each failure and the date of the
last: so a guesser gains nothing by being answered by several workers, nor when one of them ends.
"""

import hashlib
import os
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from catalog_tui.core.words import _
from catalog_tui.server.problems import Refused

FREE_FAILURES: Final = 5
FIRST_WAIT_S: Final = 2.0
LONGEST_WAIT_S: Final = 900.0
MOST_GUESSERS: Final = 10_000
LOOK_S: Final = 0.02  # between two looks: one for each request is a tenth of the time of a small answer
TIDY_EVERY: Final = 1000
"""Failures between two looks at how many files there are."""


class Patience:
    """`folder` is the run's own."""

    def __init__(self, folder: str, clock: Callable[[], float] = time.time) -> None:
        """`clock` gives seconds as files are dated."""
        self._folder = os.path.join(folder, "failures")
        self._clock = clock
        self._failures = 0
        self._is_tried = False
        self._look_at_s = 0.0

    @property
    def is_tried(self) -> bool:
        """Whether anybody has failed in this run; at another worker, LOOK_S ago."""
        if not self._is_tried and time.monotonic() >= self._look_at_s:
            self._is_tried = os.path.exists(self._folder)
            self._look_at_s = time.monotonic() + LOOK_S
        return self._is_tried

    def check(self, client: str) -> None:
        """Refused (429) while this address has to wait."""
        try:
            status = os.stat(self._path(client))
        except OSError:
            return
        over = status.st_size - FREE_FAILURES
        if over > 0:
            since_s = max(0.0, self._clock() - status.st_mtime)
            wait_s = min(FIRST_WAIT_S * 2 ** min(over - 1, 20), LONGEST_WAIT_S) - since_s
            if wait_s > 0:
                after = b"%d" % (int(wait_s) + 1)
                raise Refused(429, _("Too many wrong tokens; wait a little."), headers=((b"retry-after", after),))

    def failed(self, client: str) -> None:
        """Note a wrong token."""
        self._is_tried = True
        os.makedirs(self._folder, mode=0o700, exist_ok=True)
        descriptor = os.open(self._path(client), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, b".")
        finally:
            os.close(descriptor)
        self._failures += 1
        if self._failures % TIDY_EVERY == 0:
            self._tidy()

    def succeeded(self, client: str) -> None:
        """Forget the failures of this address."""
        with suppress(FileNotFoundError):
            os.unlink(self._path(client))

    def _path(self, client: str) -> str:
        return os.path.join(self._folder, hashlib.sha256(client.encode("utf-8", "surrogateescape")).hexdigest()[:32])

    def _tidy(self) -> None:
        """Forget those who failed longest ago, where there are too many."""
        with os.scandir(self._folder) as entries:
            found = sorted((entry.stat().st_mtime_ns, entry.path) for entry in entries)
        for _date, path in found[: max(0, len(found) - MOST_GUESSERS)]:
            with suppress(FileNotFoundError):
                os.unlink(path)
