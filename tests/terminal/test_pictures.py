"""Pictures in terminals that say what they can: what is sent there is the picture, and nothing of it stays behind."""

import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bench.terminal import ANSWERS
from catalog_tui.graphics.answers import KITTY_QUERY
from catalog_tui.graphics.kitty import PLACEHOLDER
from tests.graphics.decoding import image_of_iterm, image_of_sixel, kitty_commands
from tests.terminal.harness import COMMAND, Terminal, window_environ

COLOURS = {"a.png": (200, 30, 40), "b.png": (20, 160, 60), "c.png": (40, 50, 210)}
TRUE_COLOUR = {"COLORTERM": "truecolor"}
CELL = {b"\x1b[16t": b"\x1b[6;20;10t"}
KITTY = {
    KITTY_QUERY.encode(): b"\x1b_Gi=31;OK\x1b\\",
    b"\x1b[>q": b"\x1bP>|kitty(0.35.2)\x1b\\",
    **CELL,
    b"\x1b[c": b"\x1b[?62;c",
}
SIXEL = {**CELL, b"\x1b[c": b"\x1b[?62;4c"}
ITERM = {b"\x1b[>q": b"\x1bP>|iTerm2 3.5.0\x1b\\", **CELL, b"\x1b[c": b"\x1b[?62;4c"}
LEFT_SCREEN = "\x1b[?1049l"
OVER = re.compile("\x1b\\[\\?2026h\x1b7\x1b\\[([0-9]+);([0-9]+)H(.*?)\x1b8\x1b\\[\\?2026l", re.DOTALL)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """One model with three pictures, each of one colour."""
    folder = tmp_path / "archive" / "one" / "ann"
    folder.mkdir(parents=True)
    for name, colour in COLOURS.items():
        Image.new("RGB", (400, 300), colour).save(folder / name)
    return tmp_path / "archive"


class Viewer(Terminal):
    """The app on these pictures, in a terminal that answers so."""

    def __init__(self, archive: Path, answers: Mapping[bytes, bytes], *words: str, **environ: str) -> None:
        super().__init__([COMMAND, str(archive), *words], environ={**TRUE_COLOUR, **environ}, answers=answers)
        self.wait_for("a.png")
        self.press("ll")
        self.wait_at("one", "ann", "a.png")

    @property
    def written(self) -> str:
        return self.output.decode("utf-8", "replace")

    def leave(self) -> str:
        """Quit; gives all that was written."""
        self.press("q")
        assert self.wait_end() == 0
        self.assert_restored()
        return self.written


def near(image: Image.Image, colour: tuple[int, int, int], by: int = 10) -> bool:
    """Whether the whole image is of this colour."""
    bands = [image.tobytes()[band::3] for band in range(3)]
    return all(part - by <= min(band) and max(band) <= part + by for band, part in zip(bands, colour, strict=True))


def has_blocks(output: bytes, colour: tuple[int, int, int]) -> bool:
    """Whether cells of about this colour were written."""
    cells = re.findall(rb"48;2;([0-9]+);([0-9]+);([0-9]+)m", output)
    return any(all(abs(int(part) - wanted) <= 10 for part, wanted in zip(cell, colour, strict=True)) for cell in cells)


def sent_colours(text: str) -> list[str]:
    """Which pictures kitty was sent."""
    names = []
    for control, data in kitty_commands(text):
        if control["a"] == "T":
            with Image.open(BytesIO(data)) as image:
                names += [name for name, colour in COLOURS.items() if near(image.convert("RGB"), colour)]
    return names


def test_kitty_is_sent_each_picture_once_and_forgets_all_at_the_end(pictures: Path) -> None:
    with Viewer(pictures, KITTY) as terminal:
        terminal.wait(lambda: "a.png" in sent_colours(terminal.written) and PLACEHOLDER in terminal.text, "the picture")
        terminal.press("j")
        terminal.wait_at("one", "ann", "b.png")
        terminal.wait(lambda: "b.png" in sent_colours(terminal.written), "the next picture")
        terminal.press("k")
        terminal.wait_at("one", "ann", "a.png")
        terminal.wait(lambda: PLACEHOLDER in terminal.text, "the first picture again")
        text = terminal.leave()
    sent = sent_colours(text)
    assert sorted(set(sent)) == sorted(sent)  # going back sends nothing again
    commands = kitty_commands(text[: text.index(LEFT_SCREEN)])
    shown = {command.control["i"] for command in commands if command.control["a"] == "T"}
    gone = {command.control["i"] for command in commands if command.control["a"] == "d"}
    assert shown <= gone


