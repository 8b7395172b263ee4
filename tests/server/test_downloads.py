"""A model or a site as one zip."""

import io
import os
import socket
import struct
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.corpus import write_corpus
from tests.server.serving import RunningServer, serving
from tests.trees import make_archive
from tests.waiting import PATIENCE_S

OVER_4_GIB = (4 << 30) + 5


def test_a_model_in_a_zip_that_unzip_finds_whole(server: RunningServer, archive: Path, tmp_path: Path) -> None:
    answer = server.ask("/api/download?site=alpha&model=anna")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith('attachment; filename="anna.zip"')
    assert answer.headers["content-length"] == str(len(answer.body))
    file = tmp_path / "got.zip"
    file.write_bytes(answer.body)
    subprocess.run(["unzip", "-tqq", str(file)], check=True)
    with zipfile.ZipFile(file) as found:
        assert len(found.namelist()) == 14
        assert all(item.compress_type == zipfile.ZIP_STORED for item in found.infolist())
        for name in found.namelist():
            assert found.read(name) == (archive / "alpha/anna" / name).read_bytes()


def test_a_site_in_a_zip(server: RunningServer) -> None:
    with zipfile.ZipFile(io.BytesIO(server.ask("/api/download?site=alpha").body)) as found:
        names = found.namelist()
    assert {"loose.jpg", "anna/img1.jpg", "bert/one.png"} <= set(names) and len(names) == 16


@pytest.mark.parametrize("query", ["site=nobody", "site=alpha&model=nobody", "site=..", "site=alpha&model=.secret"])
def test_what_is_not_there(server: RunningServer, query: str) -> None:
    assert server.ask(f"/api/download?{query}").status == 404
    assert server.ask("/api/download").json["field"] == "site"


def test_names_of_any_bytes_neither_collide_nor_lead_out(tmp_path: Path) -> None:
    made = [name for name in write_corpus(tmp_path / "a/site/model") if not name.startswith(b".")]
    with serving(tmp_path / "a", home=tmp_path / "home") as server:
        body = server.ask("/api/download?site=site&model=model").body
    with zipfile.ZipFile(io.BytesIO(body)) as found:
        assert found.testzip() is None
        names = [item.orig_filename for item in found.infolist()]
        assert len(set(names)) == len(names) == len(made)
        for name in names:
            assert "\\" not in name and not name.startswith("/") and ".." not in name.split("/")
        contents = sorted(map(found.read, found.infolist()))
    folder = tmp_path / "a/site/model"
    assert contents == sorted((folder / os.fsdecode(name)).read_bytes() for name in made)


def test_past_four_gibibytes_in_little_memory(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", {"site/model/huge.mp4": OVER_4_GIB, "site/model/small.jpg": b"small"})
    with serving(root, home=tmp_path / "home") as server, asking(server) as client:
        start = client.recv(1000)
        length = int(start.split(b"content-length: ")[1].split(b"\r\n")[0])
        left = length - len(start.split(b"\r\n\r\n", 1)[1])
        buffer = bytearray(1 << 20)
        end = b""
        while left:
            got = client.recv_into(buffer)
            assert got
            end, left = (end + buffer[max(0, got - 1000) : got])[-1000:], left - got
        peaks = [Path(f"/proc/{pid}/status").read_text().split("VmHWM:")[1].split()[0] for pid in server.pids()]
    assert length > OVER_4_GIB
    (place,) = struct.unpack("<Q", end[end.index(b"PK\x06\x06") + 48 :][:8])  # of the central directory, zip64
    assert place > OVER_4_GIB and end.count(b"PK\x01\x02") == 2
    assert max(map(int, peaks)) < 200 << 10


def test_a_file_that_changes_meanwhile_leaves_no_zip_that_seems_whole(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", {"site/model/a.mp4": 80 << 20, "site/model/b.mp4": 1000})
    with serving(root, home=tmp_path / "home") as server, asking(server) as client:
        received = client.recv(10_000)
        (root / "site/model/b.mp4").write_bytes(b"shorter")
        length = int(received.split(b"content-length: ")[1].split(b"\r\n")[0])
        got = len(received)
        while piece := client.recv(1 << 20):
            got += len(piece)
    assert got < length


@contextmanager
def asking(server: RunningServer) -> Iterator[socket.socket]:
    """A connection on which the zip of site/model was asked for."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S) as client:
        request = f"GET /api/download?site=site&model=model HTTP/1.1\r\nHost: localhost:{server.port}\r\n\r\n"
        client.sendall(request.encode())
        yield client
