"""Everyone can use it: contrast and names in both themes (axe), choices kept, the blur key, the rules of the page."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.server.serving import RunningServer
from tests.web.conftest import MakeVisit
from tests.web.visiting import model_path

MODEL = model_path("northlight", "fjordlines")
VIEWS = {
    "sites": "/",
    "site": "/site?site=northlight",
    "model": MODEL,
    "viewer": MODEL + "#at=0&name=",
    "search": "/search?q=img",
    "duplicates": "/duplicates",
    "statistics": "/statistics",
    "settings": "/settings",
}
READY = {"viewer": ".slide.shown", "statistics": ".bars a", "settings": "table", "duplicates": ".state h2"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(server: RunningServer, visit: MakeVisit, screen: str, theme: str) -> None:
    visitor = visit(server.port, screen, color_scheme=theme, reduced_motion="reduce", bypass_csp=True)
    for view, path in VIEWS.items():
        visitor.tab.goto("about:blank")
        tab = visitor.open(path)
        tab.locator(READY.get(view, ".cell:not([hidden]) a[href]")).first.wait_for()
        found = Axe().run(tab).response["violations"]
        grave = [
            (one["id"], [node["target"] for node in one["nodes"]][:3])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert grave == [], f"{view}: {grave}"


def test_a_theme_is_chosen_and_kept(server: RunningServer, visit: MakeVisit) -> None:
    tab = visit(server.port).open("/settings")
    before = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    tab.get_by_role("button", name="Dark").click()
    dark = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != before
    tab.reload()
    tab.wait_for_selector("#main")
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    tab.get_by_role("button", name="System").click()
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == before


def test_the_blur_key_blurs_every_picture(server: RunningServer, visit: MakeVisit) -> None:
    tab = visit(server.port).open(MODEL)
    expect(tab.locator(".tile.shown").first).to_be_visible()
    tab.keyboard.press("b")
    expect(tab.locator("html")).to_have_class(re.compile("blurred"))
    assert "blur" in tab.locator(".tile.shown canvas").first.evaluate("(picture) => getComputedStyle(picture).filter")
    tab.reload()
    tab.locator(".tile.shown").first.click()
    expect(tab.locator(".slide.shown").first).to_be_visible()
    assert "blur" in tab.locator(".photo").first.evaluate("(image) => getComputedStyle(image).filter")
    tab.keyboard.press("Escape")
    tab.keyboard.press("b")
    expect(tab.locator("html")).not_to_have_class(re.compile("blurred"))


def test_nothing_is_written_into_the_page_as_html() -> None:
    from tests.web.wording import scripts

    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|\beval\(|DOMParser|srcdoc"
    )
    for path in scripts():
        assert not forbidden.search(path.read_text("utf-8")), path.name


def test_the_scripts_are_small(server: RunningServer) -> None:
    shell = server.ask("/").body.decode()
    digest = re.search(r"/static/([0-9a-f]+)/", shell)
    assert digest
    listed = server.ask(f"/static/{digest[1]}/files.json").json
    scripts = [address for address in listed if address.endswith(".js")]
    sizes = [len(server.ask(address, headers={"accept-encoding": "gzip"}).body) for address in scripts]
    assert len(scripts) > 10
    assert sum(sizes) <= 60_000


def test_files_of_the_page_are_kept_for_good_and_its_shell_never(server: RunningServer) -> None:
    shell = server.ask("/model?site=northlight&model=x")
    assert shell.headers["cache-control"] == "no-cache"
    assert "script-src 'self'" in shell.headers["content-security-policy"]
    early = "</api/model?site=northlight&model=x&images_limit=0&videos_limit=0&offset=0&limit=100>; rel=preload"
    assert shell.headers["link"].startswith(early)
    known = server.ask("/api/model?site=northlight&model=fjordlines&images_limit=0&videos_limit=0&offset=0&limit=100")
    early = server.ask("/model?site=northlight&model=fjordlines").headers["link"]
    assert early.count("as=fetch") == 3
    assert f"<{known.json['items'][0]['thumb']}>; rel=preload; as=fetch; crossorigin" in early
    assert "link" not in server.ask("/model?site=%22%3E&model=<x>").headers
    script = re.search(r'src="(/static/[0-9a-f]+/page\.js)"', shell.body.decode())
    assert script
    assert "immutable" in server.ask(script[1]).headers["cache-control"]
    assert server.ask(script[1], headers={"if-none-match": server.ask(script[1]).headers["etag"]}).status == 304
    assert server.ask(script[1].replace("page.js", "none.js")).status == 404


@pytest.mark.parametrize("width", [800, 844, 1279, 1280])
def test_the_way_back_ends_before_the_tabs(server: RunningServer, visit: MakeVisit, width: int) -> None:
    visitor = visit(server.port, locale="pt-BR", viewport={"width": width, "height": 600})
    tab = visitor.open(model_path("quiet_machines", "fog.signal"))
    up, tabs, look = (tab.locator(place).bounding_box() for place in (".up", ".tabs", ".blur-button"))
    assert up and tabs and look
    assert up["width"] > 100
    assert up["x"] + up["width"] <= tabs["x"]
    assert tabs["x"] + tabs["width"] < look["x"]
    assert look["x"] > width - 120
