"""Names are hostile: none of them may drive the terminal it is shown on, and every path is copied exactly."""

import base64
import csv
import io
import os
import re
import subprocess
import unicodedata
from pathlib import Path

import pytest

from tests.corpus import TERMINAL, write_corpus
from tests.terminal.conftest import Start
from tests.terminal.harness import Terminal
from tests.test_hostile_names import UNSEEN
from tests.trees import make_archive

# ECMA-48: control sequences (private sign, parameters, final byte), control strings (OSC, DCS, APC, PM, SOS) with their
# number, other escapes; and what else is no text: C0, DEL, and C1 in UTF-8.
CONTROL = re.compile(
    rb"\x1b\[(?P<private>[<=>?]?)[0-9;:]*(?P<between>[ -/]*)(?P<final>[@-~])"
    rb"|\x1b(?P<string>[\]PX^_][0-9]*)[^\x07\x1b]*(?:\x07|\x1b\\)"
    rb"|\x1b(?P<escape>.)|(?P<c0>[\x00-\x1f\x7f])|(?P<c1>\xc2[\x80-\x9f])",
    re.DOTALL,
)
COPIED = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


def vocabulary(output: bytes) -> set[tuple[bytes, ...]]:
    """Which kinds of control sequences a program used, whatever their figures."""
    return {tuple(part or b"" for part in found) for found in CONTROL.findall(output)}


def walk_everywhere(terminal: Terminal, last: str) -> None:
    """To the file pane, through all of it, with marks, a range, a filter, a sort dialog, details and help, and out."""
    terminal.press("ll")
    terminal.wait_for("Modified")
    terminal.press("G")
    terminal.wait_for(last)
    terminal.press(" A")
    terminal.wait_for("marked")
    terminal.press("g/jpg\r")
    terminal.wait_for("jpg")
    terminal.press("s")
    terminal.wait_for("Sort by")
    terminal.press("\x1b")
    terminal.wait_without("Sort by")
    terminal.press("y")
    terminal.wait(lambda: COPIED.search(terminal.output), "the copied path")
    terminal.press("?")
    terminal.wait_for("Keys here")
    terminal.press("\x1b")
    terminal.wait_without("Keys here")
    terminal.press("q")
    assert terminal.wait_end() == 0
    terminal.assert_restored()


def test_no_name_reaches_the_terminal_as_a_control_sequence(tmp_path: Path, start: Start) -> None:
    """The same walk among tame names uses every kind of sequence that the one among nasty names may use."""
    nasty = tmp_path / os.fsdecode(b"\x1b]0;owned\x07root")
    for folder in (b"\x1b]52;c;ZWNobyBoaQ==\x07", b"plain"):
        made = write_corpus(nasty / os.fsdecode(folder) / os.fsdecode(b"\x1b[2J\x1b[Hmodel"))
    tame = make_archive(tmp_path / "tame", {f"site/model/{number:03}.jpg": 1 for number in range(len(made))})

    used = []
    for archive, last in ((tame, f"{len(made) - 1:03}.jpg"), (nasty, ".jpg")):
        terminal = start(archive, columns=200, lines=60)
        terminal.wait_for(".jpg")
        walk_everywhere(terminal, last)
        used.append(vocabulary(terminal.output))
    assert used[1] <= used[0]
    assert not [name for name in TERMINAL if name.startswith(b"\x1b") and name in terminal.output]


@pytest.mark.parametrize("output", ["csv", "null", "json"])
def test_a_scan_writes_to_a_terminal_no_name_that_could_drive_it(tmp_path: Path, start: Start, output: str) -> None:
    for model in ("one", "two"):
        made = write_corpus(tmp_path / "archive/site" / model)
    terminal = start("scan", tmp_path / "archive", "--all", "--format", output, "--progress", "none")
    assert terminal.wait_end() == 0
    text = terminal.output.decode()
    between = "\0" if output == "null" else "\r\n"
    assert {character for character in text if unicodedata.category(character) in UNSEEN} <= set(between)
    if output == "csv":
        rows = csv.DictReader(io.StringIO(text))
        names = {base64.b64decode(row["path_b64"]) or row["path"].encode() for row in rows}
        assert names == {b"site/%s/%s" % (model, name) for model in (b"one", b"two") for name in made}


@pytest.mark.parametrize(
    "name", [b"plain.jpg", b"two  words.jpg", "日本語 ß.jpg".encode(), b"\xff\x1b]0;x\x07'\\\n$(reboot).jpg"]
)
def test_a_copied_path_is_the_very_path(tmp_path: Path, start: Start, name: bytes) -> None:
    archive = make_archive(tmp_path / "archive", {f"site/model/{os.fsdecode(name)}": 10})
    terminal = start(archive)
    terminal.wait_for(".jpg")
    terminal.press("ll")
    terminal.wait_for("Modified")
    terminal.press("y")
    terminal.wait(lambda: COPIED.search(terminal.output), "the copied path")
    (copied,) = COPIED.findall(terminal.output)
    text = base64.b64decode(copied)
    path = os.fsencode(archive) + b"/site/model/" + name
    if text != path:  # quoted for a shell: there it must be one word, and the right one
        text = subprocess.run(["bash", "-c", b"printf %s " + text], capture_output=True, check=True).stdout
    assert text == path


def test_a_path_a_thousand_folders_deep(tmp_path: Path, start: Start) -> None:
    """9,000 characters: more than any call to the system takes as one path."""
    archive = make_archive(tmp_path / "archive", {"site/deep/top.jpg": 1, "site/flat/a.jpg": 1})
    folder = os.open(archive / "site" / "deep", os.O_RDONLY)
    for _ in range(1000):
        os.mkdir("deeper-8", dir_fd=folder)
        folder, above = os.open("deeper-8", os.O_RDONLY, dir_fd=folder), folder
        os.close(above)
    os.close(os.open("bottom.jpg", os.O_CREAT | os.O_WRONLY, dir_fd=folder))
    os.close(folder)
    try:
        terminal = start(archive)
        terminal.wait_for("top.jpg")
        terminal.press("llG")
        terminal.wait_at("site", "deep", "top.jpg")
        terminal.press("hj")
        terminal.wait_at("site", "flat")
        terminal.wait_for("a.jpg")
        terminal.press("q")
        assert terminal.wait_end() == 0
        terminal.assert_restored()
    finally:
        subprocess.run(["rm", "-rf", archive], check=True)  # shutil's own way down is as deep as Python may recurse


def test_links_are_shown_as_such_and_lead_nowhere(tmp_path: Path, start: Start) -> None:
    outside = make_archive(tmp_path / "outside", {"far/away/secret.jpg": 1})
    archive = make_archive(tmp_path / "archive", {"site/model/a.jpg": 1})
    (archive / "site" / "model" / "loop").symlink_to(".")
    (archive / "site" / "model" / "out.jpg").symlink_to(outside / "far" / "away" / "secret.jpg")
    (archive / "site" / "around").symlink_to(archive / "site")
    terminal = start(archive)
    terminal.wait_for("around", "model")
    terminal.press("l")
    terminal.wait_at("site", "around")
    terminal.press("j")
    terminal.wait_at("site", "model")
    terminal.press("l")
    terminal.wait_for("a.jpg", "loop", "out.jpg")
    assert not terminal.shows("secret.jpg")
    terminal.press("G")
    terminal.wait_at("site", "model", "out.jpg")
    terminal.wait_for("Link to")
    assert sum("⇢" in line for line in terminal.lines) >= 2
