"""What is on screen follows the disk: new downloads, removed folders, reloads; words where there is nothing to show."""

import errno
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events

from catalog_tui.core.layout import Folders
from catalog_tui.core.listing import Listing, never
from catalog_tui.core.reader import DirectReader
from tests.screens.driving import Driver, browsing, make_known_archive
from tests.trees import make_archive


async def test_a_new_download_appears_by_itself_and_the_cursor_stays(known: Path) -> None:
    async with browsing(known) as user:
        await user.walk("tab", "j", "tab", "j", "j")
        assert user.at(user.browser.media) == "img10.jpg"
        (known / "artsite/Ana Vale/img1.jpg").write_bytes(b"x")
        await user.until(lambda: "img1.jpg" in user.names(user.browser.media))
        assert user.at(user.browser.media) == "img10.jpg"


async def look_again(user: Driver) -> None:
    """What a terminal tells when somebody turns away from it and back."""
    user.app.post_message(events.AppBlur())
    await user.until(lambda: not user.app.app_focus)
    user.app.post_message(events.AppFocus())
    await user.until(lambda: user.app.app_focus)


async def test_whoever_comes_back_to_the_terminal_sees_what_is_there_now(known: Path) -> None:
    async with browsing(known) as user:
        await user.press("tab")
        make_archive(known, {"artsite/zoe/x.jpg": 1})
        await look_again(user)
        await user.until(lambda: "zoe" in user.names(user.browser.models))
        assert user.focused == "models"


