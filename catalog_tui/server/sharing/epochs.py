"""The times between two clearings of what is shared, each with a name of its own.

What was put in one epoch is not found in another. The name is drawn by lot: a Redis that comes back with what it held
long ago brings no epoch back that somebody has ended since then and remembers.
"""

import re
import secrets
import threading
from typing import Final

_EPOCH: Final = re.compile(r"[0-9a-f]{16}")


def new_epoch() -> str:
    """A name that no epoch ever had."""
    return secrets.token_hex(8)


def is_epoch(text: str) -> bool:
    """Whether that can be an epoch's name."""
    return _EPOCH.fullmatch(text) is not None


def epoch_key(prefix: str) -> str:
    """Where Redis keeps the name of the epoch."""
    return f"{prefix}:epoch"


class Epochs:
    """Which epoch it is, as far as this process has heard. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_told = False
        self._epoch = self._unsaid = ""

    @property
    def now(self) -> str:
        """The epoch; "" while nobody would tell of another."""
        return self._epoch if self._is_told and not self._unsaid else ""

    @property
    def last(self) -> str:
        """The last epoch that was heard of, "" before the first."""
        return self._epoch

    @property
    def unsaid(self) -> str:
        """An epoch that Redis does not know of yet, "" where there is none."""
        return self._unsaid

    def begin(self, epoch: str, *, is_said: bool) -> None:
        """Everything was cleared; `is_said`: Redis knows."""
        with self._lock:
            self._epoch, self._unsaid = epoch, "" if is_said else epoch

    def join(self, epoch: str) -> None:
        """Redis says that this is the epoch, and from now on tells of others."""
        with self._lock:
            self._is_told = True
            if not self._unsaid:
                self._epoch = epoch

    def lose(self) -> None:
        """From now on nobody would tell of another."""
        with self._lock:
            self._is_told = False
