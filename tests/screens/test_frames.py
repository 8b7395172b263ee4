"""What goes to the terminal for a change: all that changed, and little else."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.console import RenderableType
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from tests.screens.driving import Driver, browsing
from tests.screens.showing import StagedSource
from tests.trees import make_archive

SEQUENCE = re.compile(r"\x1b\[([0-9;]*)([A-Za-z])")


class Paper:
    """A terminal that knows moves, colours and text, one cell a character."""

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], tuple[str, str]] = {}

    def write(self, output: str) -> None:
        """Take in what a program wrote."""
        x, y, style, at = 0, 0, "", 0
        while at < len(output):
            if sequence := SEQUENCE.match(output, at):
                at = sequence.end()
                if sequence[2] == "H":
                    y, x = (int(number) - 1 for number in sequence[1].split(";"))
                else:
                    style = sequence[1]
                continue
            if output[at] != "\n":
                self.cells[x, y] = output[at], style
                x += 1
            at += 1


@contextmanager
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is written of the top screen while the context lasts, update by update."""
    updates: list[str] = []
    display = App._display

    def record(app: App[int], screen: Screen[object], update: RenderableType | None) -> None:
        if screen is app.screen and isinstance(update, CompositorUpdate) and not app._batch_count:
            updates.append(update.render_segments(app.console))
        display(app, screen, update)

    with monkeypatch.context() as patch:
        patch.setattr(App, "_display", record)
        yield updates


def in_full(user: Driver) -> Paper:
    """The whole screen painted at once."""
    paper = Paper()
    paper.write(user.app.screen._compositor.render_full_update().render_segments(user.app.console))
    return paper


async def at_rest(user: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait until nothing is to be told, looked at or painted, and let the next step be told of much later."""
    screen = user.browser
    await user.until(lambda: screen.told and screen.details.told and not screen._dirty_widgets)
    monkeypatch.setattr("catalog_tui.widgets.after_rest.REST_S", 3600)
    await user.pilot.pause()
    await user.until(lambda: not screen._dirty_widgets)


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """Two models that do not fit on the screen."""
    names = [f"site/{model}/img{number}.jpg" for model in ("ann", "bob") for number in range(90)]
    return make_archive(tmp_path / "archive", dict.fromkeys(names, 10))


@pytest.mark.parametrize("size", [(80, 24), (160, 40)])
async def test_change_by_change_the_screen_becomes_what_it_is_when_painted_at_once(
    long: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = [*"jlljjjjGkkg", "pagedown", "space", *"vj", "space", *"Jy", *"/img1", "enter", "escape", *"hjls", "escape"]
    async with browsing(long, size=size) as user:
        with written(monkeypatch) as updates:
            paper = in_full(user)

            def up_to_date() -> bool:
                while updates:
                    paper.write(updates.pop(0))
                return paper.cells == in_full(user).cells

            for key in (*steps, "p"):
                await user.press(key)
                await user.until(up_to_date)


async def test_a_step_writes_the_two_rows_concerned(long: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with browsing(long) as user:
        await user.walk("l", "l", "j")
        await at_rest(user, monkeypatch)
        with written(monkeypatch) as updates:
            await user.press("j")
            await user.until(lambda: bool(updates))
            paper = Paper()
            for update in updates:
                paper.write(update)
        region = user.browser.media.records.region
        rows = {region.y + 1, region.y + 2}
        assert set(paper.cells) == {(x, y) for x in range(region.x, region.right - 1) for y in rows}


async def test_a_step_among_tiles_writes_the_two_tiles_concerned(long: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with browsing(long, preview="blocks", open_pictures=StagedSource().open) as user:
        await user.walk("l", "l", "t", "l")
        tiles = user.browser.media.tiles
        await user.until(lambda: all(tiles.is_drawn(row) for row in range(len(tiles.in_view))))
        await at_rest(user, monkeypatch)
        with written(monkeypatch) as updates:
            await user.press("l")
            await user.until(lambda: bool(updates))
            paper = Paper()
            for update in updates:
                paper.write(update)
        x, y, width, _height = tiles.region
        wide = width // tiles.shape.columns
        assert set(paper.cells) == {
            (x + column, y + line) for column in range(wide, 3 * wide) for line in range(tiles.shape.height)
        }


async def test_what_a_change_hides_is_not_rendered(long: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with browsing(long) as user:
        await user.walk("l", "l", "G")
        await at_rest(user, monkeypatch)
        rendered: list[Widget] = []
        render_lines = Widget.render_lines

        def record(widget: Widget, crop: Region) -> list[Strip]:
            rendered.append(widget)
            return render_lines(widget, crop)

        with written(monkeypatch) as updates, monkeypatch.context() as patch:
            patch.setattr(Widget, "render_lines", record)
            await user.press("k")
            await user.until(lambda: bool(updates))
        assert not rendered, "the list itself has lines of its own, and nothing else changed"


async def test_a_key_paints_all_of_the_screen_again(known: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with browsing(known) as user:
        await at_rest(user, monkeypatch)
        paper = Paper()
        with written(monkeypatch) as updates:
            await user.press("ctrl+l")
        for update in updates:
            paper.write(update)
        assert paper.cells == in_full(user).cells
