"""Removing: what a plan names goes to the trash, what does not fit the plan stays, and everything is said."""

import json
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from catalog_tui.core.removal.executor import BATCH, execute
from catalog_tui.core.removal.plan import HARDLINK, REFLINK
from catalog_tui.core.removal.refusals import RemovalError
from catalog_tui.core.removal.system import Folder
from catalog_tui.core.removal.trash import Trash, read_journal
from catalog_tui.core.removal.undo import undo
from tests.core.removal.ground import contents, plan_of, tree
from tests.trees import make_archive

System = Callable[[str], Folder]


def test_a_copy_goes_to_the_trash_and_comes_back_as_it_was(root: Path, open_archive: System) -> None:
    before = tree(root)
    report = execute(plan_of(root, ("site/b/copy.jpg", "site/a/keep.jpg")), open_archive=open_archive)
    assert (report.refused, [done.path for done in report.done]) == ((), ["site/b/copy.jpg"])
    assert not (root / "site/b/copy.jpg").exists()
    assert (root / report.done[0].trash_path).read_bytes() == b"same bytes"
    restored = undo(str(root), open_archive=open_archive)
    assert [(file.path, file.now) for file in restored.restored] == [("site/b/copy.jpg", "site/b/copy.jpg")]
    assert tree(root) == before


def test_the_trash_keeps_paths_so_that_a_hand_can_put_them_back(root: Path) -> None:
    report = execute(plan_of(root, ("site/b/copy.jpg", "site/a/keep.jpg")))
    assert report.done[0].trash_path == f".catalog-trash/{report.run}/site/b/copy.jpg"
    assert stat.S_IMODE((root / ".catalog-trash").stat().st_mode) == 0o700


@pytest.mark.parametrize("action", ["trash", HARDLINK])
def test_three_of_a_group_that_are_hard_linked_already_all_go_and_all_come_back(
    root: Path, open_archive: System, action: str
) -> None:
    os.link(root / "site/b/copy.jpg", root / "site/b/second.jpg")
    os.link(root / "site/b/copy.jpg", root / "site/a/third.jpg")
    before, inodes = tree(root), links_of(root)
    names = ("site/b/copy.jpg", "site/b/second.jpg", "site/a/third.jpg")
    plan = plan_of(root, *((name, "site/a/keep.jpg") for name in names), action=action)
    report = execute(plan, open_archive=open_archive)
    assert report.refused == ()
    assert len(report.done) == 3
    if action == HARDLINK:
        assert {(root / name).stat().st_ino for name in names} == {(root / "site/a/keep.jpg").stat().st_ino}
    undo(str(root), open_archive=open_archive)
    assert tree(root) == before
    assert links_of(root) == inodes


def test_three_copies_of_one_keeper_become_links_in_one_plan_and_files_again(root: Path, open_archive: System) -> None:
    names = [f"site/b/{number}.jpg" for number in range(3)]
    make_archive(root, dict.fromkeys(names, b"same bytes"))
    before, inodes = tree(root), links_of(root)
    plan = plan_of(root, *((name, "site/a/keep.jpg") for name in names), action=HARDLINK)
    report = execute(plan, open_archive=open_archive)
    assert report.refused == ()
    assert (root / "site/a/keep.jpg").stat().st_nlink == 4
    undo(str(root), open_archive=open_archive)
    assert tree(root) == before
    assert links_of(root) == inodes


def test_two_victims_that_point_at_each_other_are_both_kept(root: Path) -> None:
    plan = plan_of(root, ("site/b/copy.jpg", "site/a/keep.jpg"), ("site/a/keep.jpg", "site/b/copy.jpg"))
    report = execute(plan)
    assert report.done == ()
    assert {refusal.reason for refusal in report.refused} == {"the copy to keep is itself to be removed"}


def test_the_last_copy_is_counted_by_inode_and_not_by_name(root: Path) -> None:
    os.link(root / "site/a/keep.jpg", root / "site/a/alias.jpg")
    plan = plan_of(root, ("site/b/copy.jpg", "site/a/alias.jpg"), ("site/a/keep.jpg", "site/b/copy.jpg"))
    assert execute(plan).done == ()


def test_two_names_of_one_file_are_no_two_copies(root: Path) -> None:
    os.link(root / "site/a/keep.jpg", root / "site/b/alias.jpg")
    assert execute(plan_of(root, ("site/b/alias.jpg", "site/a/keep.jpg"))).done == ()
    assert (root / "site/b/alias.jpg").exists()


@pytest.mark.parametrize("path", ["../outside.jpg", "/etc/passwd", "site/../site/b/copy.jpg", "site//b/copy.jpg", ""])
def test_a_path_that_leads_out_of_the_archive_is_refused(root: Path, path: str, open_archive: System) -> None:
    (root.parent / "outside.jpg").write_bytes(b"same bytes")
    plan = plan_of(root, ("site/b/copy.jpg", "site/a/keep.jpg"))
    item = plan.items[0]
    broken = replace(item, victim=replace(item.victim, path=path))
    report = execute(replace(plan, items=(broken,)), open_archive=open_archive)
    assert report.done == ()
    assert [refusal.path for refusal in report.refused] == [path]
    assert (root.parent / "outside.jpg").exists()


def test_what_is_in_the_trash_is_neither_removed_nor_kept_for(root: Path) -> None:
    report = execute(plan_of(root, ("site/b/copy.jpg", "site/a/keep.jpg")))
    trashed = report.done[0].trash_path
    assert execute(plan_of(root, ("site/a/keep.jpg", trashed))).done == ()
    assert execute(plan_of(root, (trashed, "site/a/keep.jpg"))).done == ()


