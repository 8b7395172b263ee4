"""Small pictures over HTTP: made once, kept for ever by their address, and not of what is none."""

import asyncio
import io
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from catalog_tui.config import Settings
from catalog_tui.core.archive import Archive
from catalog_tui.core.kinds import Kind
from catalog_tui.core.media import Facts
from catalog_tui.core.pictures.posters import Poster
from catalog_tui.core.thumbnails import Picture, Thumbnails
from catalog_tui.server.answers import Answers
from catalog_tui.server.counters import Counters
from catalog_tui.server.options import ServerOptions
from catalog_tui.server.presence import Presence
from catalog_tui.server.reaching import Reacher
from catalog_tui.server.service import Service
from catalog_tui.server.thumbs import Thumbs
from tests.server.serving import RunningServer, serving
from tests.trees import make_archive
from tests.waiting import PATIENCE_S


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a picture, a broken one, and a text."""
    root = make_archive(
        tmp_path_factory.mktemp("pictures") / "a",
        {"site/model/broken.jpg": b"\xff\xd8\xff\xe0 and no more", "site/model/text.txt": b"words"},
    )
    Image.new("RGB", (1600, 1200), "teal").save(root / "site/model/teal.jpg")
    return root


@pytest.fixture(scope="module")
def server(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with serving(pictures, home=tmp_path_factory.mktemp("home")) as running:
        yield running


def href(server: RunningServer) -> str:
    items = server.ask("/api/model?site=site&model=model").json["items"]
    found = next(item["thumb"] for item in items if item["name"] == "teal.jpg")
    assert isinstance(found, str)
    return found


def test_an_item_leads_to_its_small_picture(server: RunningServer) -> None:
    answer = server.ask(href(server))
    assert answer.status == 200
    with Image.open(io.BytesIO(answer.body)) as picture:
        assert picture.size == (320, 240)
        assert answer.headers["content-type"] == f"image/{(picture.format or '').lower()}"
    with Image.open(io.BytesIO(server.ask(href(server).replace("320", "1280")).body)) as larger:
        assert larger.size == (1280, 960)


def test_a_model_shows_its_first_picture(server: RunningServer) -> None:
    (row,) = server.ask("/api/models?site=site").json["models"]
    assert row["thumb"].startswith("/thumb/site/model/broken.jpg?")


def test_the_address_of_a_state_is_kept_for_ever_and_others_are_asked_again(server: RunningServer) -> None:
    current = server.ask(href(server))
    assert current.headers["cache-control"] == "max-age=31536000, immutable"
    other = server.ask("/thumb/site/model/teal.jpg?size=320&v=older")
    assert other.headers["cache-control"] == "no-cache"
    again = server.ask("/thumb/site/model/teal.jpg", headers={"if-none-match": current.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


def test_a_changed_file_has_another_address_and_another_picture(pictures: Path, server: RunningServer) -> None:
    before = server.ask(href(server))
    Image.new("RGB", (1000, 1000), "crimson").save(pictures / "site/model/teal.jpg")
    after = server.ask("/thumb/site/model/teal.jpg")
    assert after.body != before.body and after.headers["etag"] != before.headers["etag"]


@pytest.mark.parametrize("name", ["broken.jpg", "text.txt"])
def test_what_cannot_be_shown_says_why(server: RunningServer, name: str) -> None:
    answer = server.ask(f"/thumb/site/model/{name}")
    assert (answer.status, answer.json["error"]) == (404, "no_picture")
    assert answer.json["message"]


@pytest.mark.parametrize("accept", ["image/*", "image/avif,image/webp,image/*,*/*;q=0.8"])
def test_who_would_only_show_a_picture_is_quietly_given_none(server: RunningServer, accept: str) -> None:
    answer = server.ask("/thumb/site/model/broken.jpg", headers={"accept": accept})
    assert (answer.status, answer.body) == (204, b"")
    assert "accept" in answer.headers["vary"]
    assert server.ask("/thumb/site/model/nobody.jpg", headers={"accept": accept}).status == 404
    assert server.ask("/thumb/site/model/teal.jpg", headers={"accept": accept}).status == 200


@pytest.mark.parametrize("size", ["0", "321", "-1", "big", "1" * 30])
def test_only_two_sizes_are_made(server: RunningServer, size: str) -> None:
    answer = server.ask(f"/thumb/site/model/teal.jpg?size={size}")
    assert (answer.status, answer.json["field"]) == (422, "size")


class CountingThumbnails(Thumbnails):
    """Counts how often a picture is asked for, with which posters, and gives it when it is let."""

    def __init__(self) -> None:
        self.asked = 0
        self.posters: list[Poster | None] = []
        self.may_give = threading.Event()

    def get(self, *_arguments: Any, poster: Poster | None = None, **_more: Any) -> Picture:
        self.asked += 1
        self.posters.append(poster)
        assert self.may_give.wait(PATIENCE_S)
        return Picture(b"picture", "webp", 1, 1, Facts(Kind.IMAGE, "jpg", 1, 1))

    def close(self) -> None:
        """There is nothing to close."""


async def test_of_five_hundred_who_ask_at_once_one_is_the_reason_to_decode(pictures: Path, tmp_path: Path) -> None:
    thumbnails = CountingThumbnails()
    sent: list[bytes] = []

    async def ask() -> None:
        async def send(message: Any) -> None:
            sent.append(message.get("body", b""))

        await thumbs(_asking_for("teal.jpg"), _nothing_comes, send)

    with thumbs_of(pictures, thumbnails, tmp_path) as thumbs:
        asking = [asyncio.ensure_future(ask()) for _ in range(500)]
        while not thumbnails.asked:
            await asyncio.sleep(0)
        thumbnails.may_give.set()
        await asyncio.gather(*asking)
    assert sent.count(b"picture") == 500
    assert thumbnails.asked == 1


async def test_what_lies_beside_a_video_is_opened_in_the_archive_as_the_video_is(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", {"site/model/1.mp4": b"", "site/model/1.webp": b"", "site/model/2.mp4": b""})
    (tmp_path / "outside.jpg").touch()
    for number in (1, 2):
        (root / f"site/model/{number}.jpg").symlink_to(tmp_path / "outside.jpg")
    thumbnails = CountingThumbnails()
    thumbnails.may_give.set()

    async def send(_message: Any) -> None:
        """Nobody reads it."""

    with thumbs_of(root, thumbnails, tmp_path) as thumbs:
        for name in ("1.mp4", "2.mp4"):
            await thumbs(_asking_for(name), _nothing_comes, send)
    first, second = thumbnails.posters
    assert first is not None and first.path == os.fspath(root / "site/model/1.webp")
    assert first.known is not None and os.path.samestat(first.known, os.stat(first.path))
    assert second is None


@contextmanager
def thumbs_of(root: Path, thumbnails: Thumbnails, scratch: Path) -> Iterator[Thumbs]:
    """The tree of an archive's small pictures, which come from `thumbnails`."""
    options = ServerOptions(str(root), Settings(), "en", str(scratch))
    archive, presence = Archive(str(root)), Presence(str(root), root.stat().st_dev)
    with ThreadPoolExecutor(8) as executor:
        service = Service(options, archive, presence, Answers(executor), Counters(), executor)
        thumbs = Thumbs(service, Reacher(archive, presence, follow_links=False), thumbnails)
        yield thumbs
        thumbs.close()


def _asking_for(name: str) -> dict[str, Any]:
    path = f"/thumb/site/model/{name}".encode()
    return {"method": "GET", "raw_path": path, "query_string": b"", "headers": []}


async def _nothing_comes() -> Any:
    await asyncio.Event().wait()


def test_the_store_is_the_one_that_the_terminal_uses(pictures: Path, tmp_path: Path) -> None:
    with serving(pictures, home=tmp_path / "home") as server:
        server.ask("/thumb/site/model/teal.jpg")
        assert os.listdir(tmp_path / "home/cache/thumbnails")
