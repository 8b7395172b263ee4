"""What is handed to the system's program, and what never is."""

import os
import sys
from pathlib import Path

import pytest

from catalog_tui.core.opening import NotOpenedError, open_with_system

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
MP4 = b"\x00\x00\x00\x18ftypisom" + bytes(40)
ZIP = b"PK\x03\x04" + bytes(40)
HTML = b"<!DOCTYPE html><script>"

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="xdg-open is Linux's")


@pytest.fixture
def given_to_viewer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A desktop with a program; gives the list of what was started."""
    monkeypatch.setenv("DISPLAY", ":0")
    program = tmp_path / "bin/xdg-open"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    started: list[list[str]] = []

    class Started:
        def __init__(self, command: list[str], **_options: object) -> None:
            started.append(command)

        def wait(self) -> int:
            return 0

    monkeypatch.setattr("catalog_tui.core.opening.subprocess.Popen", Started)
    return started


def written(folder: Path, name: str, content: bytes) -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)


@linux_only
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.png", PNG),
        ("x.jpg", PNG),  # mislabelled, but still a picture
        ("X.PNG", PNG),
        ("picture", PNG),
        ("clip.mp4", MP4),
        ("song.mp3", b"ID3" + bytes(40)),
        ("notes.txt", b"just words"),
        ("comic.cbz", ZIP),
        ("unknown content.jpg", b"?" * 40),
        ("empty.jpg", b""),
        ("-rf.png", PNG),
        ("\x1b[31m $(reboot).png", PNG),
    ],
)
def test_what_is_only_looked_at_is_opened(
    tmp_path: Path, given_to_viewer: list[list[str]], name: str, content: bytes
) -> None:
    path = written(tmp_path, name, content)
    open_with_system(path)
    assert given_to_viewer == [["xdg-open", path]]


@linux_only
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.desktop", b"[Desktop Entry]"),
        ("x.url", b"[InternetShortcut]"),
        ("x.webloc", b"<?xml?>"),
        ("x.html", HTML),
        ("x.HTML", HTML),
        ("x.xhtml", HTML),
        ("x.svg", b"<svg/>"),
        ("x.lnk", b"L\0\0\0"),
        ("x.sh", b"#!/bin/sh"),
        ("x.py", b"print()"),
        ("x.exe", b"MZ"),
        ("x.jar", ZIP),
        ("x.docm", ZIP),
        ("x.pdf", b"%PDF-1.7"),
        ("page.jpg", HTML),
        ("page.txt", HTML),
        ("archive.jpg", ZIP),
        ("document.jpg", b"%PDF-1.7"),
        ("script", b"#!/bin/sh"),
        ("nothing", b""),
        ("x.jpg.desktop", PNG),
        ("x.jpg.", PNG),
        (".png", PNG[:0]),
    ],
)
def test_what_may_do_more_is_not(tmp_path: Path, given_to_viewer: list[list[str]], name: str, content: bytes) -> None:
    with pytest.raises(NotOpenedError, match="is not opened"):
        open_with_system(written(tmp_path, name, content))
    assert given_to_viewer == []


@linux_only
def test_the_reason_names_the_file_harmlessly(tmp_path: Path, given_to_viewer: list[list[str]]) -> None:
    with pytest.raises(NotOpenedError) as told:
        open_with_system(written(tmp_path, "\x1b[31m.sh", b"#!"))
    assert str(told.value).startswith("\\x1b[31m.sh ")


@linux_only
def test_a_link_is_judged_by_what_it_leads_to(tmp_path: Path, given_to_viewer: list[list[str]]) -> None:
    written(tmp_path, "page.html", HTML)
    (tmp_path / "x.jpg").symlink_to("page.html")
    (tmp_path / "dead.jpg").symlink_to("nowhere")
    for name, reason in (("x.jpg", "is not opened"), ("dead.jpg", "No such file")):
        with pytest.raises(NotOpenedError, match=reason):
            open_with_system(str(tmp_path / name))
    assert given_to_viewer == []


@linux_only
def test_a_pipe_hangs_nothing(tmp_path: Path, given_to_viewer: list[list[str]]) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(NotOpenedError):
        open_with_system(str(tmp_path / "pipe.jpg"))
    assert given_to_viewer == []


@linux_only
def test_a_folder_or_what_is_gone_is_said(tmp_path: Path, given_to_viewer: list[list[str]]) -> None:
    (tmp_path / "x.jpg").mkdir()
    for name in ("x.jpg", "gone.jpg"):
        with pytest.raises(NotOpenedError, match="cannot be opened"):
            open_with_system(str(tmp_path / name))


@linux_only
def test_a_missing_program_is_named_with_its_package(
    tmp_path: Path, given_to_viewer: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotOpenedError, match="xdg-open is missing: it comes with the package xdg-utils"):
        open_with_system(written(tmp_path, "x.png", PNG))
