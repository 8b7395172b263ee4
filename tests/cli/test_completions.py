"""Completions, asked of the shells themselves: bash always, zsh and fish where they are installed."""

import shutil
import subprocess
from pathlib import Path

import pytest

from catalog_tui import cli
from tests.cli.running import run_cli
from tests.waiting import PATIENCE_S

ASK_BASH = """
source "$1"
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_catalog_tui
printf '%s\\n' "${COMPREPLY[@]}"
"""
ASK_FISH = "source $argv[1]; complete -C $argv[2]"
INSTALLED = [shell for shell in ("bash", "zsh", "fish") if shutil.which(shell)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the completing user is."""
    for name in ("my archive", "scans", "other"):
        (tmp_path / "here" / name).mkdir(parents=True)
    (tmp_path / "here" / "settings.toml").touch()
    return tmp_path / "here"


def script_for(shell: str, tmp_path: Path) -> Path:
    finished = run_cli("completions", shell)
    assert (finished.returncode, finished.stderr) == (0, "")
    file = tmp_path / f"completions.{shell}"
    file.write_text(finished.stdout)
    return file


def offered(shell: str, line: list[str], folder: Path) -> set[str]:
    """What the shell offers for the last word of `line`."""
    script = str(script_for(shell, folder.parent))
    if shell == "bash":
        command = ["bash", "--norc", "-c", ASK_BASH, "bash", script, "catalog-tui", *line]
    else:
        command = ["fish", "--no-config", "-c", ASK_FISH, script, " ".join(["catalog-tui", *line])]
    finished = subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", check=True, timeout=PATIENCE_S
    )
    return {said.partition("\t")[0].rstrip("/") for said in finished.stdout.splitlines() if said}


@pytest.mark.parametrize("shell", INSTALLED)
def test_the_shell_accepts_the_script(shell: str, tmp_path: Path) -> None:
    subprocess.run([shell, "-n", script_for(shell, tmp_path)], check=True, capture_output=True, timeout=PATIENCE_S)


@pytest.mark.parametrize("shell", [shell for shell in INSTALLED if shell != "zsh"])  # zsh completes on a terminal only
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (["sc"], {"scan", "scans"}),
        ([""], {*cli.subcommands(), "my archive", "scans", "other"}),
        (["my"], {"my archive"}),
        (["--langu"], {"--language"}),
        (["--language", "p"], {"pt_BR"}),
        (["--config", "se"], {"settings.toml"}),
        (["scan", "o"], {"other"}),
        (["scan", "--forma"], {"--format"}),
        (["scan", "--format", "j"], {"json"}),
        (["--language", "pt_BR", "scan", "--excl"], {"--exclude"}),
        (["cache", "st"], {"stats"}),
        (["completions", "f"], {"fish"}),
        (["doctor", "x"], set()),
    ],
)
def test_what_is_offered(shell: str, line: list[str], expected: set[str], folder: Path) -> None:
    assert offered(shell, line, folder) == expected


ZSH_TERMINAL = """
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1=; fpath=($1 \\$fpath); autoload -Uz compinit; compinit -u -D; cd $2; print re''ady"
zpty -r shell said '*ready*'
zpty -w -n shell $'catalog-tui scan --form\\t'
zpty -r shell said '*--format*'
print -r -- "$said"
"""


if "zsh" in INSTALLED:

    def test_zsh_completes_on_its_terminal(folder: Path) -> None:
        functions = folder.parent / "functions"
        functions.mkdir()
        script_for("zsh", folder.parent).rename(functions / "_catalog-tui")
        command = ["zsh", "-f", "-c", ZSH_TERMINAL, "zsh", str(functions), str(folder)]
        finished = subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="replace", check=True, timeout=PATIENCE_S
        )
        assert "--format" in finished.stdout
