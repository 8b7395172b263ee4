"""A scan that says what a test tells it to, in the place of the child process."""

from collections.abc import Iterator
from queue import SimpleQueue

import pytest

from catalog_tui.core.scan.events import Event, Failed, Finished
from catalog_tui.core.scan.options import ScanOptions


class ToldScan:
    """Stands for `ScanProcess`; one at a time."""

    def __init__(self) -> None:
        self._events: SimpleQueue[Event] = SimpleQueue()
        self.options: ScanOptions | None = None
        self.cancelled = False
        self.pid = None

    def __call__(self, options: ScanOptions) -> "ToldScan":
        self.options = options
        return self

    def tell(self, event: Event) -> None:
        """What the scan says next."""
        self._events.put(event)

    def start(self) -> None:
        """Nothing is to be started."""

    def events(self) -> Iterator[Event]:
        """What was told, up to the event that ends a scan."""
        while True:
            event = self._events.get()
            yield event
            if isinstance(event, Finished | Failed):
                return

    def cancel(self) -> None:
        """Take note."""
        self.cancelled = True

    def close(self) -> None:
        """End, however far it was."""
        self.tell(Failed("closed"))


def tell_scan(monkeypatch: pytest.MonkeyPatch) -> ToldScan:
    """The scan that the next ScanBar starts."""
    scan = ToldScan()
    monkeypatch.setattr("catalog_tui.widgets.scan_bar.ScanProcess", scan)
    return scan
