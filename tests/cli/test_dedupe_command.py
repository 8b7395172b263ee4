"""`dedupe`, `trash` and `undo` as a user's shell sees them: output, words, exit codes, and what is on the disk."""

import json
import os
from pathlib import Path

import pytest

from catalog_tui.core.names import path_from_json
from tests.cli.running import run_cli
from tests.core.removal.ground import tree
from tests.corpus import write_corpus
from tests.trees import make_archive


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_archive(
        tmp_path / "archive", {"s/a/1.jpg": b"xx", "s/b/2.jpg": b"xx", "s/b/3.jpg": b"xx", "s/b/own.jpg": b"own"}
    )


def test_without_apply_nothing_is_touched(root: Path) -> None:
    before = tree(root)
    done = run_cli("dedupe", str(root), "--keep", "prefer:s/a")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "keep  s/a/1.jpg",
        "  to the trash  s/b/2.jpg",
        "  to the trash  s/b/3.jpg",
        "2 files; purging frees 4 B",
    ]
    assert done.stderr == "catalog-tui: This is a dry run: nothing was removed. --apply does it.\n"
    assert tree(root) == before
    assert not (root / ".catalog-trash").exists()


@pytest.mark.parametrize("keep", ["prefer:s/linked", "avoid:s/linked"])
def test_what_lies_behind_a_followed_link_is_known_as_a_copy_and_left_alone(
    root: Path, tmp_path: Path, keep: str
) -> None:
    make_archive(tmp_path / "disk", {"own.jpg": b"own"})
    os.symlink(tmp_path / "disk", root / "s/linked")
    done = run_cli("dedupe", str(root), "--follow-links", "--keep", keep, "--apply")
    assert done.returncode == 3
    assert "own.jpg: a folder on the way to it is a link now, or no folder" in done.stderr
    assert (root / "s/b/own.jpg").read_bytes() == (tmp_path / "disk/own.jpg").read_bytes() == b"own"


def test_apply_list_undo(root: Path) -> None:
    before = tree(root)
    done = run_cli("dedupe", str(root), "--keep", "prefer:s/a", "--apply")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "2 done, 0 left alone; catalog-tui undo puts them back"
    assert [path.name for path in (root / "s/b").iterdir()] == ["own.jpg"]
    listed = run_cli("trash", "list", str(root))
    assert listed.stdout.splitlines()[-1] == "2 files in the trash, 4 B"
    undone = run_cli("undo", str(root))
    assert undone.stdout.splitlines() == ["s/b/3.jpg", "s/b/2.jpg"]
    assert tree(root) == before
    again = run_cli("undo", str(root), "5")
    assert (again.returncode, again.stdout) == (0, "")
    assert again.stderr == "catalog-tui: there is nothing to undo\n"


