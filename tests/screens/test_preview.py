"""The picture of the file under the cursor: it follows, it never holds the cursor up, and none but its own stays."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import pytest
from textual.message import Message

from catalog_tui import picturing
from catalog_tui.core.listing import never
from catalog_tui.core.state import load_state
from catalog_tui.core.thumbnails import Picture, Priority
from catalog_tui.graphics import studio
from catalog_tui.graphics.drawing import Cells
from catalog_tui.graphics.tmux import Outer
from catalog_tui.screens.whole_screen import WholeScreen
from catalog_tui.widgets.picture_view import PictureView
from tests.corpus import DIRECTION, MARKUP, NOT_UTF8, TERMINAL
from tests.screens.driving import Driver, browsing
from tests.screens.showing import StagedSource, colour_of, seen_colour, words_in
from tests.screens.test_details import details_of
from tests.trees import make_archive
from tests.waiting import PATIENCE_S

MANY = 500


def many_pictures(root: Path, count: int = MANY) -> Path:
    return make_archive(root, {f"site/model/p{number:03}.jpg": 100 + number for number in range(count)})


@asynccontextmanager
async def looking(root: Path, source: StagedSource, preview: str = "blocks") -> AsyncIterator[Driver]:
    """At the media of the first model."""
    async with browsing(root, preview=preview, open_pictures=source.open) as user:
        await user.walk("tab", "tab")
        yield user


def view_of(user: Driver) -> PictureView:
    return user.browser.details.picture


def path_at(user: Driver) -> str:
    media = user.browser.media
    name = user.at(media)
    assert name is not None
    return media.path_of(name)


async def see(user: Driver, path: str) -> None:
    await user.until(lambda: seen_colour(view_of(user)) == colour_of(path))


async def test_the_picture_under_the_cursor_is_shown_with_what_is_known_of_it(tmp_path: Path) -> None:
    async with looking(many_pictures(tmp_path / "a", 5), StagedSource()) as user:
        await see(user, path_at(user))
        await details_of(user, "p000.jpg", "Pixels 3,200 × 2,000", "Taken 2024-05-31 18:02")
        await user.press("j")
        assert path_at(user).endswith("p001.jpg")
        await see(user, path_at(user))


async def test_a_held_key_over_500_pictures_decodes_only_the_last_and_nothing_on_the_loop(tmp_path: Path) -> None:
    source = StagedSource(held=True)
    async with looking(many_pictures(tmp_path / "a"), source) as user:
        await user.press(*["j"] * (MANY - 1))
        last = path_at(user)
        assert last.endswith(f"p{MANY - 1}.jpg")
        await user.until(lambda: any(path == last for path, *_rest in source.asked))
        await user.until(lambda: {path for path, *_rest in source.asked} - set(source.cancelled) <= neighbours(last))
        source.let_go()
        await see(user, last)
        assert threading.main_thread() not in source.threads
        assert set(source.finished) <= neighbours(last)


async def test_no_picture_comes_after_its_file_was_left_however_late_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    came: list[tuple[str, str]] = []
    tell = PictureView.post_message

    def record(view: PictureView, message: Message) -> bool:
        if isinstance(message, PictureView.Told):
            came.append((message.path, path_at(user)))
        return tell(view, message)

    async with looking(many_pictures(tmp_path / "a", 40), Unstoppable()) as user:
        monkeypatch.setattr(PictureView, "post_message", record)
        for number in range(39):
            await user.press("j")
            if number % 4 == 0:  # now and then one stays until the picture is being made, and no longer
                await user.until(lambda: view_of(user).subject is not None and not user.browser._telling.is_due)
        last = path_at(user)
        await see(user, last)
        await user.settle()
        assert came[-1] == (last, last)
        assert [path for path, _at in came] == sorted(path for path, _at in came)
        assert seen_colour(view_of(user)) == colour_of(last)


async def test_a_picture_on_its_way_when_its_file_is_left_is_not_shown(tmp_path: Path) -> None:
    async with looking(many_pictures(tmp_path / "a", 5), StagedSource()) as user:
        view, studio = view_of(user), user.app.pictures.studio
        await see(user, path_at(user))
        assert studio is not None and view.subject is not None
        late = studio.ready(view.subject.wanted(Cells(*view.size)))
        assert late is not None
        await user.press("j")
        await see(user, path_at(user))
        view.post_message(PictureView.Delivered(late))
        await user.pilot.pause()
        assert seen_colour(view) == colour_of(path_at(user))


class Unstoppable(StagedSource):
    """Makes pictures to the end, wanted or not, as a decoder does that is at it already."""

    def get(
        self,
        path: str,
        size: Literal[320, 1280],
        *,
        frame: float | None = None,
        priority: Priority = Priority.VIEW,
        cancelled: Callable[[], bool] = never,
    ) -> Picture:
        return super().get(path, size, frame=frame, priority=priority)


def neighbours(path: str) -> set[str]:
    """The file itself and those fetched ahead for it."""
    stem = path[: -len("p000.jpg")]
    number = int(path[-len("000.jpg") : -len(".jpg")])
    return {f"{stem}p{near:03}.jpg" for near in range(number - 2, number + 3)}


async def test_the_former_picture_stays_until_the_next_is_there_but_not_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog_tui.widgets.picture_view.PATIENCE_S", 3600)
    source = StagedSource()
    async with looking(many_pictures(tmp_path / "a", 20), source) as user:
        first = path_at(user)
        await see(user, first)
        source.hold()
        await user.press("end")
        last = path_at(user)
        await user.until(lambda: any(path == last for path, *_rest in source.asked))
        assert seen_colour(view_of(user)) == colour_of(first)
        monkeypatch.setattr("catalog_tui.widgets.picture_view.PATIENCE_S", 0.01)
        await user.press("home", "j", "j", "j", "j", "j", "j")
        await user.until(lambda: words_in(view_of(user)) == "Loading…")
        source.let_go()
        await see(user, path_at(user))


async def test_neighbours_are_fetched_ahead_and_less_urgently(tmp_path: Path) -> None:
    source = StagedSource()
    async with looking(many_pictures(tmp_path / "a", 9), source) as user:
        user.browser.media.records.move_to(4)  # at once: where a slow cursor rests, a neighbour is looked at
        at = path_at(user)
        await see(user, at)
        near = neighbours(at) - {at, at.replace("p004", "p002")}
        await user.until(lambda: near <= set(source.finished))
        assert {path for path, _size, _frame, priority in source.asked if priority is Priority.SOON} >= near
        asked = len(source.asked)
        await user.press("j")
        await see(user, path_at(user))
        assert all(path != path_at(user) for path, *_rest in source.asked[asked:])  # it stood drawn already


async def test_what_cannot_be_shown_says_why_and_the_next_is_shown(tmp_path: Path) -> None:
    async with looking(many_pictures(tmp_path / "a", 3), StagedSource(refuses=("p000.jpg",))) as user:
        await user.until(lambda: words_in(view_of(user)) == "It cannot be shown: The file is damaged or incomplete.")
        await user.press("j")
        await see(user, path_at(user))


async def test_other_files_and_folders_say_what_they_are(known: Path) -> None:
    async with looking(known, StagedSource()) as user:
        user.browser.go_to("artsite/Ana Vale/notes.pdf")
        await user.settle()
        await user.until(lambda: words_in(view_of(user)) == "file")
        await user.press("tab")
        await user.until(lambda: words_in(view_of(user)) == "")


async def test_b_hides_all_pictures_until_it_is_pressed_again_also_at_the_next_start(tmp_path: Path) -> None:
    root = many_pictures(tmp_path / "a", 3)
    source = StagedSource()
    async with looking(root, source) as user:
        await see(user, path_at(user))
        await user.press("B")
        assert words_in(view_of(user)) == "Pictures are hidden."
        await user.press("j", "f")
        await user.until(lambda: isinstance(user.app.screen, WholeScreen))
        assert words_in(user.app.screen.query_one(PictureView)) == "Pictures are hidden."
    assert load_state()[0].pictures_hidden
    async with looking(root, StagedSource()) as user:
        assert words_in(view_of(user)) == "Pictures are hidden."
        await user.press("B")
        await see(user, path_at(user))
    assert not load_state()[0].pictures_hidden


async def test_a_video_is_stepped_through(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", {"site/model/v.mp4": 10})
    source = StagedSource(duration_s=24.0)
    async with looking(root, source) as user:
        await see(user, path_at(user))
        await details_of(user, "Length 0:24")
        frames: list[float | None] = []
        for key, moment in [("]", "0:01"), ("]", "0:02"), ("[", "0:01"), ("[", "0:00"), ("[", "")]:
            await user.press("right_square_bracket" if key == "]" else "left_square_bracket")
            await details_of(user, f"Seen at {moment}" if moment else "Length")
            subject = view_of(user).subject
            assert subject is not None
            frames.append(subject.frame_s)
        assert frames == [1.0, 2.0, 1.0, 0.0, None]


async def test_a_file_that_changes_is_drawn_anew(tmp_path: Path) -> None:
    root = many_pictures(tmp_path / "a", 1)
    source = StagedSource()
    async with looking(root, source) as user:
        await see(user, path_at(user))
        asked = len(source.asked)
        (root / "site/model/p000.jpg").write_bytes(bytes(999))
        await user.press("r")
        await user.until(lambda: len(source.asked) > asked)


async def test_nothing_is_drawn_for_a_pane_that_is_folded_away(tmp_path: Path) -> None:
    source = StagedSource()
    async with looking(many_pictures(tmp_path / "a", 9), source) as user:
        at = path_at(user)
        await see(user, at)
        await user.until(lambda: {at, at.replace("p000", "p001"), at.replace("p000", "p002")} <= set(source.finished))
        await user.press("p")
        await user.settle()
        asked = len(source.asked)
        await user.walk("end")
        assert len(source.asked) == asked
        await user.press("p")
        await see(user, path_at(user))


async def test_without_pictures_nothing_is_asked_of_the_decoders(tmp_path: Path) -> None:
    source = StagedSource()
    async with looking(many_pictures(tmp_path / "a", 3), source, preview="none") as user:
        await user.walk("j")
        assert words_in(view_of(user)) == "picture"
        assert user.app.pictures.studio is None
    assert source.asked == []


async def test_leaving_ends_the_threads_and_the_decoders(tmp_path: Path) -> None:
    source = StagedSource(held=True)
    async with looking(many_pictures(tmp_path / "a", 3), source) as user:
        await user.until(lambda: bool(source.asked))
    assert source.is_closed
    for thread in source.threads:
        await asyncio.to_thread(thread.join, PATIENCE_S)
        assert not thread.is_alive()


async def test_hostile_names_are_only_paths_to_the_decoders(tmp_path: Path) -> None:
    names = [name + b".jpg" for name in (*TERMINAL[:6], *DIRECTION[:4], *NOT_UTF8[:3], *MARKUP[:5])]
    root = make_archive(tmp_path / "a", {os.fsdecode(b"site/model/" + name): 9 for name in names})
    async with looking(root, StagedSource()) as user:
        for _name in names:
            await see(user, path_at(user))
            await user.press("f")
            await user.until(lambda: isinstance(user.app.screen, WholeScreen))
            assert "\x1b" not in user.text()
            await user.press("escape", "j")


# The whole screen


@asynccontextmanager
async def on_whole_screen(root: Path, source: StagedSource) -> AsyncIterator[tuple[Driver, PictureView]]:
    async with looking(root, source) as user:
        await user.press("f")
        await user.until(lambda: isinstance(user.app.screen, WholeScreen))
        yield user, user.app.screen.query_one(PictureView)


async def test_f_shows_it_on_the_whole_screen_and_one_goes_on_from_there(tmp_path: Path) -> None:
    spec = {"site/model/a.jpg": 1, "site/model/b.pdf": 1, "site/model/c.mp4": 1, "site/model/d.jpg": 1}
    async with on_whole_screen(make_archive(tmp_path / "a", spec), StagedSource()) as (user, view):
        for key, name in [("", "a"), ("n", "c"), ("j", "d"), ("right", "d"), ("k", "c"), ("left", "a"), ("h", "a")]:
            if key:
                await user.press(key)
            assert path_at(user)[-5] == name
            await user.until(lambda: seen_colour(view) == colour_of(path_at(user)))
        assert "1/4" in user.text()
        assert "3,200 × 2,000" in user.text()
        await user.press("n", "escape")
        assert user.app.screen is user.browser
        assert user.at(user.browser.media) == "c.mp4"
        await see(user, path_at(user))


async def test_zoom_shows_a_part_and_arrows_move_it(tmp_path: Path) -> None:
    async with on_whole_screen(many_pictures(tmp_path / "a", 2), StagedSource()) as (user, view):
        await user.until(lambda: view.drawing is not None)
        whole = view.drawing
        assert whole is not None
        await user.press("+", "+", "+")
        await user.until(lambda: view.drawing is not None and view.drawing.cells.columns > whole.cells.columns)
        assert view.subject is not None
        assert view.subject.look.zoom == pytest.approx(3.375)
        assert "3.4×" in user.text()
        at = path_at(user)
        for key, axis, sign in [("left", "x", -1), ("l", "x", 1), ("up", "y", -1), ("j", "y", 1)]:
            before = getattr(view.subject.look, axis)
            await user.press(key)
            assert (getattr(view.subject.look, axis) - before) * sign > 0
        assert path_at(user) == at
        await user.press("0")
        assert view.subject.look.zoom == 1
        await user.press("+", "-", "-")
        assert view.subject.look.zoom == 1


async def test_f_does_nothing_where_there_is_no_picture(known: Path) -> None:
    async with browsing(known, preview="blocks", open_pictures=StagedSource().open) as user:
        await user.press("f")
        assert user.app.screen is user.browser


async def test_a_terminal_is_sent_again_only_what_it_may_not_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "::1 1 ::1 2")  # so nothing is sent but what is seen
    now_s = 0.0
    for module in (picturing, studio):
        monkeypatch.setattr(module, "monotonic", lambda: now_s)
    kitty = Outer("kitty(0.35.2)", "1")
    async with looking(many_pictures(tmp_path / "a", 2), StagedSource(), preview="kitty") as user:
        pictures, view = user.app.pictures, view_of(user)

        async def seen_other_than(image_id: int) -> int:
            await user.until(lambda: view.drawing is not None and view.drawing.image_id not in (0, image_id))
            assert view.drawing is not None
            return view.drawing.image_id

        image_id = await seen_other_than(0)
        pictures.be_seen_in(kitty)  # which terminal had it was not known
        image_id = await seen_other_than(image_id)
        for unseen_s, seen_s in ((10.0, 11.0), (20.0, 25.0)):
            now_s = unseen_s
            pictures.go_unseen()
            now_s = seen_s
            pictures.be_seen_in(kitty)
            assert view.is_settled
        pictures.go_unseen()
        now_s = 30.0
        await user.press("j")
        image_id = await seen_other_than(image_id)
        now_s = 40.0
        pictures.go_unseen()  # said twice
        pictures.be_seen_in(kitty)
        image_id = await seen_other_than(image_id)
        now_s = 40.5
        pictures.go_unseen()  # late: it was sent when nobody saw it
        now_s = 50.0
        pictures.be_seen_in(kitty)
        image_id = await seen_other_than(image_id)
        pictures.be_seen_in(Outer())  # tmux did not answer
        assert view.is_settled
        pictures.be_seen_in(Outer("kitty(0.35.2)", "2"))
        await seen_other_than(image_id)
