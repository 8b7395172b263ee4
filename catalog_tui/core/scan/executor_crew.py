"""A crew that is an executor of somebody else's: a Dask cluster's, or one made for a test."""

from concurrent.futures import BrokenExecutor, Future
from functools import partial
from typing import Any

from catalog_tui.core.scan.crew import Function, TakenBackError, Tell, Workers
from catalog_tui.core.words import _


class ExecutorCrew:
    """Runs `function(batch)` by the executor of `workers`."""

    fatal: tuple[type[BaseException], ...] = (BrokenExecutor,)
    apart = False

    def __init__(self, workers: Workers) -> None:
        self.width = workers.width
        self.same_machine = workers.same_machine
        self._executor = workers.executor
        self._running: set[Future[Any]] = set()

    def start(self, function: Function, batch: Any, tell: Tell) -> None:
        """See Crew."""
        future = self._executor.submit(function, batch)
        self._running.add(future)
        future.add_done_callback(partial(self._came_back, tell))

    def expect_many(self) -> None:
        """An executor is what it is."""

    def drop(self) -> None:
        """See Crew."""
        for future in tuple(self._running):
            future.cancel()

    def close(self) -> None:
        """The executor is for its owner to shut down."""

    def _came_back(self, tell: Tell, future: Future[Any]) -> None:
        self._running.discard(future)
        if future.cancelled():
            tell(None, TakenBackError(_("it was cancelled by others")))
        else:
            error = future.exception()
            tell(None if error else future.result(), error)
