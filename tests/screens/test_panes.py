"""The panes: each follows the cursor of the one to its left, keys lead from one to the next, figures fill in behind."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog_tui.core.listing import ModelInfo, never
from catalog_tui.core.reader import DirectReader
from catalog_tui.core.stamps import Stamps
from tests.screens.driving import browsing
from tests.trees import make_archive


async def test_the_first_screen_shows_sites_models_and_media(known: Path) -> None:
    async with browsing(known) as user:
        assert user.names(user.browser.sites) == ["artsite", "boards", "cosplay", "void"]
        assert user.names(user.browser.models) == ["", "Ana Vale", "bruno", "cleo", "dora"]
        assert user.names(user.browser.media) == ["lying about.jpg"]
        assert user.focused == "sites"


async def test_models_and_media_follow_the_cursor(known: Path) -> None:
    async with browsing(known) as user:
        await user.press("j")
        await user.settle()
        assert user.at_all() == ("boards", "emil", "a.jpg")
        await user.walk("tab", "j")
        assert user.at_all() == ("boards", "fay", "b.jpg")


async def test_after_many_fast_steps_the_panes_show_where_the_cursor_came_to_rest(known: Path) -> None:
    async with browsing(known) as user:
        sites = user.browser.sites.records
        for row in (1, 2, 1, 0, 1, 2):
            sites.move_to(row)
        await user.until(lambda: user.at_all() == ("cosplay", "gil", "c.jpg"))


@pytest.mark.parametrize(("right", "left"), [("enter", "escape"), ("l", "h"), ("right", "left")])
async def test_keys_lead_right_and_left(known: Path, right: str, left: str) -> None:
    async with browsing(known) as user:
        await user.press(right)
        assert user.focused == "models"
        await user.press(right)
        assert user.focused == "media"
        await user.press(left)
        assert user.focused == "models"
        await user.press(left, left)
        assert user.focused == "sites"


async def test_tab_goes_round_in_both_directions(known: Path) -> None:
    async with browsing(known) as user:
        seen = []
        for key in ("tab", "tab", "tab", "shift+tab", "shift+tab"):
            await user.press(key)
            seen.append(user.focused)
        assert seen == ["models", "media", "sites", "media", "models"]


async def test_two_clicks_go_right(known: Path) -> None:
    async with browsing(known) as user:
        await user.pilot.click(user.browser.sites.records, offset=(4, 1), times=2)
        await user.settle()
        assert (user.focused, user.at(user.browser.models)) == ("models", "emil")


async def test_escape_backs_out_of_the_range_then_the_filter_then_the_pane(known: Path) -> None:
    async with browsing(known) as user:
        media = user.browser.media
        await user.walk("tab", "j", "tab")
        await user.press(*"/img", "enter", "v", "j")
        assert user.names(media) == ["img2.jpg", "img10.jpg"]
        assert media.records.marks.anchor == 0
        await user.press("escape")
        assert media.records.marks.anchor is None
        assert len(user.names(media)) == 2
        await user.press("escape")
        assert len(user.names(media)) == 4
        assert user.focused == "media"
        await user.press("escape")
        assert user.focused == "models"


async def test_there_is_no_way_into_nothing(known: Path) -> None:
    async with browsing(known) as user:
        await user.press("G")
        await user.settle()
        assert user.at_all() == ("void", None, None)
        await user.press("l", "l", "l")
        assert user.focused == "models"


async def test_site_rows_count_models(known: Path) -> None:
    async with browsing(known) as user:
        sites = user.browser.sites
        assert [user.row(sites, name).split()[-1] for name in user.names(sites)] == ["5", "2", "1", "0"]


@pytest.mark.parametrize(
    ("model", "figures"),
    [
        ("Ana Vale", "2 1 4.77 MB"),
        ("bruno", "2 0 87.89 KB"),
        ("cleo", "0 1 8.58 MB"),
        ("dora", "0 0 0 B"),
        ("", "1 0 77 B"),
    ],
)
async def test_model_rows_count_pictures_and_videos_and_add_up_sizes(known: Path, model: str, figures: str) -> None:
    async with browsing(known) as user:
        row = " ".join(user.row(user.browser.models, model).split())
        assert row.endswith(" " + figures)


async def test_media_rows_show_size_and_date(known: Path) -> None:
    async with browsing(known) as user:
        await user.walk("tab", "j")
        row = user.row(user.browser.media, "img2.jpg").split()
        assert row == ["img2.jpg", "1.95", "KB", "2023-11-15"]


async def test_loose_files_cannot_be_mistaken_for_a_folder(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", {"site/(loose files)/x.jpg": 1, "site/y.jpg": 2})
    async with browsing(root) as user:
        models = user.browser.models
        assert user.names(models) == ["", "(loose files)"]
        assert models.records.source is not None
        assert [models.records.source.tone(index) for index in (0, 1)] == ["aside", "folder"]
        assert user.row(models, "") != user.row(models, "(loose files)")


class SlowFigures(DirectReader):
    """Gives each model's figures only when told to, and remembers in which order it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.go_on = threading.Semaphore(0)

    def info(
        self, top: str, *, recursive: bool = True, cancelled: Callable[[], bool] = never
    ) -> tuple[ModelInfo, Stamps]:
        self.asked.append(Path(top).name)
        while not self.go_on.acquire(timeout=0.01):
            if cancelled():
                break
        return super().info(top, recursive=recursive, cancelled=cancelled)


async def test_figures_come_behind_and_those_in_view_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_tui.screens.browse.LOOK_AGAIN_S", 1_000.0)
    names = [f"m{number:03}" for number in range(200)]
    root = make_archive(tmp_path / "a", {f"site/{name}/x.jpg": 1 for name in names})
    reader = SlowFigures()
    async with browsing(root, reader=reader, settled=False) as user:
        models = user.browser.models
        await user.until(lambda: reader.asked == ["m000"])
        assert "…" in user.row(models, "m000")
        await user.press("tab", "G")
        assert user.at(models) == "m199"
        reader.go_on.release(3)
        await user.until(lambda: len(reader.asked) == 4)
        in_view = {names[index] for index in models.records.in_view}
        assert reader.asked[0] == "m000"
        assert set(reader.asked[1:]) <= in_view
        reader.go_on.release(1000)
        await user.until(lambda: "…" not in user.row(models, "m199"))
        await user.until(lambda: "Pictures" in user.text())  # in the details, which wait for them too


async def test_a_very_long_path_is_browsed(tmp_path: Path) -> None:
    deep = "/".join("d" * 40 for _ in range(60))
    root = make_archive(tmp_path / "a", {f"site/model/{deep}/x.jpg": 1})
    async with browsing(root) as user:
        assert user.names(user.browser.media) == [f"{deep}/x.jpg"]


async def test_the_place_line_says_where_the_cursor_is(known: Path) -> None:
    async with browsing(known, size=(220, 40)) as user:
        await user.walk("tab", "j", "tab", "j")
        line = user.browser.place_line.render_line(0).text
        assert line.split(" › ")[1:] == ["artsite", "Ana Vale", "img2.jpg" + line[len(line.rstrip()) :]]
