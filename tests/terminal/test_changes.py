"""What changes on the disk while it is shown."""

import shutil
from pathlib import Path

from tests.terminal.conftest import Start


def test_a_new_file_appears_by_itself(archive: Path, start: Start) -> None:
    terminal = start(archive)
    terminal.wait_for("a.jpg")
    (archive / "one" / "ann" / "fresh.jpg").touch()
    terminal.wait_for("fresh.jpg")
    (archive / "one" / "new model").mkdir()
    terminal.wait_for("new model")
    (archive / "new site").mkdir()
    terminal.wait_for("new site")


def test_a_model_that_vanishes_while_shown_gives_way_to_the_next(archive: Path, start: Start) -> None:
    terminal = start(archive)
    terminal.wait_for("a.jpg")
    terminal.press("ll")
    terminal.wait_at("one", "ann", "a.jpg")
    shutil.rmtree(archive / "one" / "ann")
    terminal.wait_without("  ann ")
    terminal.wait_at("one", "bea", "a.jpg")
    terminal.press("q")
    assert terminal.wait_end() == 0


def test_an_archive_that_vanishes_while_shown_gets_plain_words(archive: Path, start: Start) -> None:
    terminal = start(archive)
    terminal.wait_for("a.jpg")
    archive.rename(archive.with_name("elsewhere"))
    terminal.wait_for("(any", "more).")  # wherever the narrow pane breaks its lines
    archive.with_name("elsewhere").rename(archive)
    terminal.press("r")
    terminal.wait_for("one", "ann", "a.jpg")
    terminal.press("q")
    assert terminal.wait_end() == 0


def test_an_empty_archive_says_what_belongs_there(tmp_path: Path, start: Start) -> None:
    (tmp_path / "empty").mkdir()
    terminal = start(tmp_path / "empty", columns=160)
    terminal.wait_for("No sites")
    (tmp_path / "empty" / "first site" / "first model").mkdir(parents=True)
    terminal.wait_for("first site", "first model")
    terminal.press("q")
    assert terminal.wait_end() == 0
