"""Opening a file with the system's program, and copying its path."""

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.screens.driving import Driver, browsing
from tests.trees import make_archive

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
HTML = b"<!DOCTYPE html><script>alert(1)</script>"

REFUSED = {
    "shortcut.desktop": b"[Desktop Entry]\nExec=reboot\n",
    "page.url": b"[InternetShortcut]\nURL=http://localhost\n",
    "page.html": HTML,
    "drawing.svg": b"<svg onload='alert(1)'/>",
    "picture.jpg": HTML,
    "script.sh": b"#!/bin/sh\nreboot\n",
    "script": b"#!/bin/sh\nreboot\n",
    "program.exe": b"MZ" + bytes(60),
}


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desktop whose xdg-open writes down what it was given; gives the file where."""
    told = tmp_path / "opened"
    program = tmp_path / "bin" / "xdg-open"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nprintf "%s" "$1" > {shlex.quote(str(told))}.new\nmv {told}.new {told}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":77")
    return told


async def at_file(user: Driver, name: str) -> None:
    """Put the cursor on a file of the only model."""
    await user.walk("tab", "tab")
    names = user.names(user.browser.media)
    user.browser.media.records.move_to(names.index(name))
    await user.pilot.pause()
    assert user.at(user.browser.media) == name


@pytest.mark.parametrize("name", REFUSED)
async def test_what_may_do_more_than_be_looked_at_is_not_opened(tmp_path: Path, opened: Path, name: str) -> None:
    root = make_archive(tmp_path / "a", {f"site/model/{name}": REFUSED[name]})
    async with browsing(root) as user:
        await at_file(user, name)
        await user.press("o")
        await user.until(lambda: any(name in notice and "not opened" in notice for notice in user.notices()))
    assert not opened.exists()


@pytest.mark.parametrize("key", ["o", "enter", "l"])
async def test_a_picture_is_handed_to_the_systems_program(tmp_path: Path, opened: Path, key: str) -> None:
    name = "it's $(odd) \x1b[31m.png"
    root = make_archive(tmp_path / "a", {f"site/model/{name}": PNG})
    async with browsing(root) as user:
        await at_file(user, name)
        await user.press(key)
        await user.until(opened.exists)
        assert opened.read_text() == str(root / "site/model" / name)
        assert user.notices() == []


async def test_a_site_is_not_opened(known: Path, opened: Path) -> None:
    async with browsing(known) as user:
        await user.press("o")
        await user.until(lambda: user.notices() == ["Choose a file first."])
    assert not opened.exists()


async def test_without_a_desktop_it_is_said_what_to_do_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    root = make_archive(tmp_path / "a", {"site/model/x.png": PNG})
    async with browsing(root) as user:
        await at_file(user, "x.png")
        await user.press("o")
        await user.until(lambda: any("y copies the path" in notice for notice in user.notices()))


async def test_y_copies_the_path_of_what_the_cursor_is_on(known: Path) -> None:
    async with browsing(known) as user:
        await user.press("y")
        assert user.app.clipboard == str(known / "artsite")
        await user.walk("tab", "j")
        await user.press("y")
        assert user.app.clipboard == f"'{known / 'artsite/Ana Vale'}'"
        await user.walk("j", "tab", "j")
        await user.press("y")
        assert user.app.clipboard == str(known / "artsite/bruno/two.png")
        assert "Path copied." in user.notices()


@pytest.mark.parametrize(
    "name", ["it's.png", "$(reboot).png", "a b.png", "\x1b]0;x\x07.png", "new\nline.png", os.fsdecode(b"\xff.png")]
)
async def test_a_copied_path_pastes_as_one_word_into_a_shell(tmp_path: Path, name: str) -> None:
    root = make_archive(tmp_path / "a", {f"site/model/{name}": PNG})
    async with browsing(root) as user:
        await at_file(user, name)
        await user.press("y")
        copied = user.app.clipboard
    assert copied.isprintable()
    said = subprocess.run(["bash", "-c", f"printf %s {copied}"], capture_output=True, check=True).stdout
    assert said == os.fsencode(root / "site/model" / name)
