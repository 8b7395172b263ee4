"""In the review of duplicates both pictures are seen, beside each other and in turns."""

from functools import partial
from pathlib import Path

from catalog_tui.screens.duplicates import DuplicatesScreen
from catalog_tui.screens.whole_screen import WholeScreen
from catalog_tui.widgets.picture_view import PictureView
from tests.screens.driving import browsing
from tests.screens.showing import StagedSource, colour_of, seen_colour
from tests.trees import make_archive


def shows(view: PictureView, path: str) -> bool:
    return seen_colour(view) == colour_of(path)


async def test_both_pictures_stand_beside_each_other_and_x_shows_them_in_turns(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", {"site/ann/one.jpg": b"same" * 99, "site/bea/other.jpg": b"same" * 99})
    async with browsing(root, preview="blocks", open_pictures=StagedSource().open) as user:
        await user.press("D")
        await user.until(lambda: not user.browser.scan_bar.scanning)
        await user.press("W")
        screen = user.app.screen
        assert isinstance(screen, DuplicatesScreen)
        sides = (screen.comparison.keeper, screen.comparison.other)
        await user.until(lambda: all(seen_colour(side.picture) is not None for side in sides))
        paths = [side.picture.subject.path for side in sides if side.picture.subject is not None]
        assert sorted(path.rpartition("/")[2] for path in paths) == ["one.jpg", "other.jpg"]
        assert [seen_colour(side.picture) for side in sides] == [colour_of(path) for path in paths]
        await user.press("x")
        await user.until(lambda: isinstance(user.app.screen, WholeScreen))
        view = user.app.screen.query_one(PictureView)
        await user.press("+")
        for turn in (0, 1, 0, 1):
            await user.until(partial(shows, view, paths[turn]))
            assert view.subject is not None
            assert view.subject.look.zoom > 1  # the same part of each
            assert paths[turn].rpartition("/")[2] in user.text()
            await user.press("x")
        await user.press("escape")
        assert user.app.screen is screen
