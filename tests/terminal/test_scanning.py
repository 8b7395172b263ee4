"""The duplicate scan, started and followed by keys."""

from pathlib import Path

from bench.terminal import descendants, parent_of
from tests.terminal.conftest import Start
from tests.trees import make_archive

TERABYTE = 1 << 40


def test_a_scan_runs_ends_and_shows_its_groups(tmp_path: Path, start: Start) -> None:
    contents = {"one/ann/a.jpg": b"x" * 5000, "one/bea/b.jpg": b"x" * 5000, "two/ann/c.jpg": b"y" * 5000}
    terminal = start(make_archive(tmp_path / "archive", contents))
    terminal.wait_for("a.jpg")
    terminal.press("W")
    terminal.wait_for("No scan has been finished yet")
    terminal.press("D")
    terminal.wait_for("1 group of duplicates")
    terminal.press("W")
    terminal.wait_for("one/ann/a.jpg", "one/bea/b.jpg")
    assert not terminal.shows("two/ann/c.jpg")
    terminal.press("\x1b")
    terminal.wait_for("two")
    terminal.press("q")
    assert terminal.wait_end() == 0
    terminal.assert_restored()


def test_leaving_while_a_scan_runs_asks_first(tmp_path: Path, start: Start) -> None:
    endless = make_archive(tmp_path / "archive", {"one/ann/a.mp4": TERABYTE, "one/ann/b.mp4": TERABYTE})
    terminal = start(endless)
    terminal.wait_for("a.mp4")
    terminal.press("D")
    terminal.wait_for("Hashing")
    terminal.press("q")
    terminal.wait_for("A duplicate scan is running")
    terminal.press("n")
    terminal.wait_without("A duplicate scan is running")
    terminal.press("q")
    terminal.wait_for("A duplicate scan is running")
    family = descendants(terminal.pid)
    terminal.press("s")
    assert terminal.wait_end() == 0
    terminal.assert_restored()
    assert not any(map(parent_of, family))


def test_a_scan_is_stopped_by_its_key_and_can_be_begun_again(tmp_path: Path, start: Start) -> None:
    endless = make_archive(tmp_path / "archive", {"one/ann/a.mp4": TERABYTE, "one/ann/b.mp4": TERABYTE})
    terminal = start(endless)
    terminal.wait_for("a.mp4")
    for _ in range(2):
        terminal.press("D")
        terminal.wait_for("Hashing")
        terminal.press("X")
        terminal.wait_for("Scan stopped")
    terminal.press("q")
    assert terminal.wait_end() == 0
