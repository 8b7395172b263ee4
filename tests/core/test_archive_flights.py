"""One read serves all who ask for the same at the same time."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog_tui.core.archive import Archive
from catalog_tui.core.listing import Listing, never
from catalog_tui.core.reader import DirectReader
from tests.trees import make_archive
from tests.waiting import PATIENCE_S, wait_until


class HeldReader(DirectReader):
    """Reads listings only after it is let go, and counts them."""

    def __init__(self) -> None:
        self.reads = 0
        self.begun = threading.Event()
        self.let_go = threading.Event()

    def listing(self, top: str, *, recursive: bool = True, cancelled: Callable[[], bool] = never) -> Listing:
        self.reads += 1
        self.begun.set()
        assert self.let_go.wait(PATIENCE_S)
        return super().listing(top, recursive=recursive, cancelled=cancelled)


def test_threads_that_want_the_same_listing_read_it_once(tmp_path: Path) -> None:
    reader = HeldReader()
    archive = Archive(str(make_archive(tmp_path, {"site/model/a.jpg": b"x"})), reader=reader)
    found: list[Listing] = []
    waiting = [threading.Event() for _ in range(3)]

    def want(look: Callable[[], bool]) -> None:
        found.append(archive.media("site", "model", cancelled=look))

    def looks_of(event: threading.Event) -> Callable[[], bool]:
        """Asked now and then by who waits for another's reading."""

        def look() -> bool:
            event.set()
            return False

        return look

    first = threading.Thread(target=want, args=(never,))
    first.start()
    assert reader.begun.wait(PATIENCE_S)
    others = [threading.Thread(target=want, args=(looks_of(event),)) for event in waiting]
    for thread in others:
        thread.start()
    assert all(event.wait(PATIENCE_S) for event in waiting)
    reader.let_go.set()
    for thread in (first, *others):
        thread.join(PATIENCE_S)
        assert not thread.is_alive()
    assert reader.reads == 1
    assert len(found) == 4
    assert all(listing is found[0] for listing in found)


@pytest.mark.parametrize(
    "forget",
    [
        Archive.reload,
        Archive.clear_caches,
        lambda archive: archive.forget_model("site", "model"),
        lambda archive: archive.forget_file("site", "model", "a.jpg"),
    ],
)
def test_who_asks_after_something_was_forgotten_joins_no_older_reading(
    tmp_path: Path, forget: Callable[[Archive], None]
) -> None:
    reader = HeldReader()
    archive = Archive(str(make_archive(tmp_path, {"site/model/a.jpg": b"x"})), reader=reader)
    threads = [threading.Thread(target=archive.media, args=("site", "model")) for _ in range(2)]
    threads[0].start()
    wait_until(lambda: reader.reads == 1)
    forget(archive)
    threads[1].start()
    wait_until(lambda: reader.reads == 2)
    reader.let_go.set()
    for thread in threads:
        thread.join(PATIENCE_S)
        assert not thread.is_alive()
