"""One file at a time: by finger, by mouse, by keys, by itself; and what can be known and taken home."""

import re
import time
from pathlib import Path
from zipfile import ZipFile

from PIL import Image
from playwright.sync_api import CDPSession, Page, Route, expect

from tests.server.serving import RunningServer, serving
from tests.web.conftest import MakeVisit
from tests.web.visiting import Visit, model_path

PICTURES = model_path("northlight", "fjordlines") + "&kind=image"
VIDEOS = model_path("northlight", "fjordlines") + "&kind=video"
BELOW = "[...document.body.children].filter((element) => !element.matches('.viewer, .toasts'))"
SCALE = "new DOMMatrix(getComputedStyle(document.querySelector('.slide:not([inert]) .photo')).transform).a"


class Fingers:
    """Touches of the screen, as the browser takes them from a phone."""

    def __init__(self, visitor: Visit) -> None:
        self._session: CDPSession = visitor.context.new_cdp_session(visitor.tab)

    def _send(self, kind: str, points: list[tuple[float, float]], at_s: float | None = None) -> None:
        touches = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(points)]
        said = {"type": kind, "touchPoints": touches, "timestamp": at_s or time.time()}
        self._session.send("Input.dispatchTouchEvent", said)

    def drag(self, *paths: tuple[tuple[float, float], tuple[float, float]], steps: int = 8) -> None:
        """Each finger from one point to another, together."""
        self._send("touchStart", [start for start, _end in paths])
        for step in range(1, steps + 1):
            at = step / steps
            self._send("touchMove", [(a + (c - a) * at, b + (d - b) * at) for (a, b), (c, d) in paths])
        self._send("touchEnd", [])

    def tap_twice(self, x: float, y: float) -> None:
        """One finger, twice within a fifth of a second by the events' own clock, however long the machine takes."""
        began_s = time.time()
        for tap in range(2):
            self._send("touchStart", [(x + 2 * tap, y + tap)], began_s + 0.1 * tap)
            self._send("touchEnd", [], began_s + 0.1 * tap + 0.05)


def names(server: RunningServer, path: str) -> list[str]:
    """The files of a model's view, in order."""
    return [item["name"] for item in server.ask(path.replace("/model", "/api/model") + "&limit=1000").json["items"]]


def opened(visitor: Visit, path: str, index: int = 0) -> Page:
    """The viewer at a file, come to by a click."""
    tab = visitor.open(path)
    tab.locator(f".cell[data-index='{index}'] .tile").click()
    expect(tab.get_by_role("dialog")).to_be_visible()
    return tab


def test_keys_go_through_the_files(server: RunningServer, visit: MakeVisit) -> None:
    there = names(server, PICTURES)
    tab = opened(visit(server.port), PICTURES, 2)
    name = tab.locator(".above .name")
    expect(name).to_have_text(there[2])
    for key, index in (("ArrowRight", 3), ("j", 4), ("k", 3), ("ArrowLeft", 2), ("G", len(there) - 1), ("g", 0)):
        tab.keyboard.press(key)
        expect(name).to_have_text(there[index])
    expect(tab.locator(".counter")).to_have_text(f"1 / {len(there)}")
    tab.keyboard.press("ArrowLeft")  # there is nothing before the first
    expect(name).to_have_text(there[0])
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("dialog")).to_have_count(0)
    expect(tab.locator(".cell[data-index='0'] .tile")).to_be_focused()


def test_keys_pressed_while_the_list_comes_are_all_counted(visit: MakeVisit, tmp_path: Path) -> None:
    folder = tmp_path / "archive" / "site" / "model"
    folder.mkdir(parents=True)
    for number in range(150):
        (folder / f"{number:03}.zip").touch()
    with serving(tmp_path / "archive", home=tmp_path / "home") as server:
        tab = visit(server.port).open(model_path("site", "model"))
        held: list[Route] = []
        may_go = False
        tab.locator(".cell[data-index='0'] .tile[href]").wait_for()
        tab.route(
            re.compile("/api/model.*offset=100"), lambda route: route.continue_() if may_go else held.append(route)
        )
        tab.locator(".cell[data-index='0'] .tile").click()
        counter = tab.locator(".counter")
        expect(counter).to_have_text("1 / 150")
        for _step in range(99):
            tab.keyboard.press("j")
        expect(counter).to_have_text("100 / 150")
        for key in "jjjjkj":
            tab.keyboard.press(key)
        expect(counter).to_have_text("100 / 150")
        may_go = True
        for route in held:
            route.continue_()
        expect(counter).to_have_text("104 / 150")


