"""From the first pane to a file and out again, in a terminal as people have it."""

import signal
from pathlib import Path

import pytest

from bench.terminal import state_of
from tests.terminal.conftest import Start


def test_walks_from_the_sites_to_a_file_and_leaves_the_terminal_as_it_was(archive: Path, start: Start) -> None:
    terminal = start(archive)
    terminal.wait_for("one", "two", "ann", "bea", "a.jpg")
    for key, steps in (
        ("j", ("two",)),
        ("l", ("two", "ann")),
        ("\x1b[B", ("two", "bea")),
        ("\r", ("two", "bea", "a.jpg")),
        ("G", ("two", "bea", "c.jpg")),
        ("k", ("two", "bea", "b.jpg")),
        ("h", ("two", "bea")),
        ("\t", ("two", "bea", "b.jpg")),
    ):
        terminal.press(key)
        terminal.wait_at(*steps)
    terminal.press("q")
    assert terminal.wait_end() == 0
    terminal.assert_restored()


def test_ctrl_q_does_not_quit_and_ctrl_c_does(archive: Path, start: Start) -> None:
    terminal = start(archive)
    terminal.wait_for("a.jpg")
    terminal.press("\x11j")
    terminal.wait_at("two")
    terminal.press("\x03")
    assert terminal.wait_end() == 0


def test_the_next_start_comes_back_to_place_sort_and_cursor(archive: Path, start: Start) -> None:
    first = start(archive)
    first.wait_for("a.jpg")
    for key, steps in (("j", ("two",)), ("l", ("two", "ann")), ("j", ("two", "bea")), ("l", ("two", "bea", "a.jpg"))):
        first.press(key)
        first.wait_at(*steps)
    first.press("S")
    first.wait_for("Name▾")
    first.press("k")
    first.wait_at("two", "bea", "b.jpg")
    first.press("q")
    assert first.wait_end() == 0

    second = start(archive)
    second.wait_at("two", "bea", "b.jpg")
    second.wait_for("Name▾")
    second.press("j")
    second.wait_at("two", "bea", "a.jpg")


def test_without_an_archive_the_last_one_is_opened(archive: Path, start: Start) -> None:
    first = start(archive)
    first.wait_for("a.jpg")
    first.press("q")
    assert first.wait_end() == 0
    start().wait_for("one", "two", "a.jpg")


@pytest.mark.parametrize(("columns", "lines"), [(20, 5), (40, 10), (80, 24), (300, 100)])
def test_any_size_of_terminal_will_do(archive: Path, start: Start, columns: int, lines: int) -> None:
    terminal = start(archive, columns=columns, lines=lines)
    terminal.wait_for("one")
    for key, word in (("j", "two"), ("l", "ann"), ("l", "a.jpg"), ("G", "c.jpg"), ("?", "Keys")):
        terminal.press(key)
        terminal.wait_for(word)
    terminal.press("\x1b")
    terminal.wait_without("Keys")
    terminal.press("q")
    assert terminal.wait_end() == 0
    terminal.assert_restored()


def test_the_window_may_change_its_size_at_any_time(archive: Path, start: Start) -> None:
    terminal = start(archive, columns=120, lines=36)
    terminal.wait_for("Details", "a.jpg")
    terminal.resize(80, 24)
    terminal.wait_without("Details")
    terminal.resize(20, 5)
    terminal.wait_without("a.jpg")
    terminal.wait_for("one")
    terminal.resize(1, 1)
    terminal.resize(200, 60)
    terminal.wait_for("Details", "one", "ann", "a.jpg")
    terminal.press("q")
    assert terminal.wait_end() == 0
    terminal.assert_restored()


def test_put_into_the_background_and_back_again(archive: Path, start: Start) -> None:
    terminal = start(archive)
    terminal.wait_for("a.jpg")
    terminal.signal(signal.SIGTSTP)
    terminal.wait(lambda: state_of(terminal.pid) == "T", "the stop")
    terminal.catch_up()
    terminal.assert_restored()
    terminal.signal(signal.SIGCONT)
    terminal.wait(lambda: terminal.modes_left, "the program's own screen")
    terminal.press("j")
    terminal.wait_at("two")
    terminal.press("q")
    assert terminal.wait_end() == 0
    terminal.assert_restored()
