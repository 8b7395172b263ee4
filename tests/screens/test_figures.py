"""Figures that are read behind: none is lost however the user moves meanwhile."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog_tui.core.listing import ModelInfo, never
from catalog_tui.core.reader import DirectReader
from catalog_tui.core.stamps import Stamps
from tests.screens.driving import browsing
from tests.waiting import PATIENCE_S


class Slow(DirectReader):
    """Reads no figures until it is let go; `asked` says that somebody waits for them."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.let_go = threading.Event()

    def info(
        self, top: str, *, recursive: bool = True, cancelled: Callable[[], bool] = never
    ) -> tuple[ModelInfo, Stamps]:
        self.asked.set()
        assert self.let_go.wait(PATIENCE_S)
        return super().info(top, recursive=recursive, cancelled=cancelled)


@pytest.fixture(autouse=True)
def looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the later looks at the folders from making good what is tested here."""
    monkeypatch.setattr("catalog_tui.screens.browse.LOOK_AGAIN_S", 600)


async def test_figures_of_a_site_entered_while_those_of_another_are_read(known: Path) -> None:
    reader = Slow()
    async with browsing(known, reader=reader, settled=False) as user:
        await user.until(reader.asked.is_set)
        await user.press("j")
        await user.until(lambda: user.names(user.browser.models) == ["emil", "fay"])
        reader.let_go.set()
        await user.until(lambda: set(user.browser.models.figures) == {"emil", "fay"})


async def test_figures_of_a_site_left_and_entered_again(known: Path) -> None:
    reader = Slow()
    async with browsing(known, reader=reader, settled=False) as user:
        await user.until(reader.asked.is_set)
        first = user.names(user.browser.models)
        await user.press("j")
        await user.until(lambda: user.names(user.browser.models) == ["emil", "fay"])
        await user.press("k")
        await user.until(lambda: user.names(user.browser.models) == first)
        reader.let_go.set()
        await user.until(lambda: set(user.browser.models.figures) == set(first))
