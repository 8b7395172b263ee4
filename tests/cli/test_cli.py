"""The command line: what is said, where, and with which exit code."""

import os
import re
import signal
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from catalog_tui import __version__, choosing, cli, doctor
from catalog_tui.config import Settings
from catalog_tui.core import places
from catalog_tui.core.complaints import Complaint
from catalog_tui.core.errors import ArchiveError
from catalog_tui.core.state import State, save_state
from catalog_tui.interrupting import interruptions
from tests.cli.running import run_cli
from tests.corpus import NASTY_NAMES
from tests.waiting import PATIENCE_S


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    return folder


def test_version() -> None:
    finished = run_cli("--version")
    assert (finished.returncode, finished.stdout) == (0, f"catalog-tui {__version__}\n")


def test_help_names_every_subcommand() -> None:
    finished = run_cli("--help")
    assert finished.returncode == 0
    for command in cli.subcommands():
        assert f"\n  {command} " in finished.stdout


def test_a_missing_folder_is_one_line_and_exit_1(tmp_path: Path) -> None:
    finished = run_cli(str(tmp_path / "none"))
    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr == f"catalog-tui: there is no folder {tmp_path / 'none'}\n"


@pytest.mark.parametrize(
    "words",
    [("scan",), ("dedupe",), ("trash", "list"), ("trash", "purge", "--yes"), ("undo",), ("serve",), ("thumbs",)],
    ids=" ".join,
)
def test_every_subcommand_says_what_is_wrong_with_an_archive_in_the_same_harmless_line(
    words: tuple[str, ...], tmp_path: Path, isolated: Path
) -> None:
    (tmp_path / "file").touch()
    missing = run_cli(*words, "none\x1b[31m", cwd=tmp_path)
    said = f"catalog-tui: there is no folder {tmp_path}/none\\x1b[31m\n"
    assert (missing.returncode, missing.stdout, missing.stderr) == (1, "", said)
    of_file = run_cli(*words, "file", cwd=tmp_path)
    assert of_file.returncode == 1
    assert of_file.stderr == f"catalog-tui: {tmp_path}/file is a file, and an archive is a folder\n"
    assert not list(isolated.rglob("*.lock"))


def test_a_mistyped_subcommand_is_recognised(tmp_path: Path) -> None:
    finished = run_cli("docter", cwd=tmp_path)
    assert finished.returncode == 1
    assert finished.stderr.endswith("; did you mean the command “doctor”?\n")


def test_a_file_instead_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "x.jpg").touch()
    finished = run_cli("x.jpg", cwd=tmp_path)
    assert finished.returncode == 1
    assert finished.stderr == f"catalog-tui: {tmp_path / 'x.jpg'} is a file, and an archive is a folder\n"


def test_a_folder_without_permission(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> None:  # tests may run as root, who may read anything
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(ArchiveError, match=r"^you have no permission to read the folder "):
        choosing.check_archive(str(archive))


def test_a_loop_of_links_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    finished = run_cli("loop", cwd=tmp_path)
    assert finished.returncode == 1
    assert finished.stderr.endswith("cannot be read: Too many levels of symbolic links\n")


@pytest.mark.parametrize("name", NASTY_NAMES, ids=range(len(NASTY_NAMES)))
def test_a_nasty_name_is_said_in_one_harmless_line(name: bytes, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError) as caught:
        choosing.check_archive(str(tmp_path / "none" / os.fsdecode(name)))
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in str(caught.value))


def test_a_nasty_name_reaches_stderr_without_a_traceback(tmp_path: Path) -> None:
    finished = run_cli(os.fsdecode(b"\xff\x1b]0;x\x07"), cwd=tmp_path)
    assert finished.returncode == 1
    assert len(finished.stderr.splitlines()) == 1
    assert "\x1b" not in finished.stderr