def test_the_address_leads_back_to_the_file(server: RunningServer, visit: MakeVisit, screen: str) -> None:
    there = names(server, PICTURES)
    visitor = visit(server.port, screen)
    tab = opened(visitor, PICTURES, 1)
    tab.keyboard.press("ArrowRight")
    expect(tab).to_have_url(re.compile(r"#at=2&name="))
    tab.reload()
    expect(tab.locator(".above .name")).to_have_text(there[2])
    moved = tab.url.replace("#at=2", "#at=40")  # as after files were added: the name counts
    tab.goto("about:blank")
    tab.goto(moved)
    expect(tab.locator(".counter")).to_have_text(f"3 / {len(there)}")
    tab.goto("about:blank")
    tab.goto(visitor.base + PICTURES + "#at=1&name=gone.jpg")
    expect(tab.locator(".toast")).to_contain_text("not here any more")
    expect(tab.get_by_role("dialog")).to_have_count(0)


def test_a_finger_swipes_pulls_down_and_taps_twice(server: RunningServer, visit: MakeVisit) -> None:
    there = names(server, PICTURES)
    visitor = visit(server.port, "phone")
    tab = opened(visitor, PICTURES, 1)
    fingers = Fingers(visitor)
    name = tab.locator(".above .name")
    expect(tab.locator(".slide.shown:not([inert])")).to_be_visible()
    fingers.drag(((300, 400), (60, 410)))
    expect(name).to_have_text(there[2])
    fingers.drag(((60, 400), (300, 390)))
    expect(name).to_have_text(there[1])
    expect(tab.locator(".slide.shown:not([inert])")).to_be_visible()
    fingers.tap_twice(200, 420)
    tab.wait_for_function(f"() => {SCALE} > 2.4")
    fingers.drag(((300, 400), (60, 400)))  # zoomed in, a finger moves the picture
    expect(name).to_have_text(there[1])
    fingers.tap_twice(200, 420)
    tab.wait_for_function(f"() => {SCALE} < 1.01")
    fingers.drag(((200, 300), (210, 640)))
    expect(tab.get_by_role("dialog")).to_have_count(0)


def test_two_fingers_zoom(server: RunningServer, visit: MakeVisit) -> None:
    visitor = visit(server.port, "phone")
    tab = opened(visitor, PICTURES, 1)
    expect(tab.locator(".slide.shown:not([inert])")).to_be_visible()
    Fingers(visitor).drag(((180, 420), (60, 420)), ((210, 420), (330, 420)))
    tab.wait_for_function(f"() => {SCALE} > 5 && {SCALE} <= 8")
    Fingers(visitor).drag(((60, 420), (190, 420)), ((330, 420), (200, 420)))
    tab.wait_for_function(f"() => {SCALE} === 1")


def test_a_mouse_zooms_and_steps(server: RunningServer, visit: MakeVisit) -> None:
    there = names(server, PICTURES)
    tab = opened(visit(server.port), PICTURES)
    expect(tab.locator(".slide.shown:not([inert])")).to_be_visible()
    tab.mouse.move(640, 400)
    tab.mouse.wheel(0, -240)
    tab.wait_for_function(f"() => {SCALE} > 1.3")
    tab.keyboard.press("0")
    tab.wait_for_function(f"() => {SCALE} === 1")
    tab.get_by_role("button", name="Next").click()
    expect(tab.locator(".above .name")).to_have_text(there[1])
    expect(tab.get_by_role("button", name="Previous")).to_be_enabled()


def test_a_video_has_a_poster_plays_and_seeks(server: RunningServer, visit: MakeVisit, screen: str) -> None:
    tab = opened(visit(server.port, screen), VIDEOS)
    video = tab.locator(".slide:not([inert]) video")
    expect(video).to_have_attribute("poster", re.compile(r"/thumb/.*size=1280"))
    tab.wait_for_function("() => document.querySelector('.slide:not([inert]) video').readyState >= 1")
    tab.keyboard.press(" ")
    tab.wait_for_function("() => document.querySelector('.slide:not([inert]) video').currentTime > 0")
    tab.keyboard.press(" ")
    tab.wait_for_function("() => document.querySelector('.slide:not([inert]) video').paused")
    tab.evaluate("document.querySelector('.slide:not([inert]) video').currentTime = 1")
    tab.wait_for_function("() => !document.querySelector('.slide:not([inert]) video').seeking")
    assert tab.evaluate("document.querySelector('.slide:not([inert]) video').currentTime") == 1
    tab.keyboard.press("i")
    expect(tab.locator(".facts")).to_contain_text("Length")
    tab.keyboard.press("ArrowRight")
    tab.wait_for_function("() => document.querySelector('.slide[inert] video').paused")


