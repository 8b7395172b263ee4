"""A walk shared by two processes sees what one alone sees, in the same order, whatever becomes of the other."""

import itertools
import os
import random
import shutil
import signal
from collections.abc import Callable, Iterator, Sized
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, TypeVar

import pytest

from catalog_tui.core.scan import walk_companion
from catalog_tui.core.scan.options import exclusion
from catalog_tui.core.scan.records import Files
from catalog_tui.core.scan.shared_walk import SharedWalk
from catalog_tui.core.scan.walk import Walk, Wanted
from catalog_tui.core.scan.walk_companion import Companion, Question, Share, walk_part
from tests.core.scan.engine import scan
from tests.core.scan.generator import generate
from tests.corpus import NASTY_NAMES

SomeCompanion = TypeVar("SomeCompanion", bound=Companion)
SHARED_WALK = "catalog_tui.core.scan.shared_walk"


class Seen(NamedTuple):
    """All that a walk tells: its columns, its further names, its errors."""

    columns: tuple[Sized, ...]
    linked: list[int]
    errors: list[tuple[bytes, int | None]]


def seen_by(
    kind: type[Walk], root: Path, wanted: Wanted, after_step: Callable[[Walk], None] = lambda _walk: None
) -> Seen:
    files = Files()
    errors: list[tuple[bytes, int | None]] = []
    linked: list[int] = []
    end = 0
    with closing(
        kind(os.fsencode(root), wanted, files, lambda path, error: errors.append((path, error.errno)))
    ) as walk:
        for step in walk:
            assert step.first == end
            end = step.end
            linked += step.linked
            after_step(walk)
        assert end == len(files)
        assert walk.ahead() == (0, 0)
    return Seen(tuple(getattr(files, column) for column in Files.__slots__), linked, errors)


class AtOnce(Companion):
    """A companion in this process that has walked before anybody looks: some folders a part, and not always all."""

    perseverance = 0.9

    def __init__(self, root: bytes, wanted: Wanted) -> None:
        self.root = root
        self.wanted = wanted
        self.rng = random.Random(0)

    @property
    def alive(self) -> bool:
        return True

    def walk(self, folders: list[bytes]) -> Share:
        share = Share(folders)
        at_least_one = True
        while (asked := share.next_folders()) and (at_least_one or self.rng.random() < self.perseverance):
            share.add(asked, walk_part(Question(self.root, self.wanted, asked, self.rng.choice((0, 60)))))
            at_least_one = False
        return share

    def end(self) -> None:
        pass


@pytest.fixture(autouse=True)
def shared_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{SHARED_WALK}.MANY_FILES", 1)
    monkeypatch.setattr(f"{SHARED_WALK}.FROM_MEMORY_S", 60)
    monkeypatch.setattr(f"{SHARED_WALK}.cores", lambda: 2)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> list[Share]:
    """The shares that were given to companions of the kind AtOnce, which are used here."""
    shares: list[Share] = []

    class Remembered(AtOnce):
        def walk(self, folders: list[bytes]) -> Share:
            shares.append(super().walk(folders))
            return shares[-1]

    monkeypatch.setattr(walk_companion, "Companion", Remembered)
    return shares


class Watched(Companion):
    """A real companion that the walk waits for, unless it dies."""

    def __init__(self, root: bytes, wanted: Wanted) -> None:
        super().__init__(root, wanted)
        self.shares: list[Share] = []

    def walk(self, folders: list[bytes]) -> Share:
        share = super().walk(folders)
        self.shares.append(share)
        while not share.is_walked and self.alive:
            os.sched_yield()
        return share


def remember(monkeypatch: pytest.MonkeyPatch, kind: type[SomeCompanion]) -> list[SomeCompanion]:
    """The companions, of this kind, that are started from now on."""
    started: list[SomeCompanion] = []

    def start(root: bytes, wanted: Wanted) -> SomeCompanion:
        started.append(kind(root, wanted))
        return started[-1]

    monkeypatch.setattr(walk_companion, "Companion", start)
    return started