def test_answers_that_come_late_change_the_pictures_and_press_no_keys(pictures: Path) -> None:
    with Viewer(pictures, {}) as terminal:
        terminal.wait(lambda: has_blocks(terminal.output, COLOURS["a.png"]), "blocks")
        for answer in KITTY.values():
            for byte in answer:  # as slowly as can be
                terminal.write(bytes([byte]))
        terminal.wait(lambda: "a.png" in sent_colours(terminal.written), "kitty's picture")
        terminal.wait_at("one", "ann", "a.png")
        assert "Sort by" not in terminal.text
        terminal.press("j")
        terminal.wait_at("one", "ann", "b.png")
        terminal.leave()


def test_who_leaves_at_once_leaves_no_answers_to_the_shell(pictures: Path) -> None:
    with Terminal([COMMAND, str(pictures)], answers={}) as terminal:
        terminal.wait(lambda: KITTY_QUERY.encode() in terminal.output, "the question")
        terminal.press("q")
        for answer in KITTY.values():
            terminal.write(answer)
        assert terminal.wait_end() == 0
        terminal.assert_restored()


def overlays(text: str) -> list[tuple[int, int, str]]:
    """What was written over cells: row, column, sequence; each in one synchronized write."""
    return [(int(row), int(column), body) for row, column, body in OVER.findall(text)]


@pytest.mark.parametrize("answers", [SIXEL, ITERM], ids=["sixel", "iterm"])
def test_a_picture_over_the_cells_is_the_right_one_in_its_place(pictures: Path, answers: Mapping[bytes, bytes]) -> None:
    def shown() -> list[Image.Image]:
        bodies = [body for _row, _column, body in overlays(terminal.written)]
        return [image_of_sixel(body) if answers is SIXEL else image_of_iterm(body)[1] for body in bodies]

    with Viewer(pictures, answers) as terminal:
        terminal.wait(lambda: shown() and near(shown()[-1], COLOURS["a.png"]), "the picture")
        row, column, _body = overlays(terminal.written)[-1]
        assert (row, column) > (2, 88)
        terminal.press("j")
        terminal.wait(lambda: near(shown()[-1], COLOURS["b.png"]), "the next picture")
        terminal.press("?")
        terminal.wait_for("Keys here")
        before = len(shown())
        terminal.press("j")
        terminal.press("\x1b")
        terminal.wait_without("Keys here")
        terminal.wait(lambda: len(shown()) > before, "the picture after the help")
        terminal.press("B")
        terminal.wait_for("Pictures are hidden.")
        before = len(shown())
        terminal.press("j")
        terminal.wait_at("one", "ann", "c.png")
        assert len(shown()) == before
        terminal.leave()


def test_the_setting_is_believed_where_nothing_is_answered(pictures: Path) -> None:
    with Viewer(pictures, ANSWERS, "--preview", "sixel") as terminal:
        terminal.wait(lambda: overlays(terminal.written), "the picture")
        terminal.leave()


def test_over_ssh_a_first_picture_comes_in_few_bytes(pictures: Path) -> None:
    with Viewer(pictures, KITTY, SSH_CONNECTION="::1 1 ::1 2") as terminal:
        terminal.wait(lambda: "a.png" in sent_colours(terminal.written), "the picture")
        assert has_blocks(terminal.output[: terminal.output.index(b"a=T")], COLOURS["a.png"])
        terminal.leave()


# In tmux


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Asks a tmux server of the test's own."""

    def ask(*words: str) -> str:
        command = ["tmux", "-f", "/dev/null", "-S", str(tmp_path / "tmux"), *words]
        return subprocess.run(command, capture_output=True, check=True, encoding="utf-8", env=window_environ({})).stdout

    yield ask
    ask("kill-server")


IN_XTERM = {"TERM": "xterm-256color"}
DISTANT = "SSH_CONNECTION=::1 1 ::1 2"
"""Over SSH no picture is sent before it is to be seen."""


def attach(archive: Path) -> list[str]:
    """The command that shows the test's tmux in a terminal."""
    return ["tmux", "-f", "/dev/null", "-S", str(archive.with_name("tmux")), "attach"]


