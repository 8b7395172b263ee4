"""What doctor says of a terminal, and that it says it everywhere."""

import os
import subprocess
from pathlib import Path

import pytest

from catalog_tui import cli
from catalog_tui.core import places
from catalog_tui.core.words import choose_language
from catalog_tui.doctor import colours, pictures, terminal_name
from catalog_tui.graphics.answers import Answers
from catalog_tui.graphics.drawing import CellSize
from tests.cli.running import run_cli


def test_without_a_terminal_everything_is_still_said() -> None:
    finished = run_cli("doctor")
    assert (finished.returncode, finished.stderr) == (0, "")
    for heading in ("Terminal", "Pictures", "Versions", "Places", "Settings"):
        assert f"{heading}\n" in finished.stdout
    assert "unknown: input or output is no terminal" in finished.stdout
    assert f"{places.state_dir()} (not made yet)" in finished.stdout


def test_values_stand_in_one_column(capsys: pytest.CaptureFixture[str]) -> None:
    for language in ("en", "pt_BR"):
        cli.main(["doctor", "--language", language])
        rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
        widest = max(rows, key=lambda row: len(row[2:].partition("  ")[0]))
        column = len(widest) - len(widest[2:].partition("  ")[2])
        assert all(row[column - 2 : column] == "  " and row[column] != " " for row in rows)


def test_how_pictures_are_drawn_is_said_with_the_reason() -> None:
    answers = Answers(
        kitty=True, version="kitty(0.35.2)", attributes=frozenset({62}), cell=CellSize(9, 18), complete=True
    )
    rows = dict(pictures({"TERM": "xterm-kitty"}, "auto", answers))
    assert rows["drawn as"] == "kitty: kitty(0.35.2) answers that it draws kitty's pictures"
    assert (rows["sixel"], rows["a cell"]) == ("no", "9 × 18 pixels")
    assert dict(pictures({}, "sixel", answers))["drawn as"] == "sixel: the setting “preview” says so"
    assert dict(pictures({}, "auto", Answers()))["drawn as"] == "blocks: the terminal has not answered"


def test_a_terminal_s_answer_cannot_drive_the_terminal() -> None:
    answers = Answers(version="WezTerm \x9b31m\x07", complete=True)
    assert not {"\x9b", "\x07"} & set("".join(map(str, pictures({}, "auto", answers))))


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"NO_COLOR": "1", "COLORTERM": "truecolor"}, "none (NO_COLOR is set)"),
        ({"NO_COLOR": "", "COLORTERM": "truecolor"}, "16 million (COLORTERM=truecolor)"),
        ({"TERM": "xterm-256color"}, "256 (TERM=xterm-256color; if the terminal has more, set COLORTERM=truecolor)"),
        ({"TERM": "dumb"}, "none (TERM says that it is dumb)"),
        ({}, "none (TERM says that it is dumb)"),
        ({"TERM": "linux"}, "16 or so (TERM=linux)"),
    ],
)
def test_colours(environ: dict[str, str], said: str) -> None:
    assert colours(environ) == said


def test_a_terminal_s_name_with_what_is_known() -> None:
    assert terminal_name({"TERM": "xterm"}) == "xterm"
    assert terminal_name({"TERM": "xterm", "TERM_PROGRAM": "Foo", "TERM_PROGRAM_VERSION": "2"}) == "Foo 2 (xterm)"
    assert terminal_name({"TERM": "xterm", "VTE_VERSION": "7000"}) == "VTE (xterm)"
    assert terminal_name({}) == "TERM is not set"


def test_tmux_is_told_how_to_let_pictures_through() -> None:
    rows = dict(pictures({"TMUX": "/nowhere,1,0"}, "auto", Answers()))
    assert rows["tmux"] == "pictures need in ~/.tmux.conf (tmux 3.3 or newer): {}".format(
        "set -g allow-passthrough on; set -g focus-events on"
    )


def test_a_tmux_that_does_not_say_what_it_shows_is_told_of(tmp_path: Path) -> None:
    socket = str(tmp_path / "tmux")

    def ask(*words: str) -> None:
        subprocess.run(["tmux", "-f", "/dev/null", "-S", socket, *words], check=True)

    def said() -> list[str]:
        return [value for label, value in pictures({"TMUX": f"{socket},0,0"}, "auto", Answers()) if label == "tmux"]

    ask("new-session", "-d")
    try:
        ask("set-option", "-g", "allow-passthrough", "on")
        assert said()[0] == "lets pictures through"
        assert said()[1].endswith("have in ~/.tmux.conf: set -g focus-events on")
        ask("set-option", "-s", "focus-events", "on")
        assert said() == ["lets pictures through"]
    finally:
        ask("kill-server")


def test_an_escape_in_the_environment_stays_out_of_the_terminal() -> None:
    hostile = {**os.environ, "TERM": "x\x1b]0;x\x07", "TERM_PROGRAM": "\x1b[31m", "COLORTERM": ""}
    assert "\x1b" not in run_cli("doctor", environ=hostile).stdout


def test_complaints_about_settings_and_keys_are_listed() -> None:
    places.config_dir().mkdir(parents=True)
    (places.config_dir() / "config.toml").write_text('theem = "x"\n[keys]\n"list.dwn" = "j"\n')
    said = run_cli("doctor").stdout
    assert "config.toml:1: there is no setting “theem”; did you mean “theme”?" in said
    assert "config.toml:3: there is no command “list.dwn”; did you mean “list.down”?" in said


def test_a_damaged_state_is_listed() -> None:
    places.state_dir().mkdir()
    (places.state_dir() / "state.json").write_text("{")
    assert "state.json: was damaged" in run_cli("doctor").stdout


def test_a_folder_that_cannot_be_used_is_said() -> None:
    places.cache_dir().write_text("a file in the way")
    said = run_cli("doctor").stdout
    assert f"{places.cache_dir()} (is a file, not a folder)" in said


def test_portuguese() -> None:
    choose_language("pt_BR")
    assert colours({"NO_COLOR": "1"}) == "nenhuma (NO_COLOR está definida)"
