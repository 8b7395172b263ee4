"""The scan in a process of its own: `python -P -m catalog_tui.core.scan.child`.

It reads its options as one line of JSON from stdin and writes events as lines of JSON to stdout (`events.py`); the
groups go to the archive's kept results. A line `cancel`, SIGTERM, SIGINT, or the end of stdin (whoever asked is gone)
end the scan early, keeping what was hashed.
"""

import os
import signal
import sys
import threading
from contextlib import ExitStack

from catalog_tui.core.errors import CatalogError
from catalog_tui.core.places import archive_cache
from catalog_tui.core.scan.collector import no_collector
from catalog_tui.core.scan.engine import scan
from catalog_tui.core.scan.events import Event, Failed, Finished, to_line
from catalog_tui.core.scan.giving_way import give_way
from catalog_tui.core.scan.lock import scan_lock
from catalog_tui.core.scan.request import from_request
from catalog_tui.core.words import choose_language


def main() -> int:
    """Scan as stdin says; 0 when it was done, 130 when it was cancelled, 1 when it could not be done."""
    give_way()
    options, language = from_request(_read_line(0))
    choose_language(language)
    gone = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: gone.set())
    last: Finished | Failed
    try:
        with ExitStack() as held, no_collector():
            if options.use_index:
                held.enter_context(scan_lock(archive_cache(options.archive)))
            events = scan(options, cancelled=gone.is_set)
            threading.Thread(target=_listen, args=(gone,), daemon=True).start()  # once the scan's helpers are forked
            for event in events:
                if isinstance(event, Finished):
                    last = event
                    if event.outcome is not None:
                        event.outcome.close()
                else:
                    _write(event, gone)
    except CatalogError as error:
        last = Failed(str(error))
    _write(last, gone)  # after the lock was let go: whoever hears the end may begin the next scan at once
    if isinstance(last, Failed):
        return 1
    return 130 if last.summary.cancelled else 0


def _write(event: Event, gone: threading.Event) -> None:
    line = memoryview(to_line(event).encode() + b"\n")
    try:
        while line:
            line = line[os.write(1, line) :]
    except BrokenPipeError:
        gone.set()


def _listen(gone: threading.Event) -> None:
    """Whatever comes after the first line, or nothing any more, means the end."""
    _read_line(0)
    gone.set()


def _read_line(descriptor: int) -> bytes:
    """A line, unbuffered: a thread that sits in sys.stdin's lock would spoil the interpreter's end."""
    line = bytearray()
    while not line.endswith(b"\n") and (byte := os.read(descriptor, 1)):
        line += byte
    return bytes(line)


if __name__ == "__main__":
    sys.exit(main())
