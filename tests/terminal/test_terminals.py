"""Terminals that cannot do all, and starts that go wrong before there is anything to see."""

import os
import re
from pathlib import Path

import pytest

from tests.terminal.conftest import Start
from tests.terminal.harness import COMMAND, Terminal

SGR = re.compile(rb"\x1b\[([0-9;:]*)m")
# Root may read anything unless it gives up the capabilities to.
AS_ANYBODY = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
COLOURS = {*range(30, 39), *range(40, 49), *range(90, 98), *range(100, 108)}


def test_no_color_means_no_colour_at_all(archive: Path, start: Start) -> None:
    terminal = start(archive, environ={"NO_COLOR": "1"})
    terminal.wait_for("a.jpg")
    terminal.press("jll")
    terminal.wait_for("c.jpg")
    for key, title in (("?", "Keys here"), ("s", "Sort by")):
        terminal.press(key)
        terminal.wait_for(title)
        terminal.press("\x1b")
        terminal.wait_without(title)
    terminal.press("D")
    terminal.wait_for("group of duplicates")
    terminal.press("q")
    assert terminal.wait_end() == 0
    parameters = {int(number) for found in SGR.findall(terminal.output) for number in re.findall(rb"[0-9]+", found)}
    assert parameters & {1, 7}  # the cursor is seen all the same
    assert not parameters & COLOURS


def test_a_dumb_terminal_is_one_line_and_exit_2(archive: Path, start: Start) -> None:
    terminal = start(archive, environ={"TERM": "dumb"})
    assert terminal.wait_end() == 2
    assert len(terminal.output.splitlines()) == 1
    assert b"\x1b" not in terminal.output


@pytest.mark.parametrize("which", [0, 1, 2])
def test_without_a_terminal_one_line_and_exit_2(archive: Path, which: int, tmp_path: Path) -> None:
    """The redirection is made by a shell in a terminal, as a user makes it."""
    said = tmp_path / "said"
    redirection = ("</dev/null", ">/dev/null", f"2>{said}")[which]
    with Terminal(["/bin/sh", "-c", f'"$0" "$1" {redirection}', COMMAND, str(archive)]) as terminal:
        assert terminal.wait_end() == 2
        words = said.read_bytes() if which == 2 else terminal.output
    assert len(words.splitlines()) == 1
    assert words.startswith(b"catalog-tui: ")


def test_no_such_folder_a_file_and_no_permission_are_one_line_and_exit_1(tmp_path: Path, start: Start) -> None:
    (tmp_path / "file").touch()
    for name, words in (("none", b"there is no folder"), ("file", b"is a file"), ("f" * 300, b"cannot be read")):
        terminal = start(tmp_path / name)
        assert terminal.wait_end() == 1
        assert terminal.output.count(b"\n") == 1
        assert words in terminal.output
        terminal.assert_restored()


def test_a_folder_without_permission_is_one_line_and_exit_1(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0)
    with Terminal([*AS_ANYBODY, COMMAND, str(locked)]) as terminal:
        assert terminal.wait_end() == 1
    assert terminal.output.count(b"\n") == 1
    assert b"no permission" in terminal.output


def test_a_model_without_permission_is_said_in_its_place(archive: Path) -> None:
    (archive / "one" / "ann").chmod(0)
    with Terminal([*AS_ANYBODY, COMMAND, str(archive)]) as terminal:
        terminal.wait_for("may not be read")
        terminal.press("lj")
        terminal.wait_at("one", "bea")
        terminal.wait_for("a.jpg")
    (archive / "one" / "ann").chmod(0o700)
