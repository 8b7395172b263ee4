"""Inside tmux, where those who browse a distant machine are."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.terminal import descendants, parent_of
from tests.terminal.harness import COMMAND, window_environ
from tests.waiting import PATIENCE_S


class Tmux:
    """A tmux server of its own with one window, in which a shell runs the command and then says its exit code."""

    def __init__(self, socket: Path, archive: Path) -> None:
        self._tmux = ["tmux", "-f", "/dev/null", "-S", str(socket)]
        script = 'echo before; "$0" "$1"; echo "ended $?"; read -r _'
        self.ask("new-session", "-d", "-x", "120", "-y", "36", "sh", "-c", script, COMMAND, str(archive))

    def ask(self, *words: str) -> str:
        """What tmux answers to a command."""
        return subprocess.run(
            [*self._tmux, *words], capture_output=True, check=True, encoding="utf-8", env=window_environ({})
        ).stdout

    def wait(self, so: Callable[[str], bool]) -> str:
        """Wait until the text of the window is so; gives it."""
        deadline = time.monotonic() + PATIENCE_S
        while not so(text := self.ask("capture-pane", "-p")):
            assert time.monotonic() < deadline, text
        return text

    def press(self, *keys: str) -> None:
        """Type, by tmux's names of keys."""
        self.ask("send-keys", *keys)

    def flag(self, name: str) -> str:
        """A variable of the window, such as `alternate_on`."""
        return self.ask("display-message", "-p", f"#{{{name}}}").strip()


@pytest.fixture
def tmux(archive: Path, tmp_path: Path) -> Iterator[Tmux]:
    """The command on the archive, in tmux."""
    tmux = Tmux(tmp_path / "tmux", archive)
    tmux.ask("set-option", "-s", "set-clipboard", "on")
    yield tmux
    tmux.ask("kill-server")


def test_walks_and_leaves_the_window_as_it_was(tmux: Tmux) -> None:
    tmux.wait(lambda text: "a.jpg" in text)
    assert tmux.flag("alternate_on") == "1"
    tmux.press("Down")
    tmux.wait(lambda text: "› two\n" in text)
    tmux.press("Enter", "Tab", "End")
    tmux.wait(lambda text: "› two › ann › c.jpg" in text)
    tmux.press("q")
    text = tmux.wait(lambda text: "ended" in text)
    assert text.split() == ["before", "ended", "0"]
    flags = ("alternate_on", "mouse_any_flag", "mouse_sgr_flag", "cursor_flag", "wrap_flag", "keypad_flag")
    assert [tmux.flag(name) for name in flags] == ["0", "0", "0", "1", "1", "0"]


def test_a_path_is_copied_through_tmux(tmux: Tmux, archive: Path) -> None:
    tmux.wait(lambda text: "a.jpg" in text)
    tmux.press("l", "l")
    tmux.wait(lambda text: "› ann › a.jpg" in text)
    tmux.press("y")
    tmux.wait(lambda _text: bool(tmux.ask("list-buffers")))  # the notice goes after two seconds, seen or not
    assert tmux.ask("show-buffer") == os.path.join(archive, "one", "ann", "a.jpg")


def test_the_window_changes_its_size(tmux: Tmux) -> None:
    tmux.wait(lambda text: "Details" in text)
    tmux.ask("resize-window", "-x", "70", "-y", "20")
    tmux.wait(lambda text: "Details" not in text and "a.jpg" in text)
    tmux.ask("resize-window", "-x", "150", "-y", "50")
    tmux.wait(lambda text: "Details" in text and "a.jpg" in text)


def test_a_tmux_that_is_killed_leaves_nobody_behind(archive: Path, tmp_path: Path) -> None:
    tmux = Tmux(tmp_path / "tmux", archive)
    tmux.ask("new-window", COMMAND, str(archive))  # without a shell: what the system says of the end, it says to us
    tmux.wait(lambda text: "a.jpg" in text)
    tmux.press("l", "l")
    tmux.wait(lambda text: "› ann › a.jpg" in text)
    program = int(tmux.flag("pane_pid"))
    family = {program} | descendants(program)
    tmux.ask("kill-server")
    deadline = time.monotonic() + PATIENCE_S
    while left := [pid for pid in family if parent_of(pid) is not None]:
        assert time.monotonic() < deadline, left
        time.sleep(0.01)
