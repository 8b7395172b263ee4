"""The details: what is known of the site, model or file under the cursor."""

import os
from pathlib import Path

import pytest

from catalog_tui.config import Settings
from catalog_tui.widgets.details_pane import DetailsPane
from catalog_tui.widgets.fact_sheet import FactSheet
from tests.screens.driving import Driver, browsing, lines_of
from tests.trees import make_archive

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def sheet(user: Driver) -> str:
    """What the details say, as one line."""
    lines = lines_of(user.app.screen.query_one(FactSheet))
    return " ".join(" ".join(lines).split())


async def details_of(user: Driver, *words: str) -> str:
    """What the details say once `words` are among it."""
    await user.until(lambda: all(word in sheet(user) for word in words))
    return sheet(user)


async def at_media(user: Driver, *keys: str) -> None:
    await user.walk("tab", "tab")
    await user.press(*keys)
    await user.settle()


async def test_a_site_shows_its_models_and_path(known: Path) -> None:
    async with browsing(known) as user:
        said = await details_of(user, "Models 5")
        assert said.startswith("artsite")
        assert str(known / "artsite") in said.replace(" ", "")


async def test_a_model_shows_its_figures(known: Path) -> None:
    async with browsing(known) as user:
        await user.walk("tab", "j")
        said = await details_of(user, "Ana Vale", "Pictures 2", "Videos 1", "Other files 1", "Side-files 1", "4.77 MB")
        assert "Newest 2023-11-18" in said


async def test_loose_files_are_explained(known: Path) -> None:
    async with browsing(known) as user:
        await user.press("tab")
        await details_of(user, "(loose files)", "files that lie in the site's folder itself")


async def test_a_file_shows_name_path_size_and_dates(known: Path) -> None:
    async with browsing(known) as user:
        await user.walk("tab", "j", "tab", "j")
        said = await details_of(user, "img2.jpg", "1.95 KB (2,000 B)", "Modified 2023-11-15", "Changed 20")
        assert "img2.jpg.json" in said
        assert str(known / "artsite/AnaVale/img2.jpg").replace(" ", "") in said.replace(" ", "")


async def test_a_name_that_says_another_format_is_told(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", {"site/model/x.jpg": PNG, "site/model/y.png": PNG})
    async with browsing(root) as user:
        await at_media(user)
        await details_of(user, "x.jpg", "Format PNG", "the name says otherwise")
        await user.press("j")
        said = await details_of(user, "y.png", "Format PNG")
        assert "otherwise" not in said


async def test_a_link_shows_where_it_leads_and_a_dead_one_that_it_leads_nowhere(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", {"site/model/x.jpg": PNG})
    (root / "site/model/y.jpg").symlink_to("x.jpg")
    (root / "site/model/z.jpg").symlink_to("gone\x1b[31m.jpg")
    async with browsing(root) as user:
        await at_media(user, "j")
        said = await details_of(user, "Link to x.jpg")
        assert "nowhere" not in said
        await user.press("j")
        said = await details_of(user, "leads nowhere")
        assert "gone\\x1b[31m.jpg" in said


async def test_hard_links_are_counted(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", {"site/model/x.jpg": PNG})
    os.link(root / "site/model/x.jpg", root / "site/model/y.jpg")
    async with browsing(root) as user:
        await at_media(user)
        await details_of(user, "2 hard links")


async def test_a_file_that_vanished_says_so(known: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_tui.screens.browse.LOOK_AGAIN_S", 1_000.0)  # else its row may be gone first
    async with browsing(known) as user:
        await at_media(user)
        (known / "artsite/lying about.jpg").unlink()
        await user.walk("shift+tab", "tab")
        user.browser.details.show(user.browser.models)
        user.browser.details.show(user.browser.media)
        await details_of(user, "lying about.jpg", "No such file")


async def test_p_folds_the_details_away_and_back(known: Path) -> None:
    async with browsing(known) as user:
        await user.press("p")
        assert not user.browser.details.display
        await user.press("p")
        assert user.browser.details.display


async def test_settings_may_leave_the_details_out(known: Path) -> None:
    async with browsing(known, settings=Settings(show_details=False)) as user:
        assert not user.browser.details.display
        await user.press("p")
        assert user.browser.details.display


async def test_narrow_screens_fold_the_details_away_until_asked_for(known: Path) -> None:
    async with browsing(known, size=(80, 24)) as user:
        assert not user.browser.details.display
        await user.press("p")
        assert user.browser.details.display
        assert [pane.id for pane in user.panes if pane.display] == ["sites"]
        assert user.browser.details.size.width >= 30
        await user.press("l")
        assert [pane.id for pane in user.panes if pane.display] == ["models"]


async def test_what_was_seen_of_another_file_is_not_said_of_this_one(known: Path) -> None:
    async with browsing(known) as user:
        await at_media(user)
        await details_of(user, "Changed")
        user.browser.details.post_message(DetailsPane.Looked("/elsewhere.jpg", "seen elsewhere"))
        await user.pilot.pause()
        assert "seen elsewhere" not in sheet(user)


async def test_details_follow_once_the_cursor_rests(known: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with browsing(known) as user:
        await user.walk("tab", "j", "tab")
        before = await details_of(user, "clip.mp4", "Changed 20")
        monkeypatch.setattr("catalog_tui.widgets.after_rest.REST_S", 3600)
        await user.press("j")
        await user.until(lambda: user.at(user.browser.media) == "img2.jpg")
        assert not user.browser.told
        assert sheet(user) == before
        monkeypatch.setattr("catalog_tui.widgets.after_rest.REST_S", 0.01)
        await user.press("j")
        await details_of(user, "img10.jpg", "Changed 20")
        assert user.browser.told


async def test_what_a_look_told_stays_as_long_as_the_cursor_does(known: Path) -> None:
    async with browsing(known) as user:
        await user.walk("tab", "j", "tab")
        looked = await details_of(user, "clip.mp4", "Changed 20")
        user.browser.show_details()
        assert sheet(user) == looked
