"""The store: what is read is right or is not there, the cap holds, and whatever happens to it costs no more."""

import json
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from catalog_tui.core.pictures.index import set_aside
from catalog_tui.core.pictures.store import Store, StoreDamaged, StoreUnusable
from tests.core.pictures.writer import PACK_BYTES, data_of, key_of

CAP = 1 << 20


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1_000_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with closing(Store(folder, CAP, pack_bytes=PACK_BYTES)) as store:
        yield store


def disk_bytes(folder: Path) -> int:
    """Of packs and index; SQLite's own log beside it comes and goes."""
    return sum(path.stat().st_size for path in (*folder.glob("*.pack"), folder / "index.db"))


class StoreBesideADict(RuleBasedStateMachine):
    """What the store gives is what a dict would give, or nothing; the last thing put is always there."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = Clock()
        self.model: dict[int, bytes] = {}
        self.last: int | None = None
        self.store = self.opened()

    def opened(self) -> Store:
        return Store(self.folder, CAP // 4, pack_bytes=PACK_BYTES // 2, clock=self.clock)

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    @rule(number=st.integers(0, 60), size=st.integers(0, 30_000), seed=st.integers(0, 9))
    def put(self, number: int, size: int, seed: int) -> None:
        data = random.Random(seed).randbytes(size)
        self.store.put(key_of(number), data)
        self.model[number] = data
        self.last = number

    @rule(number=st.integers(0, 60))
    def get(self, number: int) -> None:
        found = self.store.get(key_of(number))
        assert found is None or found == self.model[number]
        assert self.store.has(key_of(number)) == (found is not None)

    @rule(seconds=st.integers(0, 2000))
    def wait(self, seconds: int) -> None:
        self.clock.now += seconds

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = self.opened()

    @rule()
    def clear(self) -> None:
        self.store.clear()
        self.model.clear()
        self.last = None
        assert self.store.stats().records == 0
        assert list(self.folder.glob("*.pack")) == []

    @invariant()
    def the_last_is_there_and_the_cap_holds(self) -> None:
        if self.last is not None:
            assert self.store.get(key_of(self.last)) == self.model[self.last]
        assert disk_bytes(self.folder) <= CAP // 4
        assert self.store.stats().bytes <= CAP // 4


StoreBesideADict.TestCase.settings = settings(max_examples=40, stateful_step_count=40)
test_store_beside_a_dict = StoreBesideADict.TestCase


def fill(store: Store, numbers: range) -> None:
    for number in numbers:
        store.put(key_of(number), data_of(number))


def test_the_cap_holds_and_what_was_looked_at_stays_longest(folder: Path) -> None:
    clock = Clock()
    with closing(Store(folder, CAP, pack_bytes=PACK_BYTES, clock=clock)) as store:
        fill(store, range(10))
        for number in range(10, 1500):  # four times the cap
            clock.now += 60
            store.put(key_of(number), data_of(number))
            assert disk_bytes(folder) <= CAP
            for favourite in range(3):
                assert store.get(key_of(favourite)) == data_of(favourite)
        kept = [number for number in range(1500) if store.has(key_of(number))]
        assert kept[:3] == [0, 1, 2]
        assert kept[3] > 1000
        assert sum(len(data_of(number)) for number in kept) > CAP * 0.8  # not much of it is empty


def test_many_thumbnails_are_few_files(store: Store, folder: Path) -> None:
    fill(store, range(300))
    assert len(list(folder.iterdir())) < 20


def test_what_is_too_large_is_not_kept(store: Store) -> None:
    store.put(b"k" * 16, b"x" * (PACK_BYTES + 1))
    assert store.get(b"k" * 16) is None


def test_threads_share_a_store(store: Store) -> None:
    def work(seed: int) -> None:
        rng = random.Random(seed)
        for _ in range(100):
            number = rng.randrange(400)
            store.put(key_of(number), data_of(number))
            other = rng.randrange(400)
            assert store.get(key_of(other)) in (None, data_of(other))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))


class Writers:
    """Processes that write to a store, killed at the end at the latest."""

    def __init__(self, folder: Path, seeds: Iterable[int]) -> None:
        argv = [sys.executable, "-m", "tests.core.pictures.writer", str(folder), str(CAP)]
        self.processes = [subprocess.Popen([*argv, str(seed)], stdout=subprocess.PIPE, text=True) for seed in seeds]

    def __enter__(self) -> "Writers":
        return self

    def __exit__(self, *_: object) -> None:
        for number in range(len(self.processes)):
            self.kill(number)

    def wait_for(self, number: int, records: int) -> None:
        """Until it has written so many more records."""
        stream = self.processes[number].stdout
        assert stream is not None
        for _ in range(records):
            assert stream.readline(), "a writer failed"

    def kill(self, number: int) -> int | None:
        """Kill it; gives the last record that it told of."""
        process = self.processes[number]
        assert process.stdout is not None
        if process.stdout.closed:
            return None
        process.kill()
        with process:
            told = process.stdout.read().rpartition("\n")[0].rpartition("\n")[2]
        return int(told) if told else None


@pytest.mark.parametrize("seed", range(4))
def test_killed_at_any_moment_it_is_a_good_store(folder: Path, seed: int) -> None:
    rng = random.Random(seed)
    with Writers(folder, (seed * 10, seed * 10 + 1)) as writers:
        for number in range(2):
            writers.wait_for(number, rng.randrange(20, 600))
        writers.kill(0)
        writers.wait_for(1, 1)
        last = writers.kill(1)
    with closing(Store(folder, CAP, pack_bytes=PACK_BYTES)) as store:
        for number in range(2000):
            assert store.get(key_of(number)) in (None, data_of(number))
        assert last is None or store.get(key_of(last)) == data_of(last)  # what was said to be kept is kept
        fill(store, range(2000, 2400))
        assert disk_bytes(folder) <= CAP
        known = store.stats().packs
        assert len(list(folder.glob("*.pack"))) == known
    with closing(sqlite3.connect(folder / "index.db")) as index:
        assert index.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_several_processes_begin_and_fill_one_store_at_once(folder: Path) -> None:
    with Writers(folder, range(4)) as writers:
        for number in range(4):
            writers.wait_for(number, 300)
    assert disk_bytes(folder) <= CAP + 4 * 6100  # a record of each may lie beyond what the index tells of


def test_one_process_clears_while_another_writes(store: Store, folder: Path) -> None:
    with Writers(folder, (1,)) as writers:
        for _ in range(10):
            writers.wait_for(0, 1)
            store.clear()
        writers.wait_for(0, 1)


def test_a_record_whose_bytes_changed_is_not_there(store: Store, folder: Path) -> None:
    store.put(b"k" * 16, b"x" * 100)
    (pack,) = folder.glob("*.pack")
    whole = pack.read_bytes()
    pack.write_bytes(whole[:-1] + b"y")
    assert store.get(b"k" * 16) is None
    pack.write_bytes(whole[:-1])
    assert store.get(b"k" * 16) is None
    pack.unlink()
    assert store.get(b"k" * 16) is None


@pytest.mark.parametrize("content", [b"no database, and longer than its header" * 50, b"short"])
def test_a_foreign_index_is_set_aside_and_a_new_one_begun(folder: Path, content: bytes) -> None:
    folder.mkdir()
    (folder / "index.db").write_bytes(content)
    (folder / "7.pack").write_bytes(b"of an older index")
    said: list[str] = []
    with closing(Store(folder, CAP, complain=said.append)) as store:
        assert len(said) == 1
        assert "index.db.set-aside" in said[0]
        assert (folder / "index.db.set-aside").read_bytes() == content
        assert not (folder / "7.pack").exists()
        fill(store, range(3))
        assert store.get(key_of(2)) == data_of(2)


def test_another_program_s_database_is_set_aside(folder: Path) -> None:
    folder.mkdir()
    with closing(sqlite3.connect(folder / "index.db")) as other, other:
        other.execute("CREATE TABLE record (mine TEXT)")
    said: list[str] = []
    with closing(Store(folder, CAP, complain=said.append)):
        assert len(said) == 1


def test_an_index_damaged_while_it_is_used_can_be_begun_anew(store: Store, folder: Path) -> None:
    fill(store, range(100))
    store.close()
    whole = bytearray((folder / "index.db").read_bytes())
    whole[4096:] = b"\xff" * (len(whole) - 4096)
    with closing(Store(folder.with_name("other"), CAP)):
        pass
    (folder / "index.db").write_bytes(whole)
    said: list[str] = []
    with closing(Store(folder, CAP, complain=said.append)) as again:
        try:
            fill(again, range(100))
        except StoreDamaged:
            again.rebuild()
            fill(again, range(100))
        assert len(said) == 1
        assert again.get(key_of(99)) == data_of(99)


def test_a_full_disk_is_said_and_loses_nothing(folder: Path) -> None:
    """The disk is full for one process: the system lets it make no file longer than that."""
    code = (
        "import resource, sys; from tests.core.pictures.test_store import *\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))\n"
        "store = Store(Path(sys.argv[1]), CAP * 10, pack_bytes=PACK_BYTES * 4)\n"
        "try: fill(store, range(1000))\n"
        "except StoreUnusable: print([n for n in range(1000) if store.has(key_of(n))])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True)
    kept = json.loads(done.stdout)
    assert len(kept) >= 5
    with closing(Store(folder, CAP * 10)) as store:
        assert all(store.get(key_of(number)) == data_of(number) for number in kept)


def test_a_store_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreUnusable, match="Not a directory"):
        Store(tmp_path / "file" / "store", CAP)


def test_what_was_written_and_never_told_of_takes_no_room(folder: Path) -> None:
    with closing(Store(folder, CAP, pack_bytes=PACK_BYTES)) as store:
        store.put(b"a" * 16, b"x" * 100)
    (pack,) = folder.glob("*.pack")
    told = pack.stat().st_size
    with pack.open("ab") as file:
        file.write(b"half a record" * 1000)
    with closing(Store(folder, CAP, pack_bytes=PACK_BYTES)) as store:
        store.put(b"b" * 16, b"x" * 100)
        assert pack.stat().st_size == 2 * told
        assert store.get(b"a" * 16) == store.get(b"b" * 16) == b"x" * 100


def test_a_process_whose_index_was_set_aside_keeps_what_it_has(store: Store, folder: Path) -> None:
    fill(store, range(10))
    set_aside(folder / "index.db")
    with closing(Store(folder, CAP, pack_bytes=PACK_BYTES)) as other:
        fill(other, range(100, 110))
        fill(store, range(10, 20))
        assert all(store.get(key_of(number)) == data_of(number) for number in range(20))
        assert all(other.get(key_of(number)) == data_of(number) for number in range(100, 110))