def test_a_saved_plan_is_carried_out_and_refuses_what_changed(root: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(run_cli("dedupe", str(root), "--keep", "prefer:s/a", "--format", "json").stdout)
    (root / "s/b/2.jpg").write_bytes(b"yy")
    done = run_cli("dedupe", "--plan", str(plan), "--apply", "--format", "json")
    answer = json.loads(done.stdout)
    assert done.returncode == 3
    assert [file["path"] for file in answer["done"]] == ["s/b/3.jpg"]
    assert answer["refused"] == [{"path": "s/b/2.jpg", "reason": "it has changed since the scan"}]
    assert done.stderr == "catalog-tui: s/b/2.jpg: it has changed since the scan\n"
    assert json.loads(plan.read_text()).items() <= answer.items()
    (root / "s/a/1.jpg").unlink()
    nothing = run_cli("dedupe", "--plan", str(plan), "--apply")
    assert nothing.stdout == "0 done, 2 left alone\n"


def test_protected_folders_of_a_plan_hold_when_it_is_carried_out(root: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    shown = run_cli("dedupe", str(root), "--keep", "prefer:s/b", "--protect", "s/b", "--format", "json").stdout
    plan.write_text(shown.replace("s/a/1.jpg", "s/b/own.jpg"))  # a plan that somebody wrote by hand
    done = run_cli("dedupe", "--plan", str(plan), "--apply", "--format", "json")
    assert [refused["reason"] for refused in json.loads(done.stdout)["refused"]] == ["it is in a protected folder"]


def test_every_name_survives_the_way_through_json(tmp_path: Path) -> None:
    folder = tmp_path / "archive/site/model"
    folder.mkdir(parents=True)
    names = write_corpus(folder)
    for name in names:
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:
            file.write(b"the same")
    before = tree(tmp_path / "archive")
    done = run_cli("dedupe", str(tmp_path / "archive"), "--apply", "--format", "json")
    removed = {os.fsencode(os.path.basename(path_from_json(file))) for file in json.loads(done.stdout)["done"]}
    assert len(removed) == sum(not name.startswith(b".") for name in names) - 1
    assert removed.isdisjoint(os.listdir(os.fsencode(folder)))
    listed = json.loads(run_cli("trash", "list", str(tmp_path / "archive"), "--format", "json").stdout)
    assert {os.fsencode(os.path.basename(path_from_json(file))) for file in listed["files"]} == removed
    run_cli("undo", str(tmp_path / "archive"))
    assert tree(tmp_path / "archive") == before


def test_restore_takes_files_and_folders_by_their_old_paths(root: Path) -> None:
    run_cli("dedupe", str(root), "--keep", "prefer:s/a", "--apply")
    assert run_cli("trash", "restore", str(root), "s/b/2.jpg").stdout.splitlines() == ["s/b/2.jpg"]
    assert run_cli("trash", "restore", str(root), "s/b/").stdout.splitlines() == ["s/b/3.jpg"]
    missing = run_cli("trash", "restore", str(root), "s/b/none.jpg")
    assert (missing.returncode, missing.stderr) == (3, "catalog-tui: s/b/none.jpg is not in the trash\n")


def test_a_file_whose_name_is_taken_comes_back_beside_it(root: Path) -> None:
    run_cli("dedupe", str(root), "--keep", "prefer:s/a", "--apply")
    (root / "s/b/2.jpg").write_bytes(b"new")
    undone = run_cli("undo", str(root), "--format", "json")
    now = {file["path"]: file["now"]["path"] for file in json.loads(undone.stdout)["restored"]}
    assert now == {"s/b/2.jpg": "s/b/2 (restored).jpg", "s/b/3.jpg": "s/b/3.jpg"}
    assert "s/b/2.jpg is taken by another file; it was put back as s/b/2 (restored).jpg" in undone.stderr
    assert (root / "s/b/2.jpg").read_bytes() == b"new"
    assert (root / "s/b/2 (restored).jpg").read_bytes() == b"xx"


def test_purging_asks_and_without_a_terminal_wants_to_be_told(root: Path) -> None:
    run_cli("dedupe", str(root), "--keep", "prefer:s/a", "--apply")
    refused = run_cli("trash", "purge", str(root))
    assert refused.returncode == 2
    assert "say --yes" in refused.stderr
    young = run_cli("trash", "purge", str(root), "--yes", "--older-than", "1d")
    assert young.stdout == "0 files deleted, 0 B freed\n"
    done = run_cli("trash", "purge", str(root), "--yes")
    assert (done.returncode, done.stdout) == (0, "2 files deleted, 4 B freed\n")


def test_a_purge_whose_keeper_is_gone_is_refused(root: Path) -> None:
    run_cli("dedupe", str(root), "--keep", "prefer:s/a", "--apply")
    (root / "s/a/1.jpg").unlink()
    done = run_cli("trash", "purge", str(root), "--yes", "--format", "json")
    assert done.returncode == 3
    assert {refused["path"] for refused in json.loads(done.stdout)["refused"]} == {"s/b/2.jpg", "s/b/3.jpg"}
    last = run_cli("trash", "purge", str(root), "--yes", "--last-copies")
    assert last.stdout == "2 files deleted, 4 B freed\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["dedupe"], "which archive?"),
        (["dedupe", "{root}", "--keep", "best"], "“best” is no keep rule"),
        (["dedupe", "--plan", "{root}/none", "--apply"], "the plan {root}/none cannot be read"),
        (["dedupe", "--plan", "{root}/s/a/1.jpg"], "that is no plan"),
        (["dedupe", "--plan", "x", "--keep", "oldest"], "give one or the other"),
        (["dedupe", "{root}/none"], "there is no folder {root}/none"),
        (["dedupe", "{root}", "--protect", "none"], "a protected folder cannot be read"),
        (["undo", "{root}", "0"], "STEPS is 1 or more"),
        (["undo", "{root}/none"], "there is no folder {root}/none"),
        (["trash", "list", "{root}", "s/a"], "PATH goes with restore only"),
        (["trash", "purge", "{root}", "--yes", "--older-than", "soon"], "soon is no age"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(root: Path, words: list[str], said: str) -> None:
    done = run_cli(*(word.format(root=root) for word in words))
    assert done.returncode in (1, 2)
    assert said.format(root=root) in done.stderr
    assert len(done.stderr.splitlines()) == 1