@pytest.fixture
def companions(monkeypatch: pytest.MonkeyPatch) -> list[Watched]:
    """The real companions that were started."""
    return remember(monkeypatch, Watched)


def make_models(root: Path, sites: int = 3, models: int = 9) -> None:
    """Sites with models of one to three files, one of them with a second name, and a file in each site."""
    for site in range(sites):
        for model in range(models):
            folder = root / f"site{site}/model{model}"
            folder.mkdir(parents=True)
            for number in range(1 + model % 3):
                (folder / f"{number}.jpg").write_bytes(b"x" * (1 + site * model + number))
            (folder / "again.jpg").hardlink_to(folder / "0.jpg")
        (root / f"site{site}/loose.jpg").write_bytes(b"loose")


def brought(shares: list[Share]) -> int:
    return sum(len(share.take_back()) for share in shares)


def test_hostile_trees_are_seen_as_one_process_sees_them(tmp_path: Path, at_once: list[Share]) -> None:
    for seed in range(40):
        root = tmp_path / str(seed)
        generate(root, seed)
        for wanted in (Wanted(), Wanted(everything=True), Wanted(excluded=exclusion(("*[13579]",)), min_size=100)):
            assert seen_by(SharedWalk, root, wanted) == seen_by(Walk, root, wanted), f"seed {seed}"
    assert brought(at_once) > 40


def test_folders_of_any_names_and_depths_are_seen_as_one_process_sees_them(
    tmp_path: Path, at_once: list[Share], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk_companion, "MOST_FOLDERS", 3)
    for seed in range(12):
        rng = random.Random(seed)
        root = tmp_path / str(seed)
        folders = [os.fsencode(root)]
        root.mkdir()
        for number in range(80):
            folders.append(os.path.join(rng.choice(folders[-30:]), b"%d" % number + rng.choice(NASTY_NAMES)[:100]))
            os.mkdir(folders[-1])
            for name in rng.sample(NASTY_NAMES, rng.randrange(3)):
                with open(os.path.join(folders[-1], name[:200] + b".jpg"), "wb") as file:
                    file.write(b"x" * rng.randrange(9))
        assert seen_by(SharedWalk, root, Wanted()) == seen_by(Walk, root, Wanted()), f"seed {seed}"
    assert brought(at_once) >= 12


def test_a_process_of_its_own_walks_the_other_half(tmp_path: Path, companions: list[Watched]) -> None:
    make_models(tmp_path)
    assert seen_by(SharedWalk, tmp_path, Wanted()) == seen_by(Walk, tmp_path, Wanted())
    (companion,) = companions
    assert brought(companion.shares) > 0
    with pytest.raises(ProcessLookupError):
        os.kill(companion.pid, 0)


def test_what_a_killed_companion_was_given_is_walked_here(tmp_path: Path, companions: list[Watched]) -> None:
    make_models(tmp_path)

    def kill_after_its_first_share(_walk: Walk) -> None:
        if companions and companions[0].shares and companions[0].alive:
            os.kill(companions[0].pid, signal.SIGKILL)
            while companions[0].alive:
                companions[0].walk([b"site0"])

    assert seen_by(SharedWalk, tmp_path, Wanted(), kill_after_its_first_share) == seen_by(Walk, tmp_path, Wanted())
    assert brought(companions[0].shares) > 0
    assert not companions[0].alive


def test_a_companion_killed_at_any_moment_costs_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_models(tmp_path, sites=5, models=20)
    alone = seen_by(Walk, tmp_path, Wanted())
    started = remember(monkeypatch, Companion)
    for moment in range(3, 100, 9):
        countdown = itertools.count(-moment)

        def kill(_walk: Walk, countdown: Iterator[int] = countdown) -> None:
            if next(countdown) == 0:
                os.kill(started[-1].pid, signal.SIGKILL)

        assert seen_by(SharedWalk, tmp_path, Wanted(), kill) == alone
    assert len(started) == len(range(3, 100, 9))