class Tmux(Terminal):
    """The app on these pictures in tmux, in a terminal that answers as kitty does, or at first does not."""

    def __init__(
        self, archive: Path, ask: Callable[..., str], *environ: str, answers: Mapping[bytes, bytes] = KITTY
    ) -> None:
        environ = tuple(word for variable in ("COLORTERM=truecolor", *environ) for word in ("-e", variable))
        ask("new-session", "-d", "-x", "120", "-y", "36", *environ, "sh")
        ask("set-option", "-g", "allow-passthrough", "on")
        self.tmux = ask
        super().__init__(attach(archive), environ=IN_XTERM, answers=answers)
        self.wait(lambda: "kitty" in ask("list-clients", "-F", "#{client_termtype}"), "tmux's word on the terminal")
        ask("send-keys", f"{COMMAND} {archive}", "Enter")
        self.wait_for("a.png")
        ask("send-keys", "l", "l")
        self.wait_for("› one › ann › a.png")

    @property
    def written(self) -> str:
        return self.output.decode("utf-8", "replace")

    def cells(self) -> set[str]:
        """The colours of the placeholders in the app's window, shown or not: each is a picture."""
        text = self.tmux("capture-pane", "-e", "-p", "-t", ":0")
        return set(re.findall(f"\x1b\\[38;2;([0-9;]*)m(?:\x1b\\[[0-9;]*m)*{PLACEHOLDER}", text))

    def see_next_unseen(self) -> None:
        """Go to the next file while the app's window is not shown, until its picture stands there."""
        self.wait(self.cells, "the cells of the picture that was seen")
        before = self.cells()
        self.tmux("send-keys", "-t", ":0", "j")
        self.wait(lambda: self.cells() - before, "another picture in the window that is not shown")
        self.catch_up()
        assert set(sent_colours(self.written)) == {"a.png"}


def test_in_tmux_kitty_s_pictures_are_passed_through(pictures: Path, tmux: Callable[..., str]) -> None:
    with Tmux(pictures, tmux) as terminal:
        terminal.wait(lambda: "a.png" in sent_colours(terminal.written), "the picture outside of tmux")
        terminal.wait(lambda: PLACEHOLDER in terminal.text, "its cells")
        tmux("send-keys", "q")
        terminal.wait(lambda: '"a=d' in terminal.text or b"\x1b_Ga=d" in terminal.output, "that it is forgotten")


class FirstDropped(dict[bytes, bytes]):
    """Answers, but none to kitty's question when it is asked for the first time."""

    dropped = False

    def __getitem__(self, question: bytes) -> bytes:
        if question == KITTY_QUERY.encode() and not self.dropped:
            self.dropped = True
            return b""
        return super().__getitem__(question)


def test_a_question_that_tmux_has_dropped_is_asked_again(pictures: Path, tmux: Callable[..., str]) -> None:
    with Tmux(pictures, tmux, answers=FirstDropped(KITTY)) as terminal:
        terminal.wait(lambda: "a.png" in sent_colours(terminal.written), "the picture outside of tmux")


def test_who_comes_back_to_our_window_of_tmux_sees_what_came_meanwhile(
    pictures: Path, tmux: Callable[..., str]
) -> None:
    with Tmux(pictures, tmux, DISTANT) as terminal:
        tmux("set-option", "-s", "focus-events", "on")
        terminal.wait(lambda: "a.png" in sent_colours(terminal.written), "the picture")
        tmux("new-window", "sh")
        terminal.see_next_unseen()
        tmux("select-window", "-t", ":0")
        terminal.wait(lambda: "b.png" in sent_colours(terminal.written), "the picture that was dropped")
        terminal.wait(lambda: PLACEHOLDER in terminal.text, "its cells")


def test_a_key_sends_pictures_again_where_tmux_does_not_say_which_window_it_shows(
    pictures: Path, tmux: Callable[..., str]
) -> None:
    with Tmux(pictures, tmux, DISTANT) as terminal:
        terminal.wait(lambda: "a.png" in sent_colours(terminal.written), "the picture")
        tmux("new-window", "sh")
        terminal.see_next_unseen()
        tmux("select-window", "-t", ":0")
        tmux("send-keys", "C-l")
        terminal.wait(lambda: "b.png" in sent_colours(terminal.written), "the picture that was dropped")


def test_another_terminal_that_is_attached_is_sent_what_is_to_be_seen(pictures: Path, tmux: Callable[..., str]) -> None:
    with Tmux(pictures, tmux) as terminal:
        terminal.wait(lambda: "a.png" in sent_colours(terminal.written), "the picture")
        tmux("detach-client")
        assert terminal.wait_end() == 0
    with Terminal(attach(pictures), environ=IN_XTERM, answers=KITTY) as other:
        other.wait(lambda: "a.png" in sent_colours(other.output.decode("utf-8", "replace")), "the picture")
        other.wait(lambda: PLACEHOLDER in other.text, "its cells")
        tmux("detach-client")
        assert other.wait_end() == 0
    with Terminal(attach(pictures), environ=IN_XTERM, answers=CELL) as poor:
        as_seen = ("capture-pane", "-e", "-p")
        poor.wait(lambda: has_blocks(tmux(*as_seen).encode(), COLOURS["a.png"]), "the picture in blocks")
        poor.wait(lambda: PLACEHOLDER not in poor.text, "a screen without letters that this terminal does not know")
