"""A whole review in a real terminal: scan, rule, question, trash, and undo after a restart, with the tree as it was."""

import hashlib
from pathlib import Path

from tests.terminal.conftest import Start
from tests.trees import make_archive


def tree(root: Path) -> set[tuple[str, str, int, int]]:
    """Every file outside the trash: its name, content, time and mode."""
    return {
        (str(path.relative_to(root)), hashlib.sha256(path.read_bytes()).hexdigest(), status.st_mtime_ns, status.st_mode)
        for path in root.rglob("*")
        if path.is_file() and ".catalog-trash" not in path.parts
        for status in (path.lstat(),)
    }


def test_scan_rule_trash_and_undo_after_a_restart_leave_the_tree_as_it_was(tmp_path: Path, start: Start) -> None:
    root = make_archive(
        tmp_path / "archive",
        {
            "one/ann/a.jpg": b"x" * 5000,
            "one/ann/a.jpg.json": b"{}",
            "one/bea/long name of a.jpg": b"x" * 5000,
            "two/ann/c.jpg": b"y" * 300,
            "two/bob/also c.jpg": b"y" * 300,
            "two/bob/alone.jpg": b"z" * 77,
        },
    )
    before = tree(root)
    terminal = start(root)
    terminal.wait_for("a.jpg")
    terminal.press("D")
    terminal.wait_for("2 groups of duplicates")
    terminal.press("W")
    terminal.wait_for("Nothing is chosen to go")
    terminal.press("R")
    terminal.wait_for("Which copy stays?")
    terminal.press("p")
    terminal.wait_for("2 files go of 2 groups")
    terminal.press("d")
    terminal.wait_for("Move to the trash?", "Cancel")
    terminal.press("\r")
    terminal.wait_without("Move to the trash?")
    assert tree(root) == before
    terminal.press("d")
    terminal.wait_for("Move to the trash?")
    terminal.press("y")
    terminal.wait_for("2 files were moved to the trash")  # a notice, which goes in time
    terminal.wait_for("0 groups")
    assert {name for name, *_rest in before - tree(root)} == {"one/bea/long name of a.jpg", "two/bob/also c.jpg"}
    terminal.press("h")
    terminal.wait_without("Groups")
    terminal.press("q")
    assert terminal.wait_end() == 0
    terminal = start(root)
    terminal.wait_for("a.jpg")
    terminal.press("u")
    terminal.wait_for("2 files are back")
    terminal.press("q")
    assert terminal.wait_end() == 0
    terminal.assert_restored()
    assert tree(root) == before