def test_an_ascii_terminal_gets_words_not_a_traceback() -> None:
    finished = run_cli("--help", "--language", "pt_BR", environ={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (finished.returncode, finished.stderr) == (0, "")
    assert "m\\xeddia" in finished.stdout


def test_no_terminal_is_one_line_and_exit_2(archive: Path) -> None:
    finished = run_cli(str(archive))
    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr == (
        "catalog-tui: browsing needs a terminal, and input or output is none; see catalog-tui --help\n"
    )


def test_wrong_usage_is_exit_2() -> None:
    assert run_cli("--nonsense").returncode == 2
    assert run_cli("cache", "explode", "x").returncode == 2
    assert run_cli("--language", "tlh").returncode == 2


def test_without_an_archive_and_without_the_usual_one_a_newcomer_is_told_of_the_demo() -> None:
    finished = run_cli()
    assert finished.returncode == 1
    assert finished.stderr.count("\n") == 1
    assert "Archive-Downloader" in finished.stderr
    assert finished.stderr.endswith("or try the program with: catalog-tui demo\n")


def test_the_archive_opened_is_the_named_then_the_set_then_the_last_then_the_usual(isolated: Path) -> None:
    def opened(**environ: str) -> str:
        return run_cli(environ={**os.environ, **environ}).stderr

    assert str(isolated / "Archive-Downloader") in opened()
    save_state(State(last_archive="/last"))
    assert "no folder /last;" in opened()
    assert "no folder /set;" in opened(CATALOG_TUI_ARCHIVE="/set")
    assert "no folder /named\n" in run_cli("/named").stderr


def test_a_damaged_state_is_complained_of_when_it_is_asked_for_the_last_archive() -> None:
    places.state_dir().mkdir()
    (places.state_dir() / "state.json").write_text("{")
    complaints: list[Complaint] = []
    choosing.usual_archive(Settings(), complaints)
    assert ["was damaged" in complaint.text for complaint in complaints] == [True]


def test_a_folder_with_a_subcommand_s_name_is_opened_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "doctor").mkdir()
    assert run_cli("./doctor", cwd=tmp_path).returncode == 2  # no terminal: it was the folder that was to be opened
    assert run_cli("doctor", cwd=tmp_path).stdout.startswith("Terminal\n")


def test_flags_can_stand_before_a_subcommand_and_after(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--language", "pt_BR", "doctor"]) == 0
    before = capsys.readouterr().out
    assert cli.main(["doctor", "--language", "pt_BR"]) == 0
    assert capsys.readouterr().out == before
    assert "pt_BR" in before


def test_wrong_settings_are_said_on_stderr_and_stop_nothing() -> None:
    places.config_dir().mkdir(parents=True)
    (places.config_dir() / "config.toml").write_text("\nlangage = 1\n")
    finished = run_cli("cache", "stats", "/nowhere")
    assert finished.returncode == 0
    assert finished.stderr == (
        f"catalog-tui: {places.config_dir()}/config.toml:2: there is no setting “langage”; did you mean “language”?\n"
    )


def test_a_settings_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    finished = run_cli("--config", "none.toml", cwd=tmp_path)
    assert finished.returncode == 2
    assert finished.stderr == "catalog-tui: there is no settings file none.toml\n"


def test_the_demo_is_made_where_it_is_wanted_and_can_be_left_closed(tmp_path: Path) -> None:
    finished = run_cli("demo", "--no-open", "try me", cwd=tmp_path)
    assert (finished.returncode, finished.stdout) == (0, "")
    assert finished.stderr == f"catalog-tui: the demo archive is {tmp_path / 'try me'}\n"
    assert run_cli("scan", "try me", cwd=tmp_path).returncode == 0


def test_a_demo_that_cannot_be_opened_is_not_made(tmp_path: Path) -> None:
    assert run_cli("demo", "demo", cwd=tmp_path).returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_interrupted_is_exit_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(doctor, "run", interrupt)
    assert cli.main(["doctor"]) == 130


IMPATIENT = """
import sys
class Impatient:
    def find_spec(self, name, *rest):
        if name == "argparse":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Impatient())
from catalog_tui.__main__ import main
sys.exit(main())
"""


def test_interrupted_while_the_program_is_still_being_loaded_is_exit_130_too() -> None:
    done = subprocess.run([sys.executable, "-c", IMPATIENT], capture_output=True, timeout=PATIENCE_S, check=False)
    assert (done.returncode, done.stderr) == (130, b"")


def test_a_signal_that_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interruptions() as interrupted:
            os.kill(os.getpid(), signal.SIGINT)
            assert not interrupted()
            os.kill(os.getpid(), signal.SIGTERM)
            assert interrupted()
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_reader_that_stops_reading_gets_no_traceback() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "catalog_tui", "doctor"]
    finished = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, timeout=PATIENCE_S, check=False)
    os.close(writing)
    assert (finished.returncode, finished.stderr) == (141, b"")


@pytest.mark.parametrize(
    "words",
    [("scan", "--format", "json"), ("scan",), ("dedupe",), ("trash", "list"), ("cache", "stats"), ("--help",)],
    ids=" ".join,
)
@pytest.mark.parametrize(
    ("redirected", "code", "said"),
    [
        ("<&-", 0, ""),
        ("2>&-", 0, ""),
        ("<&- 2>&-", 0, ""),
        (">&-", 1, "Bad file descriptor"),
        (">/dev/full", 1, "No space left on device"),
    ],
)
def test_streams_that_are_closed_or_full_are_no_traceback(
    archive: Path, words: tuple[str, ...], redirected: str, code: int, said: str
) -> None:
    command = [sys.executable, "-m", "catalog_tui", *words, str(archive)]
    shell = ["/bin/sh", "-c", f'exec "$@" {redirected}', "sh", *command]
    done = subprocess.run(shell, capture_output=True, encoding="utf-8", timeout=PATIENCE_S, check=False)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr and said in done.stderr


ASK_WITHOUT_APP = """
import sys
from catalog_tui.cli import main
codes = [main([]), main(["/nowhere"]), main(["cache", "stats", "/nowhere"])]
heavy = {"textual", "rich.console", "PIL", "av", "msgspec", "rapidfuzz"} & set(sys.modules)
sys.exit(f"{codes} {heavy}" if codes != [1, 1, 0] or heavy else 0)
"""


def test_what_needs_no_app_imports_no_app() -> None:
    subprocess.run([sys.executable, "-c", ASK_WITHOUT_APP], check=True, capture_output=True, timeout=PATIENCE_S)


def test_every_flag_that_all_subcommands_take_is_known_before_anything_is_parsed() -> None:
    flags = set(re.findall(r"--[\w-]+", cli.make_parser("doctor").format_usage()))
    assert flags and flags == set(cli.COMMON_FLAGS)
