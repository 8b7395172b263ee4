"""Plans: what is in them, what is left out, and that their JSON holds every name."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalog_tui.core.errors import ArchiveError, UsageError
from catalog_tui.core.removal.executor import execute
from catalog_tui.core.removal.keep_rules import parse_rules
from catalog_tui.core.removal.plan import HARDLINK, plan_from_json, plan_to_json
from catalog_tui.core.removal.planning import Planned, plan_deletion, plan_removal
from catalog_tui.core.removal.system import Folder
from catalog_tui.core.removal.undo import undo
from catalog_tui.core.scan.engine import scan
from catalog_tui.core.scan.events import Finished
from catalog_tui.core.scan.options import ScanOptions
from catalog_tui.core.scan.outcome import DuplicateFile, DuplicateGroup
from tests.core.removal.ground import tree
from tests.corpus import write_corpus
from tests.trees import make_archive

System = Callable[[str], Folder]
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def groups_of(root: Path) -> list[tuple[DuplicateGroup, list[DuplicateFile]]]:
    for event in scan(ScanOptions(str(root), use_index=False)):
        if isinstance(event, Finished) and event.outcome is not None:
            return list(event.outcome.groups())
    raise AssertionError("the scan did not end")


def planned(root: Path, *rules: str, action: str = "trash", protected: tuple[str, ...] = ()) -> Planned:
    groups = groups_of(root)
    return plan_removal(str(root), groups, parse_rules(rules), action=action, protected=protected, now=lambda: NOON)


def pairs(plan: Planned) -> list[tuple[str, str]]:
    return [(item.victim.path, item.keeper.path if item.keeper else "") for item in plan.plan.items]


def test_a_plan_has_all_but_the_kept_one_of_every_group(tmp_path: Path) -> None:
    make_archive(tmp_path, {"s/a/1.jpg": b"xx", "s/a/2.jpg": b"xx", "s/b/3.jpg": b"xx", "s/b/4.jpg": b"else"})
    plan = planned(tmp_path, "prefer:s/b")
    assert pairs(plan) == [("s/a/1.jpg", "s/b/3.jpg"), ("s/a/2.jpg", "s/b/3.jpg")]
    assert (plan.plan.bytes_after_purge, plan.plan.rules, plan.plan.created) == (
        4,
        ("prefer:s/b",),
        "2026-01-31T12:00:00Z",
    )


def test_all_names_of_a_file_go_and_only_what_loses_all_its_names_frees_bytes(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "archive", {"s/a/1.jpg": b"xx", "s/a/2.jpg": b"xx", "s/a/3.jpg": b"xx"})
    os.link(root / "s/a/2.jpg", root / "s/a/2b.jpg")
    os.link(root / "s/a/3.jpg", tmp_path / "outside.jpg")
    plan = planned(root)
    assert pairs(plan) == [(f"s/a/{name}.jpg", "s/a/1.jpg") for name in ("2", "2b", "3")]
    assert plan.plan.bytes_after_purge == 2


def test_files_in_protected_folders_are_all_kept(tmp_path: Path) -> None:
    make_archive(tmp_path, {"s/a/1.jpg": b"xx", "s/a/2.jpg": b"xx", "s/a/deep/3.jpg": b"xx", "s/b/4.jpg": b"xx"})
    assert pairs(planned(tmp_path, "prefer:s/b", protected=("s/a",))) == [("s/b/4.jpg", "s/a/1.jpg")]
    assert pairs(planned(tmp_path, protected=(str(tmp_path),))) == []
    with pytest.raises(ArchiveError, match="a protected folder cannot be read"):
        planned(tmp_path, protected=("s/none",))


def test_a_group_whose_files_changed_since_the_scan_is_left_out_and_said(tmp_path: Path) -> None:
    make_archive(tmp_path, {"s/a/1.jpg": b"xx", "s/a/2.jpg": b"xx", "s/b/3.jpg": b"yyy", "s/b/4.jpg": b"yyy"})
    groups = groups_of(tmp_path)
    (tmp_path / "s/a/2.jpg").chmod(0o600)
    (tmp_path / "s/b/3.jpg").unlink()
    plan = plan_removal(str(tmp_path), groups, ())
    assert plan.plan.items == ()
    assert {(left.path, left.reason) for left in plan.left_out} == {
        ("s/a/2.jpg", "it has changed since the scan"),
        ("s/b/3.jpg", "it is gone"),
    }


def test_the_json_of_a_plan_holds_every_name(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"arch\xffive") / "site" / "model"
    folder.mkdir(parents=True)
    write_corpus(folder)
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(b"the same")
    plan = planned(folder.parent.parent, protected=(os.fsdecode(b"site"),)).plan
    text = json.dumps(plan_to_json(planned(folder.parent.parent, action=HARDLINK).plan)).encode()
    again = plan_from_json(text)
    assert len(again.items) > 50
    assert again == planned(folder.parent.parent, action=HARDLINK).plan
    assert plan_from_json(json.dumps(plan_to_json(plan))) == plan


def test_the_json_is_that_of_the_contract(tmp_path: Path) -> None:
    root = make_archive(tmp_path, {"s/a/1.jpg": b"xx", "s/a/2.jpg": b"xx"})
    fields = plan_to_json(planned(root, "oldest").plan)
    assert list(fields) == ["archive", "created", "action", "rules", "items", "bytes_after_purge"]
    assert list(fields["items"][0]) == ["hash", "size", "victim", "keeper"]
    assert list(fields["items"][0]["victim"]) == ["path", "device", "inode", "mtime_ns", "ctime_ns"]
    assert fields["archive"] == str(root)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"archive": "relative", "created": "", "action": "trash", "rules": [], "items": [], "bytes_after_purge": 0}',
        '{"archive": "/a", "created": "", "action": "burn", "rules": [], "items": [], "bytes_after_purge": 0}',
        '{"archive": "/a", "created": "", "action": "trash", "rules": [], "items": [{}], "bytes_after_purge": 0}',
        '{"archive": "/a", "created": "", "action": "trash", "rules": [], "items": 3, "bytes_after_purge": 0}',
    ],
)
def test_what_is_no_plan_is_said(text: str) -> None:
    with pytest.raises(UsageError, match="that is no plan"):
        plan_from_json(text)


def test_a_saved_plan_must_name_a_keeper_for_every_file(tmp_path: Path) -> None:
    root = make_archive(tmp_path, {"s/a/1.jpg": b"xx"})
    with pytest.raises(UsageError, match="that is no plan"):
        plan_from_json(json.dumps(plan_to_json(plan_deletion(str(root), ["s/a/1.jpg"]))))


def test_a_file_without_a_copy_or_a_whole_model_is_deleted_and_comes_back(tmp_path: Path, open_archive: System) -> None:
    root = make_archive(
        tmp_path, {"s/a/1.jpg": b"xx", "s/a/1.jpg.json": b"{}", "s/b/2.jpg": b"yy", "s/b/deep/.hidden": b"zz"}
    )
    (root / "s/b").chmod(0o2750)
    before, mode = tree(root), (root / "s/b").stat().st_mode
    plan = plan_deletion(str(root), ["s/a/1.jpg", "s/b"])
    assert [item.victim.path for item in plan.items] == ["s/a/1.jpg", "s/b/2.jpg", "s/b/deep/.hidden"]
    assert plan.bytes_after_purge == 6
    report = execute(plan, open_archive=open_archive)
    assert report.refused == ()
    assert report.done[0].side_files == ("s/a/1.jpg.json",)
    assert list(tree(root)) == ["s", "s/a"]
    undo(str(root), open_archive=open_archive)
    assert tree(root) == before
    assert (root / "s/b").stat().st_mode == mode


def test_a_folder_that_is_not_empty_when_its_files_are_gone_stays(tmp_path: Path) -> None:
    root = make_archive(tmp_path, {"s/b/2.jpg": b"yy", "s/b/deep/": b"", "s/b/late/": b""})
    plan = plan_deletion(str(root), ["s/b"])
    (root / "s/b/late/new.jpg").write_bytes(b"a download that just came")
    execute(plan)
    assert list(tree(root)) == ["s", "s/b", "s/b/late", "s/b/late/new.jpg"]


def test_an_empty_model_is_deleted_and_comes_back(tmp_path: Path) -> None:
    root = make_archive(tmp_path, {"s/b/": b""})
    report = execute(plan_deletion(str(root), ["s/b"]))
    assert list(tree(root)) == ["s"]
    assert undo(str(root)).runs == (report.run,)
    assert list(tree(root)) == ["s", "s/b"]
    assert undo(str(root)).runs == ()


def test_what_cannot_be_seen_cannot_be_deleted(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="cannot be deleted: No such file"):
        plan_deletion(str(tmp_path), ["s/none.jpg"])
