"""Draws the README's picture of the web page: `python -m scripts.page_pictures` writes docs/pictures/page.jpg.

The demo archive is served as a user would serve it, and looked at with Debian's Chromium: on a desktop, and on a phone.
"""

import io
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from bench.chromium import CHROMIUM, FLAGS
from catalog_tui.demo import make_demo
from scripts.pictures import FOLDER
from tests.server.serving import serving
from tests.web.visiting import model_path

DESKTOP: Final = (1180, 760)
PHONE: Final = (390, 760)
GAP: Final = 20
LOADED: Final = """() =>
    document.querySelectorAll("main .shown").length > 3 &&
    !document.querySelector("main .coming") &&
    !document.getAnimations().length
"""


def look(browser: Browser, address: str, size: tuple[int, int], theme: str, *, phone: bool) -> Image.Image:
    """A screenshot of an address, once its pictures are there."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        is_mobile=phone,
        has_touch=phone,
        color_scheme="dark" if theme == "dark" else "light",
        locale="en-GB",
        service_workers="block",
    )
    tab: Page = context.new_page()
    tab.goto(address)
    tab.wait_for_function(LOADED)
    shot = Image.open(io.BytesIO(tab.screenshot())).convert("RGB")
    context.close()
    return shot


def main() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        archive = Path(temporary) / "Archive-Downloader"
        make_demo(archive)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with serving(archive, home=Path(temporary)) as server:
            base = f"http://127.0.0.1:{server.port}"
            shots = [
                look(browser, base + model_path("northlight", "fjordlines"), DESKTOP, "dark", phone=False),
                look(browser, base + "/", PHONE, "light", phone=True),
            ]
        browser.close()
    width = sum(shot.width for shot in shots) + GAP
    picture = Image.new("RGB", (width, max(shot.height for shot in shots)), (128, 128, 132))
    left = 0
    for shot in shots:
        picture.paste(shot, (left, 0))
        left += shot.width + GAP
    picture.save(FOLDER / "page.jpg", quality=84, optimize=True)


if __name__ == "__main__":
    main()