def test_the_slideshow_goes_on_by_itself(server: RunningServer, visit: MakeVisit) -> None:
    there = names(server, PICTURES)
    visitor = visit(server.port)
    tab = visitor.tab
    tab.clock.install()
    visitor.open(PICTURES)
    tab.locator(".tile[href]").first.wait_for()
    tab.get_by_role("button", name="Slideshow").click()
    expect(tab.locator(".slide.shown:not([inert])")).to_be_visible()
    tab.clock.run_for(4_500)
    expect(tab.locator(".above .name")).to_have_text(there[1])
    tab.keyboard.press(" ")
    expect(tab.get_by_role("dialog")).not_to_have_class(re.compile("playing"))
    tab.clock.run_for(9_000)
    expect(tab.locator(".above .name")).to_have_text(there[1])


def test_facts_and_the_file_itself(server: RunningServer, visit: MakeVisit, demo: Path, screen: str) -> None:
    there = names(server, PICTURES)
    tab = opened(visit(server.port, screen), PICTURES)
    tab.get_by_role("button", name="Facts").click()
    facts = tab.locator(".facts")
    for text in (there[0], "fjordlines", "northlight", "Changed", "Pixels"):
        expect(facts).to_contain_text(text)
    with tab.expect_download() as download:
        tab.locator(".tools [download]").click()
    taken = Path(download.value.path())
    assert taken.read_bytes() == (demo / "northlight" / "fjordlines" / there[0]).read_bytes()
    assert download.value.suggested_filename == there[0].rpartition("/")[2]


def test_a_model_is_taken_home_as_a_zip(server: RunningServer, visit: MakeVisit, screen: str) -> None:
    tab = visit(server.port, screen).open(PICTURES)
    with tab.expect_download() as download:
        tab.get_by_role("link", name="Download").click()
    with ZipFile(download.value.path()) as archive:
        assert archive.testzip() is None
        there = {name.rpartition("/")[2] for name in archive.namelist()}
    assert {name.rpartition("/")[2] for name in names(server, PICTURES)} <= there


def test_a_picture_is_seen_whole_whatever_its_shape(visit: MakeVisit, screen: str, tmp_path: Path) -> None:
    folder = tmp_path / "archive" / "site" / "model"
    folder.mkdir(parents=True)
    for name, size in (("high", (60, 200)), ("wide", (200, 60))):
        Image.new("RGB", size, "teal").save(folder / f"{name}.png")
    with serving(tmp_path / "archive", home=tmp_path / "home") as server:
        tab = opened(visit(server.port, screen), model_path("site", "model"))
        for number in (1, 2):
            expect(tab.locator(".counter")).to_have_text(f"{number} / 2")
            expect(tab.locator(".slide.shown:not([inert])")).to_be_visible()
            photo = tab.locator(".slide:not([inert]) .photo").bounding_box()
            stage = tab.locator(".track").bounding_box()
            assert photo and stage
            assert round(photo["height"]) == stage["height"]  # into which the picture is fitted
            assert round(photo["width"]) == stage["width"]
            tab.keyboard.press("ArrowRight")


def test_neighbours_are_at_hand_and_no_more(server: RunningServer, visit: MakeVisit) -> None:
    tab = opened(visit(server.port), PICTURES, 5)
    for _step in range(6):
        tab.keyboard.press("ArrowRight")
    expect(tab.locator(".counter")).to_contain_text("12 /")
    tab.wait_for_function("() => document.querySelectorAll('.viewer .slide').length === 3")


def test_what_is_below_is_out_of_reach(server: RunningServer, visit: MakeVisit) -> None:
    tab = opened(visit(server.port), PICTURES)
    assert tab.evaluate(
        "[...document.body.children].filter((e) => !e.matches('.viewer, .toasts')).every((e) => e.inert)"
    )
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("dialog")).to_have_count(0)
    assert not tab.evaluate(f"{BELOW}.some((element) => element.inert)")
