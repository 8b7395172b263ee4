"""File names are hostile: whatever they hold is shown, and nothing of it runs, reorders or runs over."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.corpus import NASTY_NAMES, write_corpus
from tests.server.serving import RunningServer, encoded, serving
from tests.web.conftest import MakeVisit
from tests.web.visiting import Visit

PAYLOADS = (
    b"<img src=x onerror=window.pwned=1>",
    b'"><script>window.pwned=1<!--',
    b"' onmouseover='window.pwned=1",
    b"javascript:window.pwned=1",
    b"${window.pwned=1}{{window.pwned=1}}",
    b"<svg onload=window.pwned=1>",
)


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose sites, models and files all have nasty names."""
    archive = tmp_path_factory.mktemp("nasty") / "archive"
    write_corpus(archive / "site" / "names")
    for name in NASTY_NAMES:
        folder = os.path.join(os.fsencode(archive / "models"), name)
        if not name.startswith(b"."):
            os.makedirs(folder, exist_ok=True)
    for payload in PAYLOADS:
        folder = os.path.join(os.fsencode(archive), payload, payload)
        os.makedirs(folder)
        with open(os.path.join(folder, payload + b".zip"), "wb") as file:
            file.write(b"x")
        with open(os.path.join(folder, payload + b"copy.zip"), "wb") as file:
            file.write(b"x")
    return archive


@pytest.fixture(scope="module")
def nasty_server(nasty: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server over it."""
    with serving(nasty, home=tmp_path_factory.mktemp("nasty-home")) as running:
        yield running


def harmless(visitor: Visit) -> None:
    """Nothing ran, and nothing sticks out."""
    tab = visitor.tab
    assert tab.evaluate("window.pwned") is None
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab.url
    text = tab.evaluate("document.body.innerText")
    assert not set(text) & set("\x1b\x07\x7f\u202e\u202a\u2066\u200b\ufeff")


def walked(tab: Page) -> None:
    """Scroll through everything."""
    tab.evaluate(
        """async () => {
            for (let y = 0; y < document.body.scrollHeight; y += innerHeight / 2) {
                scrollTo(0, y);
                await new Promise((resolve) => setTimeout(resolve, 30));
            }
        }"""
    )


def test_every_view_shows_nasty_names(nasty_server: RunningServer, visit: MakeVisit, screen: str) -> None:
    visitor = visit(nasty_server.port, screen)
    for path in ("/", "/site?site=models", "/model?site=site&model=names", "/search?q=e", "/statistics"):
        tab = visitor.open(path)
        expect(tab.locator("a.card[href], a.tile[href], .bars a").first).to_be_visible()
        walked(tab)
        harmless(visitor)


def test_every_nasty_name_is_opened_by_its_address(nasty_server: RunningServer, visit: MakeVisit) -> None:
    visitor = visit(nasty_server.port)
    tab = visitor.open("/model?site=site&model=names")
    tab.locator(".tile[href]").first.click()
    total = nasty_server.ask("/api/model?site=site&model=names").json["total_items"]
    assert total > 100
    for number in range(1, total + 1):
        expect(tab.locator(".counter")).to_have_text(f"{number} / {total}")
        tab.keyboard.press("ArrowRight")
    harmless(visitor)


def test_an_exact_name_survives_a_reload(nasty_server: RunningServer, visit: MakeVisit) -> None:
    visitor = visit(nasty_server.port)
    for name in (b"raw\x9b31m c1.jpg", b"100%.jpg", b"a?b#c&d=e+f;g.jpg", b"%2e%2e%2fetc%2fpasswd.jpg", b"\r\n.jpg"):
        tab = visitor.open(f"/model?site=site&model=names#at=0&name={encoded(name)}")
        expect(tab.locator(".viewer .name")).not_to_be_empty()
        assert f"name={encoded(name)}".lower() in tab.url.lower()
        expect(tab.locator(".toast")).to_have_count(0)
        tab.goto("about:blank")


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_a_name_that_would_run_is_only_shown(nasty_server: RunningServer, visit: MakeVisit, payload: bytes) -> None:
    visitor = visit(nasty_server.port, "phone")
    name = encoded(payload)
    tab = visitor.open(f"/site?site={name}")
    expect(tab.get_by_role("heading", level=1)).to_have_text(payload.decode())
    tab.locator(".card[href]").click()
    expect(tab.locator(".tile[href]")).to_have_count(2)
    tab.locator(".tile[href]").first.click()
    expect(tab.locator(".slide:not([inert]) .sheet h2")).to_contain_text(payload.decode())
    tab.get_by_role("button", name="Facts").click()
    expect(tab.locator(".facts")).to_contain_text(payload.decode())
    harmless(visitor)
    visitor.open(f"/search?q={name}")
    expect(tab.locator(".found-name").first).to_contain_text(payload.decode())
    harmless(visitor)
