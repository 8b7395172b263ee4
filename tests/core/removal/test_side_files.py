"""Side-files travel with their media into the trash and back; a shared one with the last of them."""

from collections.abc import Callable
from pathlib import Path

from catalog_tui.core.removal.executor import execute
from catalog_tui.core.removal.plan import HARDLINK
from catalog_tui.core.removal.system import Folder
from catalog_tui.core.removal.undo import undo
from tests.core.removal.ground import plan_of, tree
from tests.trees import make_archive

KEEPER = "s/k/keep.jpg"


def test_a_side_file_goes_along_and_comes_back(tmp_path: Path, open_archive: Callable[[str], Folder]) -> None:
    make_archive(tmp_path, {KEEPER: b"xx", "s/a/1.jpg": b"xx", "s/a/1.jpg.json": b"{}", "s/a/1.txt": b"words"})
    before = tree(tmp_path)
    report = execute(plan_of(tmp_path, ("s/a/1.jpg", KEEPER)), open_archive=open_archive)
    assert sorted(report.done[0].side_files) == ["s/a/1.jpg.json", "s/a/1.txt"]
    assert list((tmp_path / "s/a").iterdir()) == []
    undo(str(tmp_path), open_archive=open_archive)
    assert tree(tmp_path) == before


def test_a_shared_side_file_goes_with_the_last_of_its_media(tmp_path: Path) -> None:
    make_archive(tmp_path, {KEEPER: b"xx", "s/a/p_1.jpg": b"xx", "s/a/p_2.jpg": b"xx", "s/a/p.json": b"{}"})
    before = tree(tmp_path)
    first = execute(plan_of(tmp_path, ("s/a/p_1.jpg", KEEPER)))
    assert first.done[0].side_files == ()
    assert (tmp_path / "s/a/p.json").exists()
    second = execute(plan_of(tmp_path, ("s/a/p_2.jpg", KEEPER)))
    assert second.done[0].side_files == ("s/a/p.json",)
    undo(str(tmp_path), 2)
    assert tree(tmp_path) == before


def test_a_shared_side_file_goes_when_all_its_media_go_at_once(tmp_path: Path) -> None:
    make_archive(tmp_path, {KEEPER: b"xx", "s/a/p_1.jpg": b"xx", "s/a/p_2.jpg": b"xx", "s/a/p.json": b"{}"})
    before = tree(tmp_path)
    report = execute(plan_of(tmp_path, ("s/a/p_1.jpg", KEEPER), ("s/a/p_2.jpg", KEEPER)))
    assert [done.side_files for done in report.done] == [(), ("s/a/p.json",)]
    undo(str(tmp_path))
    assert tree(tmp_path) == before


def test_the_side_file_of_a_file_that_stays_stays(tmp_path: Path) -> None:
    make_archive(tmp_path, {KEEPER: b"xx", "s/a/p_1.jpg": b"xx", "s/a/p_2.jpg": b"xx", "s/a/p.json": b"{}"})
    plan = plan_of(tmp_path, ("s/a/p_1.jpg", KEEPER), ("s/a/p_2.jpg", KEEPER))
    (tmp_path / "s/a/p_2.jpg").write_bytes(b"zz")
    report = execute(plan)
    assert [len(report.done), len(report.refused)] == [1, 1]
    assert (tmp_path / "s/a/p.json").exists()


def test_a_side_file_that_is_itself_in_the_plan_is_no_passenger(tmp_path: Path) -> None:
    make_archive(tmp_path, {KEEPER: b"xx", "s/a/1.jpg": b"xx", "s/a/1.txt": b"ww", "s/b/1.txt": b"ww"})
    report = execute(plan_of(tmp_path, ("s/a/1.jpg", KEEPER), ("s/b/1.txt", "s/a/1.txt")))
    assert [done.path for done in report.done] == ["s/a/1.jpg", "s/b/1.txt"]
    assert (tmp_path / "s/a/1.txt").exists()


def test_what_becomes_a_link_keeps_its_side_files(tmp_path: Path) -> None:
    make_archive(tmp_path, {KEEPER: b"xx", "s/a/1.jpg": b"xx", "s/a/1.jpg.json": b"{}"})
    execute(plan_of(tmp_path, ("s/a/1.jpg", KEEPER), action=HARDLINK))
    assert (tmp_path / "s/a/1.jpg.json").exists()