def test_what_was_brought_counts_before_its_turn_comes(tmp_path: Path, companions: list[Watched]) -> None:
    make_models(tmp_path)
    files, seen_bytes = Files(), 0
    counts: list[tuple[int, int]] = []
    most_ahead = (0, 0)
    with closing(SharedWalk(os.fsencode(tmp_path), Wanted(), files, lambda _path, _error: None)) as walk:
        for step in walk:
            seen_bytes += sum(files.sizes[step.first : step.end])
            ahead, bytes_ahead = walk.ahead()
            counts.append((len(files) + ahead, seen_bytes + bytes_ahead))
            most_ahead = max(most_ahead, walk.ahead())
    assert 0 < most_ahead[0] < most_ahead[1]
    assert [count for count, _bytes in counts] == sorted(count for count, _bytes in counts)
    assert counts[-1] == (len(files), sum(files.sizes))


def test_a_walk_that_is_given_up_leaves_no_process(tmp_path: Path, companions: list[Watched]) -> None:
    make_models(tmp_path)
    with closing(SharedWalk(os.fsencode(tmp_path), Wanted(), Files(), lambda _path, _error: None)) as walk:
        for _step in walk:
            if companions:
                break
    assert not companions[0].alive
    with pytest.raises(ProcessLookupError):
        os.kill(companions[0].pid, 0)


def test_nobody_waits_for_a_companion_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_models(tmp_path)
    stopped: list[int] = []

    class Stopped(Companion):
        def __init__(self, root: bytes, wanted: Wanted) -> None:
            super().__init__(root, wanted)
            os.kill(self.pid, signal.SIGSTOP)
            stopped.append(self.pid)

    monkeypatch.setattr(walk_companion, "Companion", Stopped)
    assert seen_by(SharedWalk, tmp_path, Wanted()) == seen_by(Walk, tmp_path, Wanted())
    with pytest.raises(ProcessLookupError):
        os.kill(stopped[0], 0)


def test_a_walk_goes_on_alone_where_no_process_can_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_models(tmp_path)
    monkeypatch.setattr("catalog_tui.core.scan.helper.sys.executable", str(tmp_path / "none"))
    assert seen_by(SharedWalk, tmp_path, Wanted()) == seen_by(Walk, tmp_path, Wanted())


def test_folders_that_cannot_be_read_are_the_same_errors(tmp_path: Path, companions: list[Watched]) -> None:
    seen = []
    for kind in (Walk, SharedWalk):
        root = tmp_path / kind.__name__
        make_models(root)
        (root / "first.jpg").write_bytes(b"first")

        def lose_the_sites(walk: Walk, root: Path = root) -> None:
            if walk.folder == b"":
                for site in root.glob("site*"):
                    shutil.rmtree(site)
                    site.symlink_to("elsewhere")

        seen.append(seen_by(kind, root, Wanted(), lose_the_sites))
    assert sorted(seen[0].errors) == sorted(seen[1].errors)
    assert len(seen[0].errors) == 3
    (companion,) = companions
    assert any(part.errors for share in companion.shares for part in share.take_back())


