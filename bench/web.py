"""Open a model in a browser: our page, copyparty's and that of `python -m http.server`, on the same folder.

    python -m bench.web --copyparty ~/venv/bin/copyparty       # Debian's chromium, and copyparty from PyPI

Shown are, for a model of 200 pictures over a slow 4G line (150 ms, 1.6 Mbit/s down, as Lighthouse throttles), the time
from the navigation to the first picture on the screen; and for a model of 100,000 files on loopback the time to the
first rows, the frames over 50 ms while it is scrolled for 10 s by 60 wheel events a second (and how many there were),
the most elements in the page, and the memory of the tab (the proportional set size of its process), as it is then and
after its garbage was collected. A turn of the wheel is 50 pixels: at 100 our page would not begin its pictures at all.
Nothing is in the browser's cache; the servers were asked once before, so listings and the first thumbnails are made.
Medians of the rounds.
"""

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as Late

from bench import measuring
from bench.chromium import CHROMIUM, FLAGS

SLOW_4G: Final = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
FEW: Final = 200
MANY: Final = 100_000
SCROLL_S: Final = 10
WHEEL_HZ: Final = 60
WHEEL_PIXELS: Final = 50
SLOW_FRAME_MS: Final = 50
PATIENCE_MS: Final = 30_000
WATCH: Final = """(() => {
    const mark = () => {
        const row = document.querySelector(ROW);
        if (row && !window.firstRow) window.firstRow = performance.now();
        const images = PICTURE ? [...document.querySelectorAll(PICTURE)] : [];
        const shown = images.some((image) => image.matches('canvas') || (image.complete && image.naturalWidth));
        if (shown && !window.firstPicture) window.firstPicture = performance.now();
        requestAnimationFrame(mark);
    };
    requestAnimationFrame(mark);
})()"""
FRAMES: Final = """() => {
    Object.assign(window, { frames_ms: [], wheel_events: 0, most_elements: 0 });
    addEventListener("wheel", () => (window.wheel_events += 1), { passive: true });
    let last = performance.now();
    const frame = (now) => {
        if (window.frames_ms.push(now - last) % 60 === 1)
            window.most_elements = Math.max(window.most_elements, document.getElementsByTagName("*").length);
        last = now;
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
}"""


@dataclass(frozen=True, slots=True)
class Site:
    """A server of a folder, where it shows a model, and what its rows and pictures are; no pictures where none."""

    label: str
    argv: tuple[str, ...]
    path: str
    row: str
    picture: str


@dataclass(slots=True)
class Seen:
    """What was measured of one page; None where nothing came in time."""

    picture_ms: list[float] = field(default_factory=list)
    rows_ms: list[float] = field(default_factory=list)
    wheel_hz: list[float] = field(default_factory=list)
    slow_share: list[float] = field(default_factory=list)
    elements: list[float] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)
    kept_mb: list[float] = field(default_factory=list)


def make_archive(root: Path) -> None:
    """Two models: 200 photographs of about 150 KB, and 100,000 names of them."""
    few, many = root / "site" / "few", root / "site" / "many"
    if many.is_dir():
        return
    few.mkdir(parents=True)
    many.mkdir()
    for number in range(FEW):
        rng = Random(number)
        small = Image.frombytes("RGB", (48, 36), rng.randbytes(48 * 36 * 3))
        small.resize((1600, 1200), Image.Resampling.BICUBIC).save(few / f"photo{number:03}.jpg", quality=88)
    for number in range(MANY):
        os.link(few / f"photo{number % FEW:03}.jpg", many / f"photo{number:06}.jpg")


def sites(archive: Path, copyparty: str | None, ports: Sequence[int]) -> list[Site]:
    """Every server of which there is a program."""
    ours, theirs, plain = map(str, ports)
    found = [
        Site(
            "catalog-tui",
            (sys.executable, "-m", "catalog_tui", "serve", str(archive), "--port", ours, "--log", "none"),
            f"http://127.0.0.1:{ours}/model?site=site&model=",
            ".cell .tile[href]",
            ".tile.shown canvas",
        ),
        Site(
            "http.server",
            (sys.executable, "-m", "http.server", plain, "--bind", "127.0.0.1", "-d", str(archive)),
            f"http://127.0.0.1:{plain}/site/",
            "li a",
            "",
        ),
    ]
    if copyparty:
        hist = archive.parent / "copyparty"
        argv = (copyparty, "-q", "-i", "127.0.0.1", "-p", theirs, "-v", f"{archive}::r", "--grid", "--hist", str(hist))
        found.insert(
            1, Site("copyparty", argv, f"http://127.0.0.1:{theirs}/site/", "#ggrid a, #files tbody tr", "#ggrid img")
        )
    return found