def test_cancelling_leaves_what_was_done_undoable(root: Path) -> None:
    make_archive(root, {f"site/b/{number}.jpg": b"same bytes" for number in range(5)})
    before = tree(root)
    plan = plan_of(root, *((f"site/b/{number}.jpg", "site/a/keep.jpg") for number in range(5)))
    behind: list[int] = []
    report = execute(plan, progress=lambda done, _total, _size: behind.append(done), cancelled=lambda: len(behind) == 2)
    assert report.cancelled
    assert len(report.done) == 2
    undo(str(root))
    assert tree(root) == before


def test_more_than_a_batch_is_removed_and_undone(root: Path) -> None:
    names = [f"site/b/{number}.jpg" for number in range(BATCH + 10)]
    make_archive(root, dict.fromkeys(names, b"same bytes"))
    before = tree(root)
    seen: list[tuple[int, int, int]] = []
    plan = plan_of(root, *((name, "site/a/keep.jpg") for name in names))
    report = execute(plan, progress=lambda *step: seen.append(step))
    assert len(report.done) == len(names)
    assert seen[-1] == (len(names), len(names), 10 * len(names))
    assert len(undo(str(root)).restored) == len(names)
    assert tree(root) == before


def test_only_one_process_removes_at_a_time(root: Path) -> None:
    with (
        Trash.of(str(root)),
        pytest.raises(RemovalError, match="another program is removing or restoring"),
    ):
        execute(plan_of(root, ("site/b/copy.jpg", "site/a/keep.jpg")))
    assert (root / "site/b/copy.jpg").exists()


def test_a_trash_that_is_a_link_is_not_followed(root: Path, tmp_path: Path, open_archive: System) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / ".catalog-trash").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RemovalError, match=r"the trash of .* cannot be used"):
        execute(plan_of(root, ("site/b/copy.jpg", "site/a/keep.jpg")), open_archive=open_archive)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_intents_are_on_the_disk_before_anything_moves(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(root, ("site/b/copy.jpg", "site/a/keep.jpg"))
    synced: list[list[str]] = []
    really = os.fsync

    def fsync(descriptor: int) -> None:
        really(descriptor)
        journal = root / ".catalog-trash/journal.jsonl"
        if journal.exists() and (root / "site/b/copy.jpg").exists():
            lines = journal.read_text().splitlines()
            synced.append([json.loads(line)["event"] for line in lines])

    monkeypatch.setattr(os, "fsync", fsync)
    execute(plan)
    assert synced[-1] == ["run", "intent"]
    [run] = read_journal(str(root))
    assert [(entry.path, entry.keeper, entry.outcome) for entry in run.entries] == [
        ("site/b/copy.jpg", "site/a/keep.jpg", "done")
    ]


def test_nothing_moves_when_the_journal_cannot_be_written(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(root, ("site/b/copy.jpg", "site/a/keep.jpg"))
    with Path("/dev/full").open("wb") as full:
        really = os.write

        def write(descriptor: int, data: bytes) -> int:
            return really(full.fileno() if b'"intent"' in bytes(data) else descriptor, data)

        monkeypatch.setattr(os, "write", write)
        report = execute(plan)
    assert [refusal.reason for refusal in report.refused] == [
        "the journal of the trash cannot be written: No space left on device"
    ]
    assert contents(root) >= {b"same bytes", b"its own"}
    assert (root / "site/b/copy.jpg").exists()


def links_of(root: Path) -> dict[str, int]:
    return {path: (root / path).stat().st_ino for path, seen in tree(root).items() if not isinstance(seen, str)}


def test_sharing_blocks_leaves_names_inodes_and_dates_and_says_where_it_cannot_be(root: Path) -> None:
    before, inodes = tree(root), links_of(root)
    report = execute(plan_of(root, ("site/b/copy.jpg", "site/a/keep.jpg"), action=REFLINK))
    if report.refused:  # on ext4 and tmpfs; btrfs, XFS and some others can
        assert [refusal.reason for refusal in report.refused] == ["Operation not supported"]
    assert [*(done.path for done in report.done), *(refusal.path for refusal in report.refused)] == ["site/b/copy.jpg"]
    assert tree(root) == before
    assert links_of(root) == inodes
    assert undo(str(root)).runs == ()


def test_different_contents_are_never_shared(root: Path) -> None:
    (root / "site/b/copy.jpg").write_bytes(b"else bytes")
    report = execute(plan_of(root, ("site/b/copy.jpg", "site/a/keep.jpg"), action=REFLINK))
    assert [refusal.reason for refusal in report.refused] == ["its content is not that of the copy to keep"]


@pytest.mark.parametrize("trash", [".catalog-trash", "site/b/.catalog-trash"])
def test_what_lies_in_a_trash_is_neither_removed_nor_relied_on(root: Path, trash: str) -> None:
    path = f"{trash}/run/copy.jpg"  # on further filesystems the trash lies deeper
    make_archive(root, {path: b"same bytes"})
    before = contents(root), tree(root)
    for victim, keeper in ((path, "site/a/keep.jpg"), ("site/b/copy.jpg", path)):
        report = execute(plan_of(root, (victim, keeper)))
        assert report.done == ()
        assert ["that is no path in the archive" in refusal.reason for refusal in report.refused] == [True]
    assert (root / path).exists() and (contents(root), tree(root)) == before
