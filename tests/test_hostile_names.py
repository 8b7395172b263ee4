"""The corpus of nasty names through every surface of the screen.

Nothing that reaches the terminal may be more than visible text, every line must be as wide as the screen by count of
terminal cells, no name may be taken for markup, and nothing may crash.
"""

import errno
import os
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.strip import Strip

from catalog_tui.core.listing import Listing, never
from catalog_tui.core.names import display
from catalog_tui.core.places import archive_cache
from catalog_tui.core.reader import DirectReader
from catalog_tui.core.scan.events import Failed, FileError, Finished, Notice, Progress, Summary
from catalog_tui.core.scan.results import DuplicateFile, DuplicateGroup, save
from catalog_tui.screens.duplicates import DuplicatesScreen
from catalog_tui.widgets.archive_pane import ArchivePane
from catalog_tui.widgets.record_list import RecordList
from tests.corpus import MARKUP, NASTY_NAMES, NASTY_PATHS, write_corpus
from tests.screens.driving import Driver, browsing, strips_of
from tests.widgets.told_scan import tell_scan

NAMES = [os.fsdecode(name) for name in (*NASTY_NAMES, *NASTY_PATHS)]
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}  # control, format (bidi, zero width), surrogate, private, separators
SIZE = (120, 36)


def check(strips: list[Strip], width: int) -> None:
    """Fail where a line holds more than visible text, or takes other than `width` cells."""
    for strip in strips:
        assert not any(segment.control for segment in strip)
        harmful = [character for character in strip.text if unicodedata.category(character) in UNSEEN]
        assert not harmful, ascii(strip.text)
        assert cell_len(strip.text) == strip.cell_length == width, ascii(strip.text)


def check_screen(user: Driver) -> None:
    check(strips_of(user.app), user.app.size.width)


async def walk_rows(user: Driver, records: RecordList) -> list[str]:
    """Put the cursor on every row, looking at the whole screen each time; gives the rows."""
    drawn = []
    for row in range(records.rows):
        records.move_to(row)
        await user.pilot.pause()
        check_screen(user)
        drawn.append(records.render_line(row - records.scroll_offset.y).text)
    return drawn


def make_folders(top: Path, names: tuple[bytes, ...]) -> int:
    """Make a folder for each name that can be one and is not hidden; gives how many."""
    made = 0
    for name in names:
        if not name.startswith(b"."):
            os.makedirs(os.path.join(os.fsencode(top), name))
            made += 1
    return made


async def test_as_sites(tmp_path: Path) -> None:
    count = make_folders(tmp_path / "a", NASTY_NAMES)
    async with browsing(tmp_path / "a", size=SIZE) as user:
        assert user.browser.sites.records.rows == count
        await walk_rows(user, user.browser.sites.records)


async def test_as_models(tmp_path: Path) -> None:
    count = make_folders(tmp_path / "a/site", NASTY_NAMES)
    async with browsing(tmp_path / "a", size=SIZE) as user:
        await user.press("tab")
        assert user.browser.models.records.rows == count
        await walk_rows(user, user.browser.models.records)


async def test_as_media_with_their_details(tmp_path: Path) -> None:
    made = write_corpus(tmp_path / "a/site/model")
    async with browsing(tmp_path / "a", size=SIZE) as user:
        await user.walk("tab", "tab")
        media = user.browser.media.records
        assert media.rows == len([name for name in made if not name.startswith(b".")])
        drawn = await walk_rows(user, media)
        for nasty in MARKUP:
            assert any(row.startswith(f"  {display(os.fsdecode(nasty))[:6]}") for row in drawn), nasty
        for row in range(0, media.rows, 10):
            media.move_to(row)
            await user.until(lambda: "Changed" in user.text())
            check_screen(user)


@pytest.mark.parametrize("size", [(80, 24), (50, 15), (20, 5)])
async def test_on_small_screens(tmp_path: Path, size: tuple[int, int]) -> None:
    write_corpus(tmp_path / "a/site/model")
    async with browsing(tmp_path / "a", size=size) as user:
        await user.walk("tab", "tab")
        for _ in range(6):
            await user.press("pagedown")
            check_screen(user)


async def test_in_the_middle_of_a_filter_and_marked(tmp_path: Path) -> None:
    write_corpus(tmp_path / "a/site/model")
    async with browsing(tmp_path / "a", size=SIZE) as user:
        await user.walk("tab", "tab")
        await user.press("A")
        pane: ArchivePane = user.browser.media
        for typed in ("a", "[", "é", "写", "\\", "~ab", "~["):
            pane.filter_input.value = typed
            await user.pilot.pause()
            check_screen(user)


