"""Serving from the app: the question to whom, the window, and the line while it is closed."""

from collections.abc import Iterator

import pytest

from catalog_tui.screens.serving import ServerWindow
from catalog_tui.serving import Began, Pairing, Reach, Request, ServerEvent, ServerProcess
from tests.screens.driving import Driver
from tests.screens.snapshots.pictures import SIZES, Compare, Steps, picture

REQUESTS = [
    Request("GET", "/api/models?site=artgrid", 200, 5_321, 0.4),
    Request("GET", "/media/artgrid/Ana%20Vale/cover.jpg", 206, 1_204_331, 3.1),
    Request("GET", "/thumb/artgrid/Ana%20Vale/making%20of.mp4?size=320", 200, 14_000, 120.0),
    Request("POST", "/api/delete_file", 403, 90, 0.1),
]


@pytest.fixture
def told_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that says always the same, and is no process."""

    def say(_server: ServerProcess) -> Iterator[ServerEvent]:
        yield Began("http://192.168.1.20:8008/", "fy8ZKIsO8GOTcYaet03XbQ1Y0DhtvRmx")
        yield Pairing("http://192.168.1.20:8008/pair?code=4f6WLUXsGrj1MqQkyebFDmORwCqyldcW")
        yield from REQUESTS

    monkeypatch.setattr(ServerProcess, "start", lambda _server: None)
    monkeypatch.setattr(ServerProcess, "events", say)
    stats = {"hits": 1_812, "misses": 40, "answer_bytes": 90_000}
    monkeypatch.setattr("catalog_tui.screens.sharing.get_stats", lambda _address, _token: stats)


async def ask(user: Driver) -> None:
    await user.press("N")


async def serve(user: Driver) -> None:
    await user.press("N", "n")
    await user.until(lambda: isinstance(user.app.screen, ServerWindow) and "403 POST" in user.text())
    await user.until(lambda: "1,812" in user.text())


async def go_on(user: Driver) -> None:
    user.browser.server_bar.start(ServerProcess("/a", Reach(), port=0))
    await user.until(lambda: "4 requests" in user.text())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("steps", [ask, serve, go_on])
def test_serving(
    snap_compare: Compare,
    told_server: None,
    size: tuple[int, int],
    steps: Steps,
) -> None:
    assert picture(snap_compare, size, steps)
