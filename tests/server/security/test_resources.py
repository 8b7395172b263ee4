"""What one client sends or does not send takes little from the others."""

import gzip
import os
import socket
import struct
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from PIL import Image

from tests.server.serving import RunningServer, serving
from tests.trees import make_archive
from tests.waiting import wait_until


def test_headers_without_end_are_cut_off(server: RunningServer) -> None:
    many = [f"X-{number}: {number}" for number in range(200)]
    assert server.get("/api/sites", *many) in (400, 431)
    assert server.get("/api/sites", "X: " + "x" * 200_000) in (0, 400, 431)
    assert server.get("/" + "x" * 200_000) in (0, 400, 414, 431)
    assert server.ask("/api/sites").status == 200


def test_ten_thousand_ranges_are_answered_like_none(server: RunningServer) -> None:
    ranges = ",".join(f"{number}-{number}" for number in range(0, 20_000, 2))
    answer = server.ask("/media/beta/carla%20%26%20co/movie.webm", headers={"range": f"bytes={ranges}"})
    assert answer.status in (200, 431)


def test_bodies_are_small_plain_and_what_they_say(archive: Path, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("a-token-that-nobody-guesses")
    token.chmod(0o600)
    form = {"content-type": "application/x-www-form-urlencoded"}
    bomb = gzip.compress(bytes(50 << 20))

    with serving(archive, "--token-file", str(token), home=tmp_path / "home") as server:

        def status(headers: dict[str, str], body: bytes) -> int:
            return server.ask("/login", method="POST", headers=headers, body=body).status

        assert status(form, b"token=" + b"x" * 100_000) == 413
        assert status({**form, "content-encoding": "gzip"}, bomb[:60_000]) == 415
        assert status({}, b"token=x") == 415
        assert status({"content-type": "text/plain"}, b"token=x") == 415
        assert status({"content-type": "multipart/form-data; boundary=x"}, b"--x--") == 415
        assert status(form, b"token=x") == 401


def test_who_sends_slowly_holds_up_nobody(server: RunningServer) -> None:
    with ExitStack() as held:
        for _ in range(300):
            client = held.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=10))
            client.sendall(b"GET /api/sites HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: server.ask("/api/sites", timeout=10).status, range(40)))
    assert answers == [200] * 40


def test_who_reads_slowly_holds_up_nobody(server: RunningServer) -> None:
    with ExitStack() as held:
        for _ in range(50):
            client = held.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=10))
            client.sendall(b"GET /media/beta/carla%20%26%20co/movie.webm HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert server.ask("/api/sites", timeout=10).status == 200


def test_clients_that_break_off_leave_nothing_open(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", {"site/model/film.mp4": 3_000_000, "site/model/notes.pdf": b"%PDF-1.4"})
    Image.new("RGB", (64, 48)).save(root / "site/model/small.jpg")
    paths = (
        "/api/models?site=site",
        "/api/search?q=film",
        "/media/site/model/film.mp4",
        "/thumb/site/model/small.jpg",
        "/api/download?site=site",
    )

    def break_off(number: int) -> None:
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # as one that is killed
            client.sendall(f"GET {paths[number % len(paths)]} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            if number % 3:
                client.recv(1 + 1000 * (number % 7))

    def held() -> int:
        return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in server.pids())

    with serving(root, home=tmp_path / "home") as server, ThreadPoolExecutor(8) as pool:
        for path in paths:
            assert server.ask(path).status == 200  # whatever starts when it is first needed has started
        before, processes = held(), len(server.pids())
        list(pool.map(break_off, range(400)))
        wait_until(lambda: held() <= before)
        assert len(server.pids()) == processes
        assert server.ask(paths[2]).body == (root / "site/model/film.mp4").read_bytes()


def test_five_hundred_who_want_one_thumbnail_get_the_same(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", {"site/model/": b""})
    Image.frombytes("RGB", (2000, 1500), os.urandom(9_000_000)).save(root / "site/model/big.jpg", quality=90)
    with serving(root, home=tmp_path / "home") as server:
        barrier = threading.Barrier(25)

        def ask(_number: int) -> set[bytes]:
            barrier.wait()
            return {server.ask("/thumb/site/model/big.jpg?size=320").body for _ in range(20)}

        with ThreadPoolExecutor(25) as pool:
            bodies = set[bytes]().union(*pool.map(ask, range(25)))
    assert len(bodies) == 1 and bodies.pop()[:4] in (b"RIFF", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xdb")


@pytest.mark.parametrize(
    "raw", [b"\x00" * 1000, b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nxx"], ids=range(4)
)
def test_no_http_at_all_ends_the_connection_and_nothing_else(server: RunningServer, raw: bytes) -> None:
    with suppress(ConnectionError), socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(raw)
        with suppress(OSError):  # it may have been closed already
            client.shutdown(socket.SHUT_WR)
        while client.recv(65536):
            pass
    assert server.ask("/api/sites").status == 200


TWO_LENGTHS = b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        b"POST /api/clear_cache HTTP/1.1\r\nHost: localhost\r\n" + TWO_LENGTHS,
        b"POST /api/clear_cache HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n123456",
        b"POST /api/clear_cache HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"GET /api/sites HTTP/1.1\r\nHost: localhost\r\n X: folded\r\n\r\n",
        b"GET /api/sites HTTP/1.1\r\nHost : localhost\r\n\r\n",
    ],
    ids=range(5),
)
def test_requests_that_could_be_read_in_two_ways_are_not_taken_for_two(server: RunningServer, raw: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(raw)
        client.shutdown(socket.SHUT_WR)
        received = b""
        while chunk := client.recv(65536):
            received += chunk
    assert received.count(b"HTTP/1.1 ") <= 1
    assert server.ask("/api/sites").status == 200
