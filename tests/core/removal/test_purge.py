"""Purging deletes for good, and so only what stands elsewhere in the archive, byte for byte, at that moment."""

import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalog_tui.core.removal.contents import past_runs, trashed
from catalog_tui.core.removal.executor import execute
from catalog_tui.core.removal.plan import HARDLINK
from catalog_tui.core.removal.planning import plan_deletion
from catalog_tui.core.removal.purge import purge
from catalog_tui.core.removal.system import Folder, HeldFolder, renameat2
from catalog_tui.core.removal.undo import undo
from tests.core.removal.ground import contents, plan_of, tree
from tests.trees import make_archive

System = Callable[[str], Folder]
KEEPER, VICTIM = "site/a/keep.jpg", "site/b/copy.jpg"
NO_COPY = "no copy of it stands in the archive any more"


def test_what_has_its_copy_is_deleted_and_frees_its_bytes(root: Path, open_archive: System) -> None:
    execute(plan_of(root, (VICTIM, KEEPER)))
    report = purge(str(root), open_archive=open_archive)
    assert (report.purged, report.freed, report.refused) == ((VICTIM,), 10, ())
    assert trashed(str(root)) == []
    assert undo(str(root)).restored == ()
    assert sorted(os.listdir(root / ".catalog-trash")) == ["journal.jsonl", "lock"]


@pytest.mark.parametrize(
    "happen",
    [
        lambda keeper: keeper.unlink(),
        lambda keeper: keeper.write_bytes(b"else bytes"),
        lambda keeper: keeper.write_bytes(b"same bytes and more"),
        lambda keeper: keeper.rename(keeper.with_name("new.jpg")),
        lambda keeper: (keeper.unlink(), keeper.mkdir()),
        lambda keeper: (keeper.rename(keeper.with_name("new")), keeper.symlink_to(keeper.with_name("new"))),
    ],
    ids=["deleted", "rewritten", "grown", "renamed", "a folder", "a link"],
)
def test_what_lost_its_copy_is_refused_and_comes_back(
    root: Path, happen: Callable[[Path], object], open_archive: System
) -> None:
    execute(plan_of(root, (VICTIM, KEEPER)))
    happen(root / KEEPER)
    report = purge(str(root), open_archive=open_archive)
    assert [(refusal.path, refusal.reason) for refusal in report.refused] == [(VICTIM, NO_COPY)]
    undo(str(root))
    assert (root / VICTIM).read_bytes() == b"same bytes"


def test_a_keeper_that_went_too_leads_to_its_own_keeper(root: Path) -> None:
    make_archive(root, {"site/c/last.jpg": b"same bytes"})
    execute(plan_of(root, (VICTIM, KEEPER)))
    execute(plan_of(root, (KEEPER, "site/c/last.jpg")))
    assert purge(str(root)).purged == (VICTIM, KEEPER)
    assert b"same bytes" in contents(root)


def test_copies_in_the_trash_do_not_vouch_for_each_other(root: Path) -> None:
    execute(plan_of(root, (VICTIM, KEEPER)))
    execute(plan_deletion(str(root), [KEEPER]))
    assert purge(str(root)).purged == ()
    report = purge(str(root), last_copies=True)
    assert set(report.purged) == {VICTIM, KEEPER}
    assert b"same bytes" not in contents(root)


def test_a_side_file_counts_as_content_of_its_own(root: Path) -> None:
    make_archive(root, {f"{VICTIM}.json": b"{1}", "site/b/copy.txt": b"words", "site/a/keep.txt": b"words"})
    execute(plan_of(root, (VICTIM, KEEPER)))
    report = purge(str(root))
    assert set(report.purged) == {VICTIM, "site/b/copy.txt"}
    assert [(refusal.path, refusal.reason) for refusal in report.refused] == [(f"{VICTIM}.json", NO_COPY)]
    assert b"{1}" in contents(root)


