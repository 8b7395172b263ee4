"""What is said when there is nothing, when something is gone, and when the server is."""

import re
import shutil
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.server.conftest import PIXEL
from tests.server.peers import free_port
from tests.server.serving import RunningServer, serving
from tests.trees import make_archive
from tests.web.conftest import MakeVisit
from tests.web.visiting import model_path

OFFLINE = "ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|WebSocket connection"
NOT_FOUND = "status of 404"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """An archive that tests may change; its files are no true pictures."""
    spec: dict[str, bytes | int] = {
        **{f"alpha/anna/img{number}.zip": PIXEL + b"%d" % number for number in range(1, 9)},
        "alpha/empty/": b"",
        "gamma/": b"",
    }
    return make_archive(tmp_path / "archive", spec)


def heading(tab: Page, words: str) -> None:
    """The view says this."""
    expect(tab.get_by_role("heading", name=words)).to_be_visible()


def test_emptiness_is_put_into_words(small: Path, visit: MakeVisit, tmp_path: Path, screen: str) -> None:
    with serving(small, home=tmp_path / "home") as server:
        visitor = visit(server.port, screen)
        heading(visitor.open("/site?site=gamma"), "No models here")
        heading(visitor.open(model_path("alpha", "empty")), "Nothing here")
        heading(visitor.open("/search?q=nothing+at+all"), "Nothing is called that")
        heading(visitor.open("/search"), "What are you looking for?")
        shutil.rmtree(small / "gamma")
        shutil.rmtree(small / "alpha")
        heading(visitor.open("/"), "Nothing here yet")
        heading(visitor.open("/statistics"), "Nothing to count yet")


def test_what_never_was_here_says_so(server: RunningServer, visit: MakeVisit) -> None:
    visitor = visit(server.port)
    visitor.allowed = [NOT_FOUND, "status of 422"]
    tab = visitor.open(model_path("northlight", "nobody"))
    heading(tab, "This is not here any more")
    tab.get_by_role("link", name="To the library").click()
    heading(tab, "Library")
    heading(visitor.open("/site"), "This address means nothing here")


def test_a_file_deleted_elsewhere_goes_from_the_grid_and_the_viewer(
    small: Path, visit: MakeVisit, tmp_path: Path, screen: str
) -> None:
    with serving(small, home=tmp_path / "home") as server:
        visitor = visit(server.port, screen)
        tab = visitor.open(model_path("alpha", "anna"))
        expect(tab.locator(".tile[href]")).to_have_count(8)
        (small / "alpha" / "anna" / "img3.zip").unlink()
        expect(tab.locator(".cell:not([hidden]) .tile[href]")).to_have_count(7)
        expect(tab.locator(".sums")).to_contain_text("7 other files")
        tab.locator(".tile[title='img4.zip']").click()
        expect(tab.locator(".counter")).to_have_text("3 / 7")
        (small / "alpha" / "anna" / "img4.zip").unlink()
        expect(tab.locator(".counter")).to_have_text("3 / 6")
        expect(tab.locator(".above .name")).to_have_text("img5.zip")


def test_a_model_that_vanishes_under_the_reader_says_so(small: Path, visit: MakeVisit, tmp_path: Path) -> None:
    with serving(small, home=tmp_path / "home") as server:
        visitor = visit(server.port)
        visitor.allowed = [NOT_FOUND]
        tab = visitor.open(model_path("alpha", "anna"))
        expect(tab.locator(".tile[href]")).to_have_count(8)
        shutil.rmtree(small / "alpha" / "anna")
        heading(tab, "This is not here any more")


def test_an_archive_that_is_away_comes_back(small: Path, visit: MakeVisit, tmp_path: Path) -> None:
    with serving(small, home=tmp_path / "home") as server:
        visitor = visit(server.port)
        visitor.allowed = ["status of 503"]
        away = small.with_name("away")
        small.rename(away)
        heading(visitor.open("/"), "The archive is away")
        away.rename(small)
        visitor.tab.get_by_role("button", name="Try again").click()
        expect(visitor.tab.locator(".card")).to_have_count(2)


def test_a_server_that_ends_and_comes_back_is_noticed(
    small: Path, visit: MakeVisit, tmp_path: Path, screen: str
) -> None:
    with serving(small, "--port", str(free_port()), home=tmp_path / "home") as server:  # nobody takes it meanwhile
        visitor = visit(server.port, screen)
        visitor.allowed = [OFFLINE]
        with visitor.tab.expect_response(re.compile("/api/models.*alpha")) as covers:
            tab = visitor.open("/")
        covers.value.finished()
        expect(tab.locator(".card")).to_have_count(2)
        server.process.send_signal(signal.SIGTERM)
        server.process.wait()
        expect(tab.locator(".away")).to_be_visible()
        tab.locator(".card", has_text="alpha").click()
        tab.locator(".card", has_text="anna").click()  # known from the covers; what is in it is not
        heading(tab, "The server does not answer")
        with serving(small, "--port", str(server.port), home=tmp_path / "home"):
            expect(tab.locator(".away")).to_be_hidden()
            expect(tab.locator(".tile[href]")).to_have_count(8)
            expect(tab).to_have_url(re.compile("model=anna"))


def test_the_shell_opens_without_a_server(small: Path, visit: MakeVisit, tmp_path: Path) -> None:
    with serving(small, "--port", str(free_port()), home=tmp_path / "home") as server:
        visitor = visit(server.port)
        visitor.allowed = [OFFLINE]
        tab = visitor.open("/")
        expect(tab.locator(".card")).to_have_count(2)
        tab.evaluate("navigator.serviceWorker.ready.then(() => true)")
        kept = tab.evaluate(
            "caches.open('catalog-shell').then((cache) => cache.keys()).then((all) => all.map((r) => r.url))"
        )
        assert all("/static/" in address or address.endswith("/") for address in kept), kept
        server.process.send_signal(signal.SIGTERM)
        server.process.wait()
        tab.goto(visitor.base + "/site?site=alpha")
        heading(tab, "The server does not answer")
        with serving(small, "--port", str(server.port), home=tmp_path / "home"):
            expect(tab.locator(".card")).to_have_count(2)