async def test_in_notifications(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_corpus(tmp_path / "a/site/model", b".sh")
    async with browsing(tmp_path / "a", size=SIZE) as user:
        await user.walk("tab", "tab")
        media = user.browser.media.records
        for row in range(media.rows):
            media.move_to(row)
            user.browser.action_media_open()
            user.browser.action_media_copy_path()
            await user.until(lambda: any("not opened" in notice for notice in user.notices()))
            await user.pilot.pause()
            check_screen(user)
            user.app.clear_notifications()


class Forbidden(DirectReader):
    """May read no model."""

    def listing(self, top: str, *, recursive: bool = True, cancelled: Callable[[], bool] = never) -> Listing:
        raise PermissionError(errno.EACCES, "Permission denied", top)


async def test_in_words_for_what_cannot_be_read(tmp_path: Path) -> None:
    make_folders(tmp_path / "a/site", NASTY_NAMES)
    async with browsing(tmp_path / "a", size=SIZE, reader=Forbidden()) as user:
        await user.press("tab")
        models, media = user.browser.models.records, user.browser.media.records
        for row in range(0, models.rows, 2):
            models.move_to(row)
            await user.until(lambda: "".join(media.words.split()).endswith("maynotbereadbyyou."))
            check_screen(user)


async def test_behind_help_palette_and_dialogs(tmp_path: Path) -> None:
    make_folders(tmp_path / "a", NASTY_NAMES[:30])
    async with browsing(tmp_path / "a", size=SIZE) as user:
        for opening in ("question_mark", "ctrl+p", "s"):
            await user.press(opening)
            check_screen(user)
            await user.press("escape")
        assert user.app.screen is user.browser


async def test_as_the_archive_itself(tmp_path: Path) -> None:
    for name in (b"\x1b]0;owned\x07", b"[bold]\xff", "evil\u202egpj.exe".encode(), b"new\nline"):
        root = os.fsdecode(os.path.join(os.fsencode(tmp_path), name))
        os.makedirs(f"{root}/site/model")
        async with browsing(root, size=(200, 30)) as user:
            check_screen(user)
            assert display(os.fsdecode(name)) in user.browser.place_line.render_line(0).text
            await user.press("G", "q")
        user.app.save()


async def test_in_the_list_of_duplicates(tmp_path: Path) -> None:
    root = tmp_path / "a"
    root.mkdir()
    groups = [
        (DuplicateGroup(number, "aa" * 16, 10, 2), [file_called(name), file_called(f"{name}/{name}")])
        for number, name in enumerate(NAMES)
    ]
    summary = Summary(str(root), "xxh128", files=9, duplicate_groups=len(groups), duplicate_files=len(groups))
    save(archive_cache(str(root)), summary, groups)
    async with browsing(root, size=SIZE) as user:
        await user.press("W")
        screen = user.app.screen
        assert isinstance(screen, DuplicatesScreen)
        await user.until(lambda: screen.files.records.rows == 2)
        await walk_rows(user, screen.groups.records)
        await user.press("l", "y", "o", *"/a", "enter")
        check_screen(user)


def file_called(name: str) -> DuplicateFile:
    return DuplicateFile(name, 1, 2, 0, 0, (f"link/{name}",))


async def test_in_the_scan_bar_and_what_a_scan_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "a"
    root.mkdir()
    scan = tell_scan(monkeypatch)
    async with browsing(root, size=SIZE) as user:
        for name in NAMES:
            if not user.browser.scan_bar.scanning:
                await user.press("D")
            scan.tell(Progress("walk", files=1, folder=f"site/{name}"))
            scan.tell(Notice(f"seen: {name}"))
            scan.tell(FileError(f"site/{name}", "Permission denied"))
            await user.until(lambda: bool(user.notices()))
            await user.pilot.pause()
            check_screen(user)
            user.app.clear_notifications()
            await user.until(lambda: not user.notices())
        for end in (Finished(Summary(str(root), "xxh128"), errors=1), Failed(f"died: {''.join(NAMES[:20])}")):
            if not user.browser.scan_bar.scanning:
                await user.press("D")
            scan.tell(FileError(f"site/{NAMES[0]}", "Permission denied"))
            scan.tell(end)
            await user.until(lambda: not user.browser.scan_bar.scanning and bool(user.notices()))
            await user.pilot.pause()
            check_screen(user)
            user.app.clear_notifications()
