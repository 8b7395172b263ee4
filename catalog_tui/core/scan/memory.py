"""What a scan asks of its memory of earlier ones, and how it goes without: here, so that it loads no SQLite."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol


class Recalled(NamedTuple):
    """What the index knows of a candidate. `doubted`: its ctime alone changed, so its ends must be read and agree."""

    position: int
    ends: bytes
    whole: bytes
    doubted: bool


class Memory(Protocol):
    """The digests of earlier scans, as far as they hold. No call fails: what cannot be remembered is read again."""

    @property
    def works(self) -> bool:
        """Whether there is anything to tell, and to tell it to."""
        ...

    def is_empty(self) -> bool:
        """Whether there is nothing to recall."""
        ...

    def recall(self, positions: Iterable[int]) -> Iterator[Recalled]:
        """What is known of these files, each at most once, in no promised order."""
        ...

    def remember(self, device: int, read_at_ns: int, found: Iterable[tuple[int, bytes, bytes]]) -> None:
        """Store (position, ends, whole) of files read since `read_at_ns`, but none too fresh to be trusted later."""
        ...

    def commit(self) -> None:
        """Make safe what was remembered, when a commit is due."""
        ...

    def close(self) -> None:
        """Commit and let go."""
        ...


class NoMemory:
    """The memory of a scan that uses no index."""

    works = False

    def is_empty(self) -> bool:
        """It is."""
        return True

    def recall(self, positions: Iterable[int]) -> Iterator[Recalled]:
        """Nothing."""
        return iter(())

    def remember(self, device: int, read_at_ns: int, found: Iterable[tuple[int, bytes, bytes]]) -> None:
        """Forget at once."""

    def commit(self) -> None:
        """There is nothing to make safe."""

    def close(self) -> None:
        """There is nothing to let go."""