@contextmanager
def serving(site: Site, folder: Path) -> Iterator[None]:
    """The server, until the end."""
    environ = {
        **os.environ,
        **{f"CATALOG_TUI_{part}_DIR": str(folder / part.lower()) for part in ("CACHE", "STATE", "CONFIG")},
    }
    process = subprocess.Popen(
        site.argv, cwd=Path(__file__).parent.parent, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _try in range(300):
            try:
                urlopen(site.path.partition("/site")[0].partition("/model")[0] + "/", timeout=5).close()
                break
            except (URLError, ConnectionError):
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def opened(browser: Browser, site: Site, model: str, *, slowly: bool) -> Iterator[Page]:
    """A tab with empty caches on its way to a model."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, service_workers="block")
    try:
        tab = context.new_page()
        if slowly:
            session = context.new_cdp_session(tab)
            session.send("Network.enable")
            session.send("Network.emulateNetworkConditions", SLOW_4G)
        watch = WATCH.replace("ROW", repr(site.row)).replace("PICTURE", repr(site.picture))
        tab.add_init_script(watch)
        ending = "" if "?" in site.path else "/"
        tab.goto(site.path + model + ending, wait_until="commit", timeout=PATIENCE_MS)
        yield tab
    finally:
        context.close()


def marked(tab: Page, name: str) -> float:
    """When something was first on the screen, in ms since the navigation began; infinity where it never came."""
    try:
        tab.wait_for_function(f"() => window.{name}", timeout=PATIENCE_MS)
    except Late:
        return float("inf")
    return float(tab.evaluate(f"window.{name}"))


def scroll(tab: Page, into: Seen) -> None:
    """Turn the wheel for ten seconds, as Chromium itself paces it, and note the frames and the elements."""
    tab.evaluate(FRAMES)
    began = time.perf_counter()
    tab.context.new_cdp_session(tab).send(
        "Input.synthesizeScrollGesture",
        {
            "x": 640,
            "y": 400,
            "yDistance": -SCROLL_S * WHEEL_HZ * WHEEL_PIXELS,
            "speed": WHEEL_HZ * WHEEL_PIXELS,
            "gestureSourceType": "mouse",
            "preventFling": True,
        },
    )
    past_s = time.perf_counter() - began
    frames: list[float] = tab.evaluate("window.frames_ms")
    into.wheel_hz.append(tab.evaluate("window.wheel_events") / past_s)
    into.slow_share.append(sum(frame > SLOW_FRAME_MS for frame in frames) / max(1, len(frames)))
    into.elements.append(tab.evaluate("window.most_elements"))


def tab_memory_mb(browser: Browser) -> float:
    """The proportional set size of the largest process that draws pages."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    sizes = [_pss_kib(int(process["id"])) for process in processes if process["type"] == "renderer"]
    return max(sizes, default=0) / 1024


def _pss_kib(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def measure(site: Site, into: Seen) -> None:
    """One round of a server: each page in a browser of its own."""
    with sync_playwright() as playwright:
        for model, slowly in (("few", True), ("many", False)):
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            with opened(browser, site, model, slowly=slowly) as tab:
                if slowly:
                    into.picture_ms.append(marked(tab, "firstPicture") if site.picture else float("inf"))
                else:
                    into.rows_ms.append(marked(tab, "firstRow"))
                    scroll(tab, into)
                    into.memory_mb.append(tab_memory_mb(browser))
                    tab.context.new_cdp_session(tab).send("HeapProfiler.collectGarbage")
                    tab.wait_for_timeout(1_000)
                    into.kept_mb.append(tab_memory_mb(browser))
            browser.close()


def warm(site: Site) -> None:
    """Ask once before: listings and thumbnails are made."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for model in ("few", "many"):
            with opened(browser, site, model, slowly=False) as tab:
                marked(tab, "firstRow")
                if site.picture and model == "few":
                    marked(tab, "firstPicture")
                    tab.wait_for_timeout(2_000)
        browser.close()


def table(seen: dict[str, Seen]) -> str:
    """The figures as Markdown."""

    def figure(values: list[float], unit: str, digits: int = 0) -> str:
        median = statistics.median(values)
        return "none" if median == float("inf") else f"{median:,.{digits}f}{unit}"

    rows = [
        ["first picture, slow 4G", *(figure([ms / 1000 for ms in each.picture_ms], " s", 2) for each in seen.values())],
        ["100,000 files: first rows", *(figure([ms / 1000 for ms in each.rows_ms], " s", 2) for each in seen.values())],
        ["wheel events a second", *(figure(each.wheel_hz, "") for each in seen.values())],
        ["frames over 50 ms", *(figure([100 * share for share in each.slow_share], " %", 1) for each in seen.values())],
        ["elements in the page", *(figure(each.elements, "") for each in seen.values())],
        ["memory of the tab", *(figure(each.memory_mb, " MB") for each in seen.values())],
        ["the same, garbage collected", *(figure(each.kept_mb, " MB") for each in seen.values())],
    ]
    return measuring.markdown_table(["", *seen], rows)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _number in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--copyparty", default=shutil.which("copyparty"), help="its program; left out where there is none"
    )
    parser.add_argument("--dir", type=Path, help="where the trees are kept")
    parser.add_argument("--only", default="", help="servers by name, with commas between them")
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="catalog-tui-bench-") as temporary:
        folder = args.dir or Path(temporary)
        make_archive(folder / "archive")
        every = sites((folder / "archive").resolve(), args.copyparty, free_ports(3))
        every = [site for site in every if not args.only or site.label in args.only.split(",")]
        seen = {site.label: Seen() for site in every}
        for round_number in range(args.runs):
            for site in every:
                with serving(site, folder):
                    if round_number == 0 or site.label == "catalog-tui":
                        warm(site)
                    measure(site, seen[site.label])
                    print(site.label, seen[site.label], file=sys.stderr, flush=True)
        print(measuring.machine())
        print()
        print(table(seen))


if __name__ == "__main__":
    main()
