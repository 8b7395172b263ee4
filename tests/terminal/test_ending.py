"""However the program ends, the terminal, what it remembers and the machine are left in order."""

import json
import os
import signal
from pathlib import Path

import pytest

from bench.terminal import descendants, parent_of, state_of
from catalog_tui.core import places
from tests.terminal.conftest import Start
from tests.terminal.harness import Terminal
from tests.trees import make_archive

TERABYTE = 1 << 40


def remembered() -> list[dict[str, object]]:
    """Every file of the state folder, parsed; fails where one is not whole."""
    return [json.loads(file.read_bytes()) for file in places.state_dir().rglob("*.json")]


def walk_to_a_file(terminal: Terminal) -> None:
    terminal.wait_for("a.jpg")
    for key, steps in (("j", ("two",)), ("l", ("two", "ann")), ("l", ("two", "ann", "a.jpg"))):
        terminal.press(key)
        terminal.wait_at(*steps)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_leaves_terminal_and_place_whole(archive: Path, start: Start, name: str) -> None:
    terminal = start(archive)
    walk_to_a_file(terminal)
    terminal.signal(signal.Signals[name])
    assert terminal.wait_end() == 130
    terminal.assert_restored()
    assert remembered()
    start(archive).wait_at("two", "ann", "a.jpg")


def test_a_closed_window_leaves_the_place_whole_and_nobody_behind(archive: Path, start: Start) -> None:
    terminal = start(archive)
    walk_to_a_file(terminal)
    family = descendants(terminal.pid)
    terminal.hang_up()
    terminal.wait(terminal.ended, "the end of the program")
    terminal.wait(lambda: not any(map(parent_of, family)), "the end of its children")
    assert remembered()
    start(archive).wait_at("two", "ann", "a.jpg")


def test_who_was_stopped_goes_on_and_leaves_in_order(archive: Path, start: Start) -> None:
    terminal = start(archive)
    walk_to_a_file(terminal)
    terminal.signal(signal.SIGSTOP)
    terminal.wait(lambda: state_of(terminal.pid) == "T", "the program to be stopped")
    terminal.signal(signal.SIGCONT)
    terminal.press("j")
    terminal.wait_at("two", "ann", "b.jpg")
    terminal.press("q")
    assert terminal.wait_end() == 0
    terminal.assert_restored()


def test_a_kill_while_the_place_is_written_leaves_a_whole_state(archive: Path, start: Start) -> None:
    """The place is written every few seconds: after the first time, kills come at moments spread over the next."""
    for steps in ("", "j", "l", "jl", "jll", "jllj"):
        terminal = start(archive)
        terminal.wait_for("a.jpg" if steps else "Sites")
        terminal.press(steps)
        terminal.look()
        terminal.signal(signal.SIGKILL)
        terminal.wait(terminal.ended, "the end of the program")
        remembered()


def test_after_a_kill_the_place_of_a_few_seconds_ago_is_known(archive: Path, start: Start) -> None:
    terminal = start(archive)
    walk_to_a_file(terminal)
    terminal.wait(
        lambda: any(kept.get("name") == {"path": "a.jpg"} and kept["pane"] == "media" for kept in remembered()),
        "the place in the state",
    )
    terminal.signal(signal.SIGKILL)
    terminal.wait(terminal.ended, "the end of the program")
    start(archive).wait_at("two", "ann", "a.jpg")


def test_no_child_survives_a_kill_not_even_of_a_scan(tmp_path: Path, start: Start) -> None:
    archive = make_archive(tmp_path / "archive", {"one/ann/a.mp4": TERABYTE, "one/ann/b.mp4": TERABYTE})
    terminal = start(archive)
    terminal.wait_for("a.mp4")
    readers = descendants(terminal.pid)
    assert readers
    terminal.press("D")
    terminal.wait_for("Hashing")
    family = descendants(terminal.pid)
    assert family > readers
    terminal.signal(signal.SIGKILL)
    terminal.wait(lambda: not any(map(parent_of, family)), "the end of its children")


def test_no_child_survives_a_proper_end(archive: Path, start: Start) -> None:
    terminal = start(archive)
    walk_to_a_file(terminal)
    family = descendants(terminal.pid)
    terminal.press("q")
    assert terminal.wait_end() == 0
    assert not any(map(parent_of, family))


def test_a_dead_reader_is_replaced(archive: Path, start: Start) -> None:
    terminal = start(archive)
    terminal.wait_for("a.jpg")
    for reader in descendants(terminal.pid):
        os.kill(reader, signal.SIGKILL)
    (archive / "two" / "ann" / "d.jpg").touch()
    terminal.press("j")
    terminal.wait_for("d.jpg")


def test_a_damaged_state_is_set_aside_and_said(archive: Path, start: Start) -> None:
    file = places.state_dir() / "archives" / f"{places.archive_slug(str(archive))}.json"
    file.parent.mkdir(parents=True)
    file.write_text('{"site": ')
    terminal = start(archive)
    terminal.wait_for("damaged")  # a notice, which goes in time
    terminal.wait_for("a.jpg")
    terminal.press("j")
    terminal.wait_at("two")
    assert file.with_name(file.name + ".damaged").exists()


def test_a_state_folder_that_cannot_be_written_is_said_and_does_not_stop_the_app(archive: Path, start: Start) -> None:
    places.state_dir().write_text("a file in its place")
    terminal = start(archive)
    walk_to_a_file(terminal)
    terminal.wait_for("could not be saved")
    terminal.press("q")
    terminal.wait_end()
    terminal.assert_restored()