@pytest.mark.parametrize("targets", [3, 15])
def test_a_folder_that_is_come_to_twice_counts_where_one_process_meets_it_first(
    tmp_path: Path, at_once: list[Share], monkeypatch: pytest.MonkeyPatch, targets: int
) -> None:
    monkeypatch.setattr(walk_companion, "MOST_FOLDERS", 1)
    monkeypatch.setattr(AtOnce, "perseverance", 1)
    elsewhere, root = tmp_path / "elsewhere", tmp_path / "archive"
    make_models(elsewhere, sites=targets, models=2)
    for number in range(30):
        (root / f"site/model{number}/below").mkdir(parents=True)
        (root / f"site/model{number}/{number}.jpg").write_bytes(b"own")
        (root / f"site/model{number}/below/link").symlink_to(elsewhere / f"site{number * targets // 30}")
    wanted = Wanted(links=frozenset(b"site/model%d/below/link" % number for number in range(30)))
    seen = seen_by(SharedWalk, root, wanted)
    assert len(seen.columns[0]) == 30 + sum(name.suffix == ".jpg" for name in elsewhere.rglob("*"))
    assert seen == seen_by(Walk, root, wanted)
    assert brought(at_once) > 0


def test_a_part_that_comes_after_its_share_was_taken_back_is_left_out(tmp_path: Path) -> None:
    make_models(tmp_path)
    share = Share([b"site2", b"site1"])
    for _part in range(2):
        asked = share.next_folders()
        share.add(asked, walk_part(Question(os.fsencode(tmp_path), Wanted(), asked, 0)))
    asked = share.next_folders()
    parts = share.take_back()
    share.add(asked, walk_part(Question(os.fsencode(tmp_path), Wanted(), asked, 0)))
    assert len(parts) == 2
    assert len(share.left_after(2)) == 1 + 9 - 1
    assert share.left_after(0) == [b"site2", b"site1"]
    assert share.next_folders() == []


def test_one_processor_walks_alone(tmp_path: Path, companions: list[Watched], monkeypatch: pytest.MonkeyPatch) -> None:
    make_models(tmp_path)
    monkeypatch.setattr(f"{SHARED_WALK}.cores", lambda: 1)
    assert seen_by(SharedWalk, tmp_path, Wanted()) == seen_by(Walk, tmp_path, Wanted())
    assert companions == []


def test_devices_are_numbered_as_one_process_numbers_them() -> None:
    files, brought = Files(), Files()
    for columns, devices in ((files, (7, 8)), (brought, (9, 8, 7))):
        for device in devices:
            columns.folders.append(b"on %d" % device)
            columns.device_of.append(columns.device_number(device, columns.folders[-1]))
            columns.folder_of.append(len(columns.folders) - 1)
            columns.add_names([f"{device}.jpg"])
            columns.sizes.append(device)
    files.extend(brought)
    assert [files.devices[number] for number in files.device_of] == [7, 8, 9, 8, 7]
    assert files.device_folders == [b"on 7", b"on 8", b"on 9"]
    assert files.paths(range(5)) == [b"on %d/%d.jpg" % (device, device) for device in (7, 8, 9, 8, 7)]


@pytest.mark.usefixtures("settled")
def test_a_rescan_is_shared_and_knows_its_archive_again(tmp_path: Path, companions: list[Watched]) -> None:
    make_models(tmp_path)
    first = scan(tmp_path)
    assert companions == []
    again = scan(tmp_path)
    assert brought(companions[0].shares) > 0
    assert again.groups == first.groups
    assert (again.summary.bytes_read, again.summary.files, again.summary.bytes) == (
        0,
        first.summary.files,
        first.summary.bytes,
    )
    (tmp_path / "site1/model1/new.jpg").write_bytes(b"new")
    assert scan(tmp_path).summary.files == first.summary.files + 1


@pytest.mark.parametrize("rotational", [True, False])
def test_a_cold_disk_that_rotates_is_walked_by_one(
    tmp_path: Path, companions: list[Watched], monkeypatch: pytest.MonkeyPatch, rotational: bool
) -> None:
    make_models(tmp_path)
    monkeypatch.setattr(f"{SHARED_WALK}.FROM_MEMORY_S", 0)
    files = Files()
    root = os.fsencode(tmp_path)
    with closing(SharedWalk(root, Wanted(), files, lambda _path, _error: None, lambda _device: rotational)) as walk:
        list(walk)
    assert bool(companions) is not rotational
    assert len(files) > 0
