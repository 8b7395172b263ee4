"""What a server has done since it began, in figures."""

from collections import Counter
from typing import Final

ROUTES: Final = frozenset(
    (b"/api/sites", b"/api/models", b"/api/model", b"/api/search", b"/api/duplicates", b"/api/scan_progress")
)
TREES: Final = {b"/media/": "/media", b"/thumb/": "/thumb"}


class Counters:
    """Counts of one process; for its event loop alone."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, int]] = Counter()
        """By route and status."""
        self.bytes = 0
        self.seconds = 0.0

    def count(self, path: bytes, status: int, size: int, seconds: float) -> None:
        """Note a request that was answered."""
        route = path.decode() if path in ROUTES else TREES.get(path[: path.find(b"/", 1) + 1], "other")
        self.requests[route, status] += 1
        self.bytes += size
        self.seconds += seconds
