"""A server that asks for its token: the way in by a page, and out again."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.server.serving import serving
from tests.web.conftest import MakeVisit

TOKEN = "a token of good length"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_one_gets_in_with_the_token_and_out_again(
    demo: Path, visit: MakeVisit, tmp_path: Path, screen: str, theme: str
) -> None:
    token = tmp_path / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    with serving(demo, "--token-file", str(token), home=tmp_path / "home") as server:
        visitor = visit(server.port, screen, color_scheme=theme, bypass_csp=True)
        visitor.allowed = ["status of 401"]
        tab = visitor.tab
        tab.goto(visitor.base + "/site?site=northlight")
        expect(tab).to_have_url(visitor.base + "/login")
        expect(tab.get_by_label("Token")).to_be_focused()
        found = Axe().run(tab).response["violations"]
        assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
        tab.keyboard.type("not the token at all")
        tab.keyboard.press("Enter")
        expect(tab.get_by_role("alert")).to_be_visible()
        tab.get_by_label("Token").fill(TOKEN)
        tab.keyboard.press("Enter")
        expect(tab.locator(".card")).to_have_count(5)
        expect(tab.locator(".quarter.shown").first).to_be_visible()
        tab.get_by_role("link", name="Settings").click()
        tab.get_by_role("button", name="Log out").click()
        expect(tab).to_have_url(visitor.base + "/login")
        tab.goto(visitor.base + "/")
        expect(tab).to_have_url(visitor.base + "/login")


def test_a_session_that_ended_leads_to_the_login_page_and_back(demo: Path, visit: MakeVisit, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    with serving(demo, "--token-file", str(token), home=tmp_path / "home") as server:
        visitor = visit(server.port)
        visitor.allowed = ["status of 401"]
        tab = visitor.tab
        tab.goto(visitor.base + "/")
        tab.get_by_label("Token").fill(TOKEN)
        tab.keyboard.press("Enter")
        expect(tab.locator(".card")).to_have_count(5)
        tab.locator(".card", has_text="northlight").click()
        expect(tab.locator(".card")).to_have_count(6)
        visitor.context.clear_cookies()  # which the list finds when it looks whether it is still true
        expect(tab).to_have_url(visitor.base + "/login")
        tab.get_by_label("Token").fill(TOKEN)
        tab.keyboard.press("Enter")
        expect(tab).to_have_url(visitor.base + "/site?site=northlight")
        expect(tab.locator(".card")).to_have_count(6)
