"""Undo puts back what it can under its old name, and never at the cost of what stands there now."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalog_tui.core.removal.contents import past_runs, trashed
from catalog_tui.core.removal.executor import execute
from catalog_tui.core.removal.journal import folder_event, intent_event
from catalog_tui.core.removal.plan import HARDLINK, TRASH
from catalog_tui.core.removal.system import Folder
from catalog_tui.core.removal.trash import Trash
from catalog_tui.core.removal.undo import restore, undo
from tests.core.removal.ground import plan_of, tree
from tests.trees import make_archive

System = Callable[[str], Folder]
KEEPER, VICTIM, OTHER = "site/a/keep.jpg", "site/b/copy.jpg", "site/c/third.jpg"


@pytest.mark.parametrize("action", ["trash", HARDLINK])
def test_a_file_that_took_the_name_stays_and_the_other_comes_beside_it(
    root: Path, open_archive: System, action: str
) -> None:
    execute(plan_of(root, (VICTIM, KEEPER), action=action), open_archive=open_archive)
    (root / VICTIM).unlink(missing_ok=True)
    (root / VICTIM).write_bytes(b"new download")
    (root / "site/b/copy (restored).jpg").write_bytes(b"taken too")
    report = undo(str(root), open_archive=open_archive)
    assert [file.now for file in report.restored] == ["site/b/copy (restored 2).jpg"]
    assert (root / VICTIM).read_bytes() == b"new download"
    assert (root / "site/b/copy (restored).jpg").read_bytes() == b"taken too"
    assert (root / "site/b/copy (restored 2).jpg").read_bytes() == b"same bytes"
    assert undo(str(root)).runs == ()


def test_the_longest_names_find_a_name_beside_theirs(root: Path) -> None:
    name = "site/b/" + "x" * 251 + ".jpg"
    make_archive(root, {name: b"same bytes"})
    execute(plan_of(root, (name, KEEPER)))
    (root / name).write_bytes(b"new")
    report = undo(str(root))
    assert report.refused == ()
    assert len(os.path.basename(report.restored[0].now)) == 255


def test_folders_that_were_removed_meanwhile_are_made_again(root: Path, open_archive: System) -> None:
    execute(plan_of(root, (VICTIM, KEEPER)), open_archive=open_archive)
    (root / "site/b/other.jpg").unlink()
    (root / "site/b").rmdir()
    undo(str(root), open_archive=open_archive)
    assert (root / VICTIM).read_bytes() == b"same bytes"


def test_a_link_that_took_a_folders_place_is_not_followed(root: Path, tmp_path: Path, open_archive: System) -> None:
    execute(plan_of(root, (VICTIM, KEEPER)), open_archive=open_archive)
    (tmp_path / "elsewhere").mkdir()
    (root / "site/b").rename(root / "site/c")
    (root / "site/b").symlink_to(tmp_path / "elsewhere")
    report = undo(str(root), open_archive=open_archive)
    assert [refusal.reason for refusal in report.refused] == ["a folder on the way to it is a link now, or no folder"]
    assert list((tmp_path / "elsewhere").iterdir()) == []
    (root / "site/b").unlink()
    (root / "site/c").rename(root / "site/b")
    undo(str(root), open_archive=open_archive)
    assert (root / VICTIM).exists()


def test_steps_go_back_from_the_latest_action(root: Path) -> None:
    make_archive(root, {f"site/b/{number}.jpg": b"same bytes" for number in range(3)})
    before = tree(root)
    runs = [execute(plan_of(root, (f"site/b/{number}.jpg", KEEPER))).run for number in range(3)]
    assert len(set(runs)) == 3
    assert undo(str(root)).runs == (runs[2],)
    assert undo(str(root), 5).runs == (runs[1], runs[0])
    assert tree(root) == before
    assert [(run.id, count) for run, count in past_runs(str(root))] == [(run, 0) for run in reversed(runs)]


def test_a_link_that_was_changed_since_keeps_its_name(root: Path, open_archive: System) -> None:
    execute(plan_of(root, (VICTIM, KEEPER), action=HARDLINK), open_archive=open_archive)
    (root / KEEPER).unlink()
    (root / VICTIM).write_bytes(b"edited through the link")
    report = undo(str(root), open_archive=open_archive)
    assert [file.now for file in report.restored] == ["site/b/copy (restored).jpg"]
    assert (root / VICTIM).read_bytes() == b"edited through the link"
    assert (root / "site/b/copy (restored).jpg").read_bytes() == b"same bytes"


def test_a_new_file_that_got_the_keepers_inode_number_is_let_be(root: Path, open_archive: System) -> None:
    execute(plan_of(root, (VICTIM, KEEPER), action=HARDLINK), open_archive=open_archive)
    status = (root / KEEPER).stat()
    (root / VICTIM).write_bytes(b"new bytes!")  # as long, and through the link, so of that very inode
    os.utime(root / VICTIM, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    undo(str(root), open_archive=open_archive)
    assert (root / VICTIM).read_bytes() == b"new bytes!"


def test_what_was_cut_short_in_the_journal_is_passed_over(root: Path) -> None:
    make_archive(root, {"site/b/2.jpg": b"same bytes"})
    before = tree(root)
    execute(plan_of(root, (VICTIM, KEEPER)))
    with (root / ".catalog-trash/journal.jsonl").open("ab") as journal:
        journal.write(b'{"event": "intent", "run": "2026')
    execute(plan_of(root, ("site/b/2.jpg", KEEPER)))
    undo(str(root), 2)
    assert tree(root) == before


@pytest.mark.parametrize("path", ["../../outside.jpg", "/outside.jpg", ".catalog-trash/journal.jsonl", "site/../x"])
def test_a_journal_that_somebody_else_wrote_leads_nowhere_outside(root: Path, path: str, open_archive: System) -> None:
    execute(plan_of(root, (VICTIM, KEEPER)))
    journal = root / ".catalog-trash/journal.jsonl"
    events = [json.loads(line) for line in journal.read_text().splitlines()]
    for event in events:
        if event["event"] == "intent":
            event["path"] = path
    journal.write_text("".join(json.dumps(event) + "\n" for event in events))
    assert undo(str(root), open_archive=open_archive).restored == ()
    assert (root / trashed_path(root)).read_bytes() == b"same bytes"
    for event in events:
        if event["event"] == "intent":
            event["path"], event["trash"] = "site/b/stolen.jpg", {"path": ".catalog-trash/../../outside.jpg"}
    (root.parent / "outside.jpg").write_bytes(b"outside")
    journal.write_text("".join(json.dumps(event) + "\n" for event in events))
    undo(str(root), open_archive=open_archive)
    assert (root.parent / "outside.jpg").exists()


def trashed_path(root: Path) -> str:
    return next(str(path.relative_to(root)) for path in (root / ".catalog-trash").rglob("copy.jpg"))


def test_single_files_are_restored_by_their_entry(root: Path) -> None:
    make_archive(root, {"site/b/2.jpg": b"same bytes"})
    execute(plan_of(root, (VICTIM, KEEPER), ("site/b/2.jpg", KEEPER)))
    report = restore(str(root), lambda entry: entry.path == VICTIM)
    assert [file.now for file in report.restored] == [VICTIM]
    assert [file.entry.path for file in trashed(str(root))] == ["site/b/2.jpg"]


def test_undo_waits_for_nobody_and_says_so(root: Path) -> None:
    with Trash.of(str(root)), pytest.raises(Exception, match="another program is removing"):
        undo(str(root))


def test_what_was_put_back_and_then_deleted_by_hand_does_not_come_again(root: Path) -> None:
    execute(plan_of(root, (VICTIM, KEEPER), action=HARDLINK))
    undo(str(root))
    (root / VICTIM).unlink()
    assert undo(str(root)).runs == ()
    assert not (root / VICTIM).exists()


def test_a_run_that_was_killed_before_it_moved_anything_has_nothing_to_undo(root: Path) -> None:
    report = execute(plan_of(root, (VICTIM, KEEPER), action=HARDLINK))
    undo(str(root))
    journal = root / ".catalog-trash/journal.jsonl"
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(line for line in lines if '"done"' not in line and '"undone"' not in line))
    assert (root / report.done[0].trash_path).exists()  # the link that was going to take the victim's place
    before = tree(root)
    assert undo(str(root)).runs == ()
    assert tree(root) == before


def test_no_run_gets_the_name_of_another_of_which_only_the_journal_tells(root: Path) -> None:
    (root / "site/empty").mkdir()
    before = tree(root)
    clock = datetime(2026, 1, 31, 12, tzinfo=UTC)
    with Trash.of(str(root)) as trash:
        first = trash.begin(TRASH, lambda: clock)
        trash.journal.add([folder_event(first, "site/empty", 0o755)])
    (root / "site/empty").rmdir()
    (root / ".catalog-trash" / first.id).rmdir()  # nothing was moved there, so it does not stay
    with Trash.of(str(root)) as trash:  # in the same second, or after the clock was set back
        assert trash.begin(TRASH, lambda: clock).id != first.id
    assert undo(str(root)).runs == (first.id,)
    assert tree(root) == before


@pytest.mark.parametrize("place", range(-30, 5))
def test_a_run_s_name_is_known_wherever_it_stands_in_the_journal(root: Path, place: int) -> None:
    with Trash.of(str(root)) as trash:
        first = trash.begin(TRASH)
        folder = Path(root / ".catalog-trash")
        line = (folder / "journal.jsonl").read_bytes()
        at = line.index(b'"' + first.id.encode())
        (folder / "journal.jsonl").write_bytes(b" " * ((1 << 20) - at + place - 1) + b"\n" + line)
        assert trash.journal.knows(first.id)
        assert not trash.journal.knows(first.id[:-1])


@pytest.mark.parametrize("action", [TRASH, HARDLINK])
def test_a_file_that_a_plan_names_twice_goes_once_and_comes_back(root: Path, open_archive: System, action: str) -> None:
    make_archive(root, {OTHER: b"same bytes"})
    before = tree(root)
    report = execute(plan_of(root, (VICTIM, KEEPER), (VICTIM, OTHER), action=action), open_archive=open_archive)
    assert [done.path for done in report.done] == [VICTIM]
    assert [str(refusal.reason) for refusal in report.refused] == ["it stands in the plan twice"]
    undo(str(root), open_archive=open_archive)
    assert tree(root) == before


def test_a_link_makes_room_for_nothing_but_its_file(root: Path, open_archive: System) -> None:
    """A journal of before such plans were refused: the file comes back for one entry, none is left for the other."""
    execute(plan_of(root, (VICTIM, KEEPER), action=HARDLINK), open_archive=open_archive)
    with Trash.of(str(root), open_archive) as trash:
        (entry,) = trash.runs()[-1].entries
        trash.journal.add([intent_event(replace(entry, number=1, keeper_inode=1))])
    undo(str(root), open_archive=open_archive)
    assert (root / VICTIM).read_bytes() == b"same bytes"
    assert (root / "site/b/copy (restored).jpg").read_bytes() == b"same bytes"
