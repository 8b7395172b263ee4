"""Nothing but the archive can be reached: by no spelling of a path, through no link, in no race."""

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.conftest import PIXEL
from tests.server.serving import RunningServer, serving
from tests.trees import make_archive
from tests.waiting import PATIENCE_S

SECRET = b"TOP-SECRET-CONTENT"
ROUTES = (
    "/media/",
    "/thumb/",
    "/static/",
    "/api/download/",
    "/",
    "/media/site/",
    "/media/site/model/",
    "/thumb/site/model/",
)

UPS = (
    "..",
    "%2e%2e",
    "%2E%2E",
    ".%2e",
    "%2e.",
    "%252e%252e",
    "%c0%ae%c0%ae",
    "%e0%80%ae%e0%80%ae",
    "%uff0e%uff0e",
    "..%00",
    "..;",
    "..%3b",
    "..%20",
    "..%0d%0a",
    "...",
    "%ff%fe..",
    "..%09",
)
SLASHES = ("/", "%2f", "%2F", "%5c", "\\", "//", "%252f", "%c0%af", "%00/", "/./")


def spellings() -> Iterator[str]:
    """Ways to write a path that leads out, one to four folders up, and absolute ones."""
    for up in UPS:
        for slash in SLASHES:
            for depth in (1, 3, 4):
                yield f"{slash.join([up] * depth)}{slash}secret.jpg"
    yield from ("/secret.jpg", "%2fetc%2fpasswd", "//etc/passwd", "/proc/self/environ", "file:///etc/passwd", "C:%5cx")


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with every kind of link and special file in it, secrets outside, and a neighbour of like name."""
    top = tmp_path_factory.mktemp("ground")
    make_archive(top / "archive", {"site/model/good.jpg": PIXEL, "site/other/x.jpg": PIXEL})
    make_archive(top / "archive2", {"site/model/secret.jpg": SECRET})
    make_archive(top / "outside", {"model/secret.jpg": SECRET, "secret.jpg": SECRET})
    (top / "secret.jpg").write_bytes(SECRET)
    model = top / "archive/site/model"
    (model / "final.jpg").symlink_to(top / "secret.jpg")
    (model / "relative.jpg").symlink_to("../../../secret.jpg")
    (model / "inner.jpg").symlink_to("good.jpg")
    (model / "dangling.jpg").symlink_to(top / "nowhere.jpg")
    (model / "loop.jpg").symlink_to("loop.jpg")
    (model / "proc.jpg").symlink_to("/proc/self/environ")
    (model / "folder").symlink_to(top / "outside")
    (model / "up").symlink_to("..")
    (top / "archive/site/linked").symlink_to(top / "outside/model")
    (top / "archive/linked-site").symlink_to(top / "outside")
    os.mkfifo(model / "pipe.jpg")
    listening = socket.socket(socket.AF_UNIX)
    here = os.getcwd()
    os.chdir(model)  # a socket's path has to be short
    listening.bind("socket.jpg")
    os.chdir(here)
    listening.close()
    return top


@pytest.fixture(scope="module")
def server(ground: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with serving(ground / "archive", home=tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.mark.parametrize("route", ROUTES)
def test_no_spelling_of_a_path_leads_out(server: RunningServer, route: str) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S) as connection:
        stream = connection.makefile("rb")
        for spelling in spellings():
            lines = [f"GET {route}{spelling} HTTP/1.1", f"Host: localhost:{server.port}", "", ""]
            connection.sendall("\r\n".join(lines).encode("latin-1"))
            status = int(stream.readline().split()[1])
            length = 0
            while (line := stream.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            body = stream.read(length)
            assert status in (404, 400), (spelling, status)
            assert SECRET not in body and b"root:" not in body, spelling


@pytest.mark.parametrize(
    "name",
    [
        "final.jpg",
        "relative.jpg",
        "inner.jpg",
        "dangling.jpg",
        "loop.jpg",
        "proc.jpg",
        "folder/secret.jpg",
        "folder/model/secret.jpg",
        "up/model/good.jpg",
        "pipe.jpg",
        "socket.jpg",
        "good.jpg/x",
    ],
)
@pytest.mark.parametrize("tree", ["media", "thumb"])
def test_links_and_special_files_are_as_if_they_were_not_there(server: RunningServer, tree: str, name: str) -> None:
    missing = server.ask(f"/{tree}/site/model/really-not-there.jpg")
    answer = server.ask(f"/{tree}/site/model/{name}")
    assert (answer.status, answer.body) == (404, missing.body)


@pytest.mark.parametrize("path", ["site/linked/secret.jpg", "linked-site/model/secret.jpg"])
def test_linked_models_and_sites_are_not_entered(server: RunningServer, path: str) -> None:
    assert server.ask(f"/media/{path}").status == 404
    site, model, _name = path.split("/")
    assert server.ask(f"/api/model?site={site}&model={model}").status == 404


def test_what_the_user_lets_be_followed_is_followed_and_nothing_else(ground: Path, tmp_path: Path) -> None:
    with serving(ground / "archive", "--follow-links", home=tmp_path / "home") as server:
        assert server.ask("/media/linked-site/model/secret.jpg").body == SECRET
        assert server.ask("/media/site/model/final.jpg").status == 404
        assert server.ask("/media/site/model/folder/secret.jpg").status == 404


def test_a_neighbour_whose_name_begins_alike_is_no_part_of_the_archive(server: RunningServer) -> None:
    for path in ("/media/../archive2/site/model/secret.jpg", "/media/%2e%2e/archive2/site/model/secret.jpg"):
        assert server.get(path) == 404


def test_a_folder_exchanged_for_a_link_at_any_moment_shows_nothing_of_outside(tmp_path: Path) -> None:
    make_archive(tmp_path / "archive", {"site/model/secret.jpg": b"inside"})
    make_archive(tmp_path / "outside", {"secret.jpg": SECRET})
    model, real, link = tmp_path / "archive/site/model", tmp_path / "real", tmp_path / "link"
    link.symlink_to(tmp_path / "outside")
    over = threading.Event()

    def exchange() -> None:
        while not over.is_set():
            os.rename(model, real)
            os.rename(link, model)
            os.rename(model, link)
            os.rename(real, model)

    swapper = threading.Thread(target=exchange)
    with serving(tmp_path / "archive", home=tmp_path / "home") as server:
        swapper.start()
        try:
            bodies = {server.ask("/media/site/model/secret.jpg").body for _ in range(400)}
        finally:
            over.set()
            swapper.join()
    assert b"inside" in bodies
    assert SECRET not in bodies


def test_names_differing_in_case_or_composition_are_different_files(tmp_path: Path) -> None:
    names = {"a.jpg": b"1", "A.jpg": b"2", "caf\u00e9.jpg": b"3", "cafe\u0301.jpg": b"4"}
    root = make_archive(tmp_path / "a", {f"site/model/{name}": body for name, body in names.items()})
    with serving(root, home=tmp_path / "home") as server:
        items = server.ask("/api/model?site=site&model=model").json["items"]
        assert {item["name"]: server.ask(item["href"]).body for item in items} == names