async def test_nothing_is_looked_at_while_nobody_looks(known: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_tui.screens.browse.LOOK_AGAIN_S", 0.02)
    asked = threading.Event()

    class Watched(DirectReader):
        def folders(
            self, top: str, *, levels: int = 1, loose: bool = False, cancelled: Callable[[], bool] = never
        ) -> Folders:
            asked.set()
            return super().folders(top, levels=levels, loose=loose, cancelled=cancelled)

    async with browsing(known, reader=Watched()) as user:
        user.app.post_message(events.AppBlur())
        await user.until(lambda: not user.app.app_focus)
        await user.settle()  # a look that was begun before is over
        asked.clear()
        os.utime(known)  # what a look would notice
        for _ in range(5):
            await user.pilot.pause()
        assert not asked.is_set()
        user.app.post_message(events.AppFocus())
        await user.until(asked.is_set)


async def test_the_pane_is_not_forgotten_while_nobody_looks(known: Path) -> None:
    async with browsing(known) as user:
        await user.press("tab")
        user.app.post_message(events.AppBlur())
        await user.until(lambda: not user.app.app_focus)
        assert user.browser.place().pane == "models"


async def test_a_removed_model_leaves_and_its_neighbour_takes_its_place(known: Path) -> None:
    async with browsing(known) as user:
        await user.walk("tab", "j", "j")
        assert user.at(user.browser.models) == "bruno"
        shutil.rmtree(known / "artsite/bruno")
        await look_again(user)
        await user.until(lambda: user.at_all() == ("artsite", "cleo", "film.mkv"))


async def test_marks_and_filter_outlive_a_new_download(known: Path) -> None:
    async with browsing(known) as user:
        media = user.browser.media
        await user.walk("tab", "j", "tab", "j")
        await user.press("space", *"/img", "enter")
        (known / "artsite/Ana Vale/img1.jpg").write_bytes(b"x")
        await look_again(user)
        await user.until(lambda: "img1.jpg" in user.names(media))
        assert user.names(media) == ["img1.jpg", "img2.jpg", "img10.jpg"]
        assert media.records.marks.count == 1
        assert media.records.source is not None
        assert [media.records.source.name(index) for index in media.records.marks.indexes()] == ["img2.jpg"]


async def test_figures_follow_new_downloads(known: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_tui.screens.browse.FIGURES_AGAIN", 1)
    async with browsing(known) as user:
        make_archive(known, {"boards/hugo/x.jpg": 1, "artsite/bruno/three.png": 1})
        await look_again(user)
        await user.until(lambda: user.row(user.browser.sites, "boards").split()[-1] == "3")
        await user.until(lambda: user.row(user.browser.models, "bruno").split()[1] == "3")


async def test_r_reads_again_what_grew_in_place(known: Path) -> None:
    async with browsing(known) as user:
        await user.walk("tab", "j", "tab", "j")
        path = known / "artsite/Ana Vale/img2.jpg"
        os.truncate(path, 3_000)
        assert "1.95 KB" in user.row(user.browser.media, "img2.jpg")
        await user.press("r")
        await user.until(lambda: "2.93 KB" in user.row(user.browser.media, "img2.jpg"))
        assert user.at(user.browser.media) == "img2.jpg"


# Words where there are no rows


async def test_an_empty_archive_says_what_belongs_there(tmp_path: Path) -> None:
    root = tmp_path / "empty"
    root.mkdir()
    async with browsing(root, size=(80, 24)) as user:
        text = " ".join(user.text().split())
        assert "No sites" in text
        await user.walk("l", "j")
        await user.press("enter", "o", "y", "s", "S", "v", "space", "slash", "escape")
        assert user.app.is_running


async def test_an_empty_site_and_an_empty_model_say_so(known: Path) -> None:
    async with browsing(known) as user:
        await user.walk("tab", "G")
        assert "No media here yet." in user.text()
        await user.walk("h", "G")
        assert "This site has no models yet." in user.text()


class Doubtful(DirectReader):
    """Reads what it may, and fails or waits where it was told to."""

    def __init__(self) -> None:
        self.failing: dict[str, OSError] = {}
        self.go_on = threading.Event()
        self.go_on.set()

    def folders(
        self, top: str, *, levels: int = 1, loose: bool = False, cancelled: Callable[[], bool] = never
    ) -> Folders:
        self._check(top)
        return super().folders(top, levels=levels, loose=loose, cancelled=cancelled)

    def listing(self, top: str, *, recursive: bool = True, cancelled: Callable[[], bool] = never) -> Listing:
        while not self.go_on.wait(0.01) and not cancelled():
            pass
        self._check(top)
        return super().listing(top, recursive=recursive, cancelled=cancelled)

    def _check(self, top: str) -> None:
        if top in self.failing:
            raise self.failing[top]


async def test_a_folder_that_may_not_be_read_says_so_and_r_tries_again(known: Path) -> None:
    reader = Doubtful()
    top = str(known / "artsite")
    reader.failing[top] = PermissionError(errno.EACCES, "Permission denied", top)
    async with browsing(known, reader=reader) as user:
        assert "may not be read by you" in " ".join(line_of_words(user, 1).split())
        await user.press("tab")
        reader.failing.clear()
        await user.press("r")
        await user.until(lambda: len(user.names(user.browser.models)) == 5)


def line_of_words(user: Driver, pane: int) -> str:
    """All that a pane says instead of rows, as one line."""
    records = user.panes[pane].records
    return " ".join(records.render_line(y).text.strip() for y in range(records.size.height))


async def test_a_file_where_a_folder_was_says_that_it_is_none(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", {"site/model/x.jpg": 1})
    async with browsing(root) as user:
        await user.walk("tab", "tab")
        shutil.rmtree(root / "site/model")
        (root / "site/model").write_bytes(b"")
        await user.press("r")
        await user.until(lambda: "is not a folder" in line_of_words(user, 2))


async def test_links_in_a_circle_hang_nothing(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", {"site/model/x.jpg": 1})
    (root / "site/circle").symlink_to("circle")
    (root / "site/model/up").symlink_to(root, target_is_directory=True)
    (root / "site/model/self.jpg").symlink_to("self.jpg")
    async with browsing(root) as user:
        assert "model" in user.names(user.browser.models)
        await user.walk("tab", "G", "tab", "j", "j", "j")
        assert user.app.is_running


async def test_a_link_out_of_the_archive_is_shown_and_not_entered(tmp_path: Path) -> None:
    outside = make_archive(tmp_path / "outside", {"x.jpg": 1})
    root = make_archive(tmp_path / "a", {"site/": b""})
    (root / "site/elsewhere").symlink_to(outside)
    async with browsing(root) as user:
        assert "⇢elsewhere" in user.row(user.browser.models, "elsewhere")
        assert user.names(user.browser.media) == []
        assert "links are not followed here" in line_of_words(user, 2)


async def test_a_model_that_vanished_says_so(known: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_tui.screens.browse.LOOK_AGAIN_S", 1_000.0)  # else its row may be gone first
    async with browsing(known) as user:
        await user.walk("tab", "j", "tab")
        shutil.rmtree(known / "artsite/Ana Vale")
        await user.press("r")
        await user.until(lambda: "is not there (any more)" in line_of_words(user, 2))


async def test_an_archive_that_was_unmounted_says_so_and_comes_back_by_itself(tmp_path: Path) -> None:
    root = make_known_archive(tmp_path / "archive")
    async with browsing(root) as user:
        root.rename(tmp_path / "elsewhere")
        await look_again(user)
        await user.until(lambda: "is not there (any more)" in line_of_words(user, 0))
        assert user.names(user.browser.media) == []
        (tmp_path / "elsewhere").rename(root)
        await look_again(user)
        await user.until(lambda: user.at_all()[0] == "artsite")


async def test_a_slow_disk_shows_that_it_is_being_read_and_can_be_left(known: Path) -> None:
    reader = Doubtful()
    async with browsing(known, reader=reader) as user:
        reader.go_on.clear()
        await user.press("tab", "j")
        await user.until(lambda: "Reading…" in line_of_words(user, 2))
        await user.press("h")
        assert user.focused == "sites"
        await user.press("j")
        await user.until(lambda: user.names(user.browser.models) == ["emil", "fay"])
        reader.go_on.set()
        await user.until(lambda: user.at_all() == ("boards", "emil", "a.jpg"))


class Stubborn(DirectReader):
    """Reads Ana Vale only when told to, whether that is still wanted or not."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.done = threading.Event()

    def listing(self, top: str, *, recursive: bool = True, cancelled: Callable[[], bool] = never) -> Listing:
        listing = super().listing(top, recursive=recursive)
        if top.endswith("Ana Vale"):
            self.go_on.wait()
            self.done.set()
        return listing


async def test_what_comes_late_of_a_place_that_was_left_is_not_shown(known: Path) -> None:
    reader = Stubborn()
    async with browsing(known, reader=reader) as user:
        await user.press("tab", "j")
        await user.until(lambda: user.browser.media.place == ("artsite", "Ana Vale"))
        await user.press("j")
        await user.until(lambda: user.names(user.browser.media) == ["one.png", "two.png"])
        reader.go_on.set()
        await user.until(reader.done.is_set)
        await user.settle()
        assert user.names(user.browser.media) == ["one.png", "two.png"]
