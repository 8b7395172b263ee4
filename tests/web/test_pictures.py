"""The small pictures of a long list: who makes them."""

import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.server.serving import serving
from tests.web.conftest import MakeVisit
from tests.web.visiting import model_path

COUNT = 600
BEYOND_THE_PAGES_OWN = 4
BEYOND_A_WORKERS_SHARE = 9
LOWEST = "document.elementFromPoint(innerWidth / 2, innerHeight - 40)"


@pytest.fixture(scope="module")
def photographed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a model of many pictures."""
    folder = tmp_path_factory.mktemp("photographed") / "archive" / "site" / "model"
    folder.mkdir(parents=True)
    Image.new("RGB", (40, 30), "teal").save(folder / "000.png")
    for number in range(1, COUNT):
        os.link(folder / "000.png", folder / f"{number:03}.png")
    return folder.parent.parent


def turn_pages(tab: Page, count: int) -> None:
    """Go down the list, and wait for the pictures of each place."""
    for _page in range(count):
        tab.evaluate("scrollBy(0, innerHeight)")
        tab.wait_for_function(f"() => {LOWEST}?.closest('.shown')")


def test_workers_make_them_by_turns(photographed: Path, visit: MakeVisit, tmp_path: Path) -> None:
    with serving(photographed, home=tmp_path) as server:
        tab = visit(server.port).open(model_path("site", "model"))
        expect(tab.locator(".tile.shown").first).to_be_visible()
        assert not tab.workers
        turn_pages(tab, BEYOND_THE_PAGES_OWN)
        (first,) = tab.workers
        with first.expect_event("close"):
            turn_pages(tab, BEYOND_A_WORKERS_SHARE)
        assert len(tab.workers) == 1


def test_without_workers_the_page_makes_them(photographed: Path, visit: MakeVisit, tmp_path: Path) -> None:
    with serving(photographed, home=tmp_path) as server:
        visitor = visit(server.port, service_workers="block")
        visitor.allowed += ["decoding-worker", "Service Worker registration blocked"]
        visitor.context.route("**/decoding-worker.js", lambda route: route.abort())
        tab = visitor.open(model_path("site", "model"))
        turn_pages(tab, BEYOND_A_WORKERS_SHARE)
        assert not tab.workers
