"""Real children, really killed."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from catalog_tui.core import child_reader
from catalog_tui.core.archive import Archive
from catalog_tui.core.child_reader import ChildReader, _Process
from catalog_tui.core.errors import Cancelled, CatalogError
from catalog_tui.core.frames import Frame
from catalog_tui.core.matching import Criteria
from catalog_tui.core.packed import PackedNames
from catalog_tui.core.reader import DirectReader
from tests.corpus import NASTY_NAMES
from tests.trees import make_archive
from tests.waiting import PATIENCE_S


@pytest.fixture
def reader() -> Iterator[ChildReader]:
    with ChildReader() as reader:
        yield reader


@pytest.fixture
def top(tmp_path: Path) -> Path:
    make_archive(tmp_path, {f"{name}/{number}.jpg": number for name in ("a", "b 2", "b 10") for number in range(20)})
    for name in NASTY_NAMES:
        (tmp_path / "a" / os.fsdecode(name)).write_bytes(b"text")
    os.symlink("a", tmp_path / "link")
    for folder in [tmp_path, *tmp_path.iterdir()]:
        os.utime(folder, (10**9, 10**9))
    return tmp_path


def is_running(pid: int) -> bool:
    """False also for one that has ended and that nobody has asked about yet."""
    try:
        os.kill(pid, 0)
        return b") Z" not in Path(f"/proc/{pid}/stat").read_bytes()
    except (ProcessLookupError, FileNotFoundError):
        return False


def until(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not so():
        assert time.monotonic() < deadline, "what was waited for did not come"
        os.sched_yield()


def telling(asked: threading.Event, answer: Callable[[], bool]) -> Callable[[], bool]:
    """A `cancelled` that tells when it is asked."""

    def cancelled() -> bool:
        asked.set()
        return answer()

    return cancelled


def test_a_child_reads_what_this_process_would(reader: ChildReader, top: Path) -> None:
    here = DirectReader()
    assert reader.listing(str(top)) == here.listing(str(top))
    assert reader.listing(str(top), recursive=False) == here.listing(str(top), recursive=False)
    assert reader.info(str(top)) == here.info(str(top))
    assert reader.folders(str(top), loose=True) == here.folders(str(top), loose=True)
    assert reader.folders(str(top), levels=2) == here.folders(str(top), levels=2)


@pytest.mark.parametrize("fuzzy", [False, True])
def test_a_child_arranges_as_this_process_would(reader: ChildReader, top: Path, fuzzy: bool) -> None:
    listing = reader.listing(str(top))
    here = DirectReader()
    for text in ("", "1", "jpg"):
        for column in (None, listing.sizes, listing.kinds, list(listing.mtimes_ns)):
            criteria = Criteria(text, fuzzy, column, descending=True)
            assert reader.arrange(listing.names, criteria) == here.arrange(listing.names, criteria)


def test_a_child_finds_in_the_names_it_is_asked_about(reader: ChildReader) -> None:
    one, other = PackedNames.pack(["a", "ab", "abc"]), PackedNames.pack(["xab", "x"])
    assert list(reader.arrange(one, Criteria("a"))) == [0, 1, 2]
    assert list(reader.arrange(one, Criteria("ab"))) == [1, 2]
    assert list(reader.arrange(other, Criteria("ab"))) == [0]
    os.kill(reader.pids()[0], signal.SIGKILL)
    assert list(reader.arrange(other, Criteria("x"))) == [0, 1]
    assert list(reader.arrange(one, Criteria("abc"))) == [2]


def test_an_archive_is_read_by_children_unseen(reader: ChildReader, top: Path) -> None:
    archive, plain = Archive(str(top.parent), reader=reader), Archive(str(top.parent))
    site = top.name
    assert archive.models(site) == plain.models(site)
    assert archive.media(site, "b 2") == plain.media(site, "b 2")
    assert archive.info(site, "b 10") == plain.info(site, "b 10")


def test_what_the_system_said_to_the_child_is_said_here(reader: ChildReader, top: Path) -> None:
    with pytest.raises(FileNotFoundError) as told:
        reader.listing(str(top / "gone"))
    assert told.value.errno == errno.ENOENT
    with pytest.raises(NotADirectoryError):
        reader.info(str(top / "a/1.jpg"))


def test_figures_are_read_beside_what_a_person_waits_for(reader: ChildReader, top: Path) -> None:
    assert reader.pids() == []
    reader.warm()
    reader.listing(str(top))
    assert len(reader.pids()) == 1
    reader.info(str(top))
    assert len(set(reader.pids())) == 2


def test_many_folders_are_read_by_both_and_each_as_if_it_were_alone(reader: ChildReader, top: Path) -> None:
    tops = [str(top / name) for name in ("a", "gone", "b 2", "a/1.jpg", "b 10")] * 3
    found = reader.listings(tops)
    assert len(set(reader.pids())) == 2
    for path, listing, direct in zip(tops, found, DirectReader().listings(tops), strict=True):
        if isinstance(direct, OSError):
            assert isinstance(listing, OSError) and listing.errno == direct.errno, path
        else:
            assert listing == direct
    assert reader.listings([]) == []


def test_many_folders_are_read_by_one_child_while_the_other_is_at_work(reader: ChildReader, top: Path) -> None:
    reader.warm_all()
    behind = reader.pids()[1]
    os.kill(behind, signal.SIGSTOP)
    asked, enough = threading.Event(), threading.Event()

    def long_request() -> None:
        with pytest.raises(Cancelled):
            reader.info(str(top), cancelled=telling(asked, enough.is_set))

    thread = threading.Thread(target=long_request)
    thread.start()
    asked.wait(PATIENCE_S)
    patience_s = time.monotonic() + PATIENCE_S
    try:
        assert len(reader.listings([str(top)] * 20, cancelled=lambda: time.monotonic() > patience_s)) == 20
    finally:
        enough.set()
        thread.join()


def test_many_folders_are_given_up_and_the_child_goes_on_to_the_next(
    reader: ChildReader, top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_reader, "OBEY_S", PATIENCE_S)
    reader.warm()
    first = reader.pids()
    looks = iter((False, False, True))
    with pytest.raises(Cancelled):
        reader.listings([str(top)] * 7, cancelled=lambda: next(looks, True))
    assert reader.listing(str(top / "a")) == DirectReader().listing(str(top / "a"))
    assert reader.pids() == first


def test_a_child_that_is_killed_among_many_folders_is_asked_for_all_of_them_again(
    reader: ChildReader, top: Path
) -> None:
    reader.warm()
    (first,) = reader.pids()
    looks = iter(range(10**9))

    def kill_at_the_fourth_look() -> bool:
        if next(looks) == 3:
            os.kill(first, signal.SIGKILL)
        return False

    found = reader.listings([str(top / "a"), str(top / "b 2")] * 3, cancelled=kill_at_the_fourth_look)
    assert found == DirectReader().listings([str(top / "a"), str(top / "b 2")] * 3)


def test_a_child_that_is_killed_is_started_again(reader: ChildReader, top: Path) -> None:
    before = reader.listing(str(top))
    (first,) = reader.pids()
    os.kill(first, signal.SIGKILL)
    assert reader.listing(str(top)) == before
    assert reader.pids() != [first]
    assert not is_running(first)


def test_a_child_that_is_killed_at_work_is_asked_again(reader: ChildReader, top: Path) -> None:
    reader.warm()
    (first,) = reader.pids()
    os.kill(first, signal.SIGSTOP)  # now it is at work for as long as this test likes
    looks = iter(range(10**9))

    def kill_at_the_second_look() -> bool:
        if next(looks) == 1:
            os.kill(first, signal.SIGKILL)
        return False

    assert reader.listing(str(top), cancelled=kill_at_the_second_look) == DirectReader().listing(str(top))


def test_children_that_keep_dying_are_an_error_and_no_hang(
    reader: ChildReader, top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_reader, "BOOT", "raise SystemExit(1)")
    with pytest.raises(CatalogError, match="ended twice"):
        reader.listing(str(top))
    monkeypatch.undo()
    assert len(reader.listing(str(top))) > 0


def test_work_is_given_up_and_the_child_goes_on_to_the_next(
    reader: ChildReader, top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_reader, "OBEY_S", PATIENCE_S)
    reader.warm()
    first = reader.pids()
    looks = iter((False, True))
    with pytest.raises(Cancelled):
        reader.listing(str(top), cancelled=lambda: next(looks, True))
    assert reader.listing(str(top)) == DirectReader().listing(str(top))
    assert reader.pids() == first


def test_a_child_gives_up_when_it_is_told(top: Path) -> None:
    child = _Process()
    os.kill(child.pid, signal.SIGSTOP)  # so that both words are there before it begins
    child.send(Frame("listing", (1, str(top), True)))
    child.send(Frame("cancel", (1,)))
    child.send(Frame("listing", (2, str(top), True)))
    os.kill(child.pid, signal.SIGCONT)
    answers = [child.answers.get(timeout=PATIENCE_S) for _ in range(2)]
    child.end()
    assert [answer and answer.word for answer in answers] == ["cancelled", "listing"]


def test_a_child_that_does_not_give_up_is_left_behind(reader: ChildReader, top: Path) -> None:
    reader.warm()
    (first,) = reader.pids()
    os.kill(first, signal.SIGSTOP)
    looks = iter((False, True))
    with pytest.raises(Cancelled):
        reader.listing(str(top), cancelled=lambda: next(looks, True))
    assert not is_running(first)
    assert len(reader.listing(str(top))) > 0


def test_waiting_for_another_request_can_be_given_up(reader: ChildReader, top: Path) -> None:
    reader.warm()
    (first,) = reader.pids()
    os.kill(first, signal.SIGSTOP)
    waiting, enough = threading.Event(), threading.Event()

    def long_request() -> None:
        with pytest.raises(Cancelled):
            reader.listing(str(top), cancelled=telling(waiting, enough.is_set))

    thread = threading.Thread(target=long_request)
    thread.start()
    waiting.wait(PATIENCE_S)
    with pytest.raises(Cancelled):
        reader.listing(str(top), cancelled=lambda: True)
    enough.set()
    thread.join()


def test_closing_ends_the_children_and_what_they_are_at(top: Path) -> None:
    reader = ChildReader()
    reader.info(str(top))
    reader.warm()
    pids = reader.pids()
    os.kill(pids[0], signal.SIGSTOP)
    waiting = threading.Event()
    given_up: list[bool] = []

    def long_request() -> None:
        try:
            reader.listing(str(top), cancelled=telling(waiting, bool))
        except Cancelled:
            given_up.append(True)

    thread = threading.Thread(target=long_request)
    thread.start()
    waiting.wait(PATIENCE_S)
    reader.close()
    thread.join()
    assert given_up == [True]
    assert not any(map(is_running, pids))
    with pytest.raises(Cancelled):
        reader.listing(str(top))


def test_a_reader_that_nobody_holds_any_more_takes_its_children_along(top: Path) -> None:
    reader = ChildReader()
    reader.listing(str(top))
    (pid,) = reader.pids()
    del reader
    assert not is_running(pid)


PROGRAM = """
import sys
from catalog_tui.core.child_reader import ChildReader, _Process
reader = ChildReader()
reader.listing(sys.argv[1])
reader.info(sys.argv[1])
print(*reader.pids(), flush=True)
if sys.argv[2] == "wait":
    sys.stdin.read()
"""


@pytest.mark.parametrize("end", ["wait", "leave"])
def test_children_end_with_their_program_however_it_ends(top: Path, end: str) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(top), end], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    with program, program.stdout:
        pids = list(map(int, program.stdout.readline().split()))
        if end == "wait":
            assert all(map(is_running, pids))
            program.kill()
        program.wait()
    assert len(pids) == 2
    until(lambda: not any(map(is_running, pids)))


def test_an_interrupt_typed_at_the_program_does_not_reach_the_children(reader: ChildReader) -> None:
    reader.warm()
    (pid,) = reader.pids()
    assert os.getsid(pid) == pid


def test_many_threads_ask_one_reader(reader: ChildReader, top: Path) -> None:
    wanted = DirectReader().listing(str(top))
    agreeing: list[bool] = []

    def ask() -> None:
        for _ in range(5):
            agreeing.append(reader.listing(str(top)) == wanted)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert agreeing == [True] * 20


def test_columns_of_any_size_cross_whole(reader: ChildReader) -> None:
    names = PackedNames.pack(f"{number}.jpg" for number in range(50_000))
    order = reader.arrange(names, Criteria(column=array("q", range(50_000)), descending=True))
    assert order == array("I", range(49_999, -1, -1))