def test_a_file_with_other_names_frees_nothing_until_the_last_goes(root: Path) -> None:
    os.link(root / VICTIM, root / "site/b/second.jpg")
    plan = plan_of(root, (VICTIM, KEEPER), ("site/b/second.jpg", KEEPER))
    execute(plan)
    report = purge(str(root))
    assert (len(report.purged), report.freed) == (2, 10)


def test_a_copy_that_is_the_same_file_by_another_name_is_enough(root: Path) -> None:
    report = execute(plan_deletion(str(root), [VICTIM]))
    os.link(root / report.done[0].trash_path, root / VICTIM)
    assert purge(str(root)).purged == (VICTIM,)
    assert (root / VICTIM).read_bytes() == b"same bytes"


def test_only_what_is_old_enough_is_purged(root: Path) -> None:
    execute(plan_of(root, (VICTIM, KEEPER)))
    later = datetime.now(UTC) + timedelta(days=29)
    assert purge(str(root), older_than=timedelta(days=30), now=lambda: later).purged == ()
    assert purge(str(root), older_than=timedelta(days=28), now=lambda: later).purged == (VICTIM,)


def test_links_and_what_they_replaced_are_purged_and_what_undo_left_too(root: Path) -> None:
    execute(plan_of(root, (VICTIM, KEEPER), action=HARDLINK))
    undo(str(root))
    assert [file.can_undo for file in trashed(str(root))] == [False]
    execute(plan_of(root, (VICTIM, KEEPER), action=HARDLINK))
    before = tree(root)
    assert len(purge(str(root)).purged) == 2
    assert tree(root) == before
    assert [count for _run, count in past_runs(str(root))] == [0, 0]


class KeeperVanishes(HeldFolder):
    """The copy is deleted in the moment between the comparison and the deletion."""

    def remove(self, name: str) -> None:
        (Path(os.readlink(f"/proc/self/fd/{self._descriptor}")).parents[3] / KEEPER).unlink()
        super().remove(name)

    def child(self, name: str) -> "KeeperVanishes":
        return KeeperVanishes(super().child(name)._descriptor, self._rename)


def test_a_copy_that_goes_in_the_last_moment_brings_the_file_back(root: Path) -> None:
    mode, mtime = stat.S_IMODE((root / VICTIM).stat().st_mode), (root / VICTIM).stat().st_mtime_ns
    execute(plan_of(root, (VICTIM, KEEPER)))
    report = purge(str(root), open_archive=lambda path: KeeperVanishes.top(path, renameat2()))
    assert [refusal.reason for refusal in report.refused] == ["its copy changed at the last moment"]
    undo(str(root))
    status = (root / VICTIM).stat()
    assert (root / VICTIM).read_bytes() == b"same bytes"
    assert (stat.S_IMODE(status.st_mode), status.st_mtime_ns) == (mode, mtime)


class TrashChanges(HeldFolder):
    """Another file is put in place of the one in the trash, between the comparison and the deletion."""

    looks = 0

    def look(self, name: str) -> os.stat_result | None:
        folder = Path(os.readlink(f"/proc/self/fd/{self._descriptor}"))
        if ".catalog-trash" in folder.parts and name == "copy.jpg":
            TrashChanges.looks += 1
            if TrashChanges.looks == 2:  # the first is whether there is anything to purge
                (folder / "new").write_bytes(b"new words")
                (folder / "new").rename(folder / name)
        return super().look(name)

    def child(self, name: str) -> "TrashChanges":
        return TrashChanges(os.dup(super().child(name)._descriptor), self._rename)


def test_only_what_was_compared_is_deleted(root: Path) -> None:
    execute(plan_of(root, (VICTIM, KEEPER)))
    report = purge(str(root), open_archive=lambda path: TrashChanges.top(path, renameat2()))
    assert [refusal.reason for refusal in report.refused] == ["it changes at this moment"]
    assert b"new words" in contents(root)
