"""A real browser over the real server. One browser and one server a module, over one archive that stays as it is; tests
that change files or stop the server start their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from bench.chromium import CHROMIUM, FLAGS
from catalog_tui.demo import make_demo
from tests.server.serving import RunningServer, serving
from tests.web.visiting import SIZES, Visit, visiting

MakeVisit = Callable[..., Visit]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window. Its driver is an event loop that runs as long: no longer than the module."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo archive."""
    folder = tmp_path_factory.mktemp("demo") / "archive"
    make_demo(folder)
    return folder


@pytest.fixture(scope="module")
def server(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server over the demo archive."""
    with serving(demo, home=tmp_path_factory.mktemp("server-home")) as running:
        yield running


@pytest.fixture(params=list(SIZES))
def screen(request: pytest.FixtureRequest) -> str:
    """A phone, and a desktop."""
    return str(request.param)


@pytest.fixture
def visit(browser: Browser) -> Iterator[MakeVisit]:
    """Opens visits; at the end each must have gone without a word in the console."""
    with visiting(browser) as make:
        yield make
