"""What the routes of one worker share."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TypeVar

from catalog_tui.core.archive import Archive
from catalog_tui.core.errors import ArchiveError
from catalog_tui.server.answers import Answers
from catalog_tui.server.counters import Counters
from catalog_tui.server.options import ServerOptions
from catalog_tui.server.presence import Presence
from catalog_tui.server.problems import of_archive

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Service:
    """The archive, the ready answers about it, and the threads that may block."""

    options: ServerOptions
    archive: Archive
    presence: Presence
    answers: Answers
    counters: Counters
    executor: Executor

    def asked(self, ask: Callable[[], T]) -> T:
        """What `ask` gives, in a thread; what the archive says against it is raised as Refused."""
        self.presence.check()
        try:
            return ask()
        except ArchiveError as error:
            self.presence.check()
            raise of_archive(error) from error

    def forget(self) -> None:
        """Forget everything that was read."""
        self.archive.clear_caches()
        self.answers.forget()
