"""Who waits for a picture to be on the screen is told, whatever becomes of it."""

import threading

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region

from catalog_tui.core.kinds import Kind
from catalog_tui.core.media import Facts
from catalog_tui.graphics.drawing import Cells, Drawing
from catalog_tui.graphics.studio import Studio
from catalog_tui.graphics.wishes import Shown
from catalog_tui.widgets.picture_view import PictureView
from catalog_tui.widgets.subject import Subject
from tests.screens.showing import StagedSource


class OneView(App[None]):
    """A view whose studio gives nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.studio = Studio(lambda: StagedSource(held=True), write=lambda _text: None)
        self.view = PictureView(self.studio)

    def compose(self) -> ComposeResult:
        yield self.view

    def on_unmount(self) -> None:
        self.studio.close()


@pytest.mark.parametrize("ending", ["painted", "nothing is wanted", "came too late", "closed"])
async def test_who_waits_for_a_first_picture_is_told(ending: str) -> None:
    app = OneView()
    async with app.run_test(size=(20, 10)) as pilot:
        view, subject = app.view, Subject("a", (1, 1))
        view.show(subject)
        painted = threading.Event()
        first = Shown(
            subject.wanted(Cells(*view.size)), Drawing((), Cells(0, 0)), Facts(Kind.IMAGE, "png", 1, 1), painted
        )
        if ending == "came too late":
            view.show(Subject("b", (1, 1)))
        view.take_delivery(PictureView.Delivered(first))
        assert painted.is_set() is (ending == "came too late")
        if ending == "painted":
            view.render_lines(Region(0, 0, *view.size))
            assert not painted.is_set()  # rendered, not written yet
            await pilot.pause()
        elif ending == "nothing is wanted":
            view.show(None)
        elif ending == "closed":
            await view.remove()
        assert painted.is_set()
