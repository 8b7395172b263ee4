"""A visitor of the page: a tab of the size asked for, whose every complaint is kept."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.waiting import PATIENCE_S

SIZES: Final[dict[str, dict[str, Any]]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    "desktop": {"viewport": {"width": 1280, "height": 800}},
}
PATIENCE_MS: Final = PATIENCE_S * 1_000

STANDING: Final = """(() => {
    const real = window.setTimeout;
    const goes = new Set([3_000, 5_000, 12_000]);
    window.setTimeout = (act, ms, ...more) => (goes.has(ms) ? 0 : real(act, ms, ...more));
})()"""
"""Lets stand what goes when nobody has done anything for so long: the viewer's bars, and toasts without and with a
button. A slow machine is not to miss them."""
TIMELY: Final = "was preloaded using link preload but not used within a few seconds"
"""What the browser says of a machine that was slow."""

expect.set_options(timeout=PATIENCE_MS)


class Visit:
    """One tab. `base` is the server's address."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.context = context
        self.base = base
        self.complaints: list[str] = []
        self.allowed: list[str] = []
        """Patterns of complaints that the test brings about."""
        context.set_default_timeout(PATIENCE_MS)
        context.on("weberror", lambda error: self.complaints.append(f"error: {error.error}"))
        context.on("console", self._heard)
        context.add_init_script(STANDING)
        self.tab = context.new_page()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def open(self, path: str = "/") -> Page:
        """Open an address of the page, and wait for its view."""
        self.tab.goto(self.base + path)
        self.tab.wait_for_selector("#main")
        return self.tab

    def unexpected(self) -> list[str]:
        """Complaints that the test did not bring about."""
        allowed = [TIMELY, *self.allowed]
        return [said for said in self.complaints if not any(re.search(pattern, said) for pattern in allowed)]


@contextmanager
def visiting(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Gives what opens a visit to a port: `make(port, screen="desktop", path="", **options of a context)`."""
    visits: list[Visit] = []

    def make(port: int, screen: str = "desktop", **options: Any) -> Visit:
        context = browser.new_context(**{"locale": "en-GB", "color_scheme": "light", **SIZES[screen], **options})
        visits.append(Visit(context, f"http://127.0.0.1:{port}"))
        return visits[-1]

    try:
        yield make
        for visit in visits:
            assert not visit.unexpected(), visit.unexpected()
    finally:
        for visit in visits:
            visit.context.close()


def model_path(site: str, model: str) -> str:
    """The address of a model's view."""
    from urllib.parse import quote

    return f"/model?site={quote(site)}&model={quote(model)}"


def rows_of(tab: Page) -> list[str]:
    """What the cells in view say of themselves, in the list's order."""
    script = """() => [...document.querySelectorAll(".cell:not([hidden])")]
        .sort((one, other) => one.dataset.index - other.dataset.index)
        .map((cell) => cell.querySelector("a").getAttribute("aria-label") ?? cell.querySelector("b").textContent)"""
    found: list[str] = tab.evaluate(script)
    return found
