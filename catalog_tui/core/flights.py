"""One piece of work for all who want its result at the same time."""

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from catalog_tui.core.errors import Cancelled

T = TypeVar("T")

LOOK_S = 0.02


class _Flight(Generic[T]):
    """Work under way, and once it has landed what came of it; nothing where it failed or was given up."""

    def __init__(self) -> None:
        self.landed = threading.Event()
        self.results: list[T] = []


class Flights(Generic[T]):
    """What is under way, by key. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[Hashable, _Flight[T]] = {}

    def share(self, key: Hashable, work: Callable[[], T], cancelled: Callable[[], bool]) -> T:
        """What `work` gives, or what another caller's work gives that is under way by the same `key`.

        Where the other fails or is cancelled this one begins its own. Raises what its own `work` raises, and Cancelled
        while waiting."""
        while True:
            mine: _Flight[T] = _Flight()
            with self._lock:
                flight = self._under_way.setdefault(key, mine)
            if flight is mine:
                return self._fly(key, mine, work)
            while not flight.landed.wait(LOOK_S):
                if cancelled():
                    raise Cancelled
            if flight.results:
                return flight.results[0]

    def _fly(self, key: Hashable, flight: _Flight[T], work: Callable[[], T]) -> T:
        try:
            result = work()
            flight.results.append(result)
            return result
        finally:
            with self._lock:
                del self._under_way[key]
            flight.landed.set()
