"""The bytes of files: whole, in parts, to real clients, and what is said about them."""

import os
import socket
import subprocess
from fractions import Fraction
from pathlib import Path

import av
import pytest

from tests.corpus import write_corpus
from tests.server.conftest import PIXEL, grow_old
from tests.server.serving import RunningServer, encoded, serving
from tests.trees import make_archive
from tests.waiting import PATIENCE_S

LARGE = 40 << 20
SPARSE = 3 << 30
CEILING_MB = 60  # what sending 3 GiB may add to the memory of all the server's processes


def test_a_file_as_it_is(server: RunningServer) -> None:
    answer = server.ask("/media/alpha/anna/img1.jpg")
    assert (answer.status, answer.body) == (200, PIXEL + b"1")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "max-age=86400"
    assert answer.headers["last-modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"
    assert "content-disposition" not in answer.headers


def test_every_item_of_a_model_is_where_its_href_says(archive: Path, server: RunningServer) -> None:
    for item in server.ask("/api/model?site=alpha&model=anna").json["items"]:
        assert server.ask(item["href"]).body == (archive / "alpha/anna" / item["name"]).read_bytes()
    (loose,) = server.ask("/api/model?site=alpha&model=").json["items"]
    assert server.ask(loose["href"]).body == PIXEL


@pytest.mark.parametrize(
    "path",
    [
        "alpha",
        "alpha/anna",
        "alpha/anna/",
        "alpha/anna/nothing.jpg",
        "alpha/anna/.hidden.jpg",
        "alpha/anna/unfinished.mp4.part",
        "alpha/.secret/model/a.jpg",
        ".private/model/a.jpg",
        "@eaDir/model/a.jpg",
        "alpha/anna/img1.jpg/",
        "alpha//anna/img1.jpg",
        "alpha/./anna/img1.jpg",
        "alpha/anna/../anna/img1.jpg",
        "",
    ],
)
def test_hidden_missing_and_no_file_at_all_cannot_be_told_apart(server: RunningServer, path: str) -> None:
    missing = server.ask("/media/alpha/anna/really-not-there.jpg")
    answer = server.ask(f"/media/{path}")
    assert (answer.status, answer.body) == (404, missing.body)
    ours = {name: value for name, value in answer.headers.items() if name != "date"}
    assert ours == {name: value for name, value in missing.headers.items() if name != "date"}


def test_active_content_is_only_for_saving(tmp_path: Path) -> None:
    names = ["x.svg", "x.html", "x.xml", "x.pdf", "x.mhtml", "x.js", "x.xhtml", "x.swf", "x.jpg.svg", "noname"]
    page = b"<script>alert(1)</script>"
    root = make_archive(tmp_path / "a", {f"site/model/{name}": page for name in (*names, "polyglot.jpg")})
    with serving(root, home=tmp_path / "home") as server:
        for name in names:
            answer = server.ask(f"/media/site/model/{name}")
            assert answer.headers["content-type"] == "application/octet-stream"
            assert answer.headers["content-disposition"].startswith(f'attachment; filename="{name}"')
        polyglot = server.ask("/media/site/model/polyglot.jpg")
        assert polyglot.headers["content-type"] == "image/jpeg"
        for any_file in (polyglot, answer):
            assert any_file.headers["x-content-type-options"] == "nosniff"
            assert "sandbox" in any_file.headers["content-security-policy"]
            assert "default-src 'none'" in any_file.headers["content-security-policy"]


def test_a_file_without_a_suffix_is_known_by_its_content(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", {"site/model/picture": PIXEL})
    with serving(root, home=tmp_path / "home") as server:
        assert server.ask("/media/site/model/picture").headers["content-type"] == "image/jpeg"


def test_names_of_any_bytes_lead_to_their_files(tmp_path: Path) -> None:
    made = write_corpus(tmp_path / "a/site/model")
    with serving(tmp_path / "a", home=tmp_path / "home") as server:
        for name in made:
            answer = server.ask(f"/media/site/model/{encoded(name)}")
            if name.startswith(b"."):
                assert answer.status == 404
            else:
                with open(os.path.join(os.fsencode(tmp_path), b"a/site/model", name), "rb") as file:
                    assert answer.body == file.read()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a large file of noise, a huge one of zeros, and an empty one."""
    root = make_archive(
        tmp_path_factory.mktemp("large") / "a",
        {"site/model/noise.mp4": os.urandom(LARGE), "site/model/zeros.mp4": SPARSE, "site/model/empty.jpg": b""},
    )
    grow_old(root)
    return root


def test_a_large_file_in_one_and_in_ranges(large: Path, tmp_path: Path) -> None:
    content = (large / "site/model/noise.mp4").read_bytes()
    with serving(large, home=tmp_path / "home") as server:
        assert server.ask("/media/site/model/noise.mp4").body == content
        for start, end in ((0, 1), (1, LARGE - 1), (1 << 20, 5 << 20), (LARGE - 3_000_000, LARGE)):
            answer = server.ask("/media/site/model/noise.mp4", headers={"range": f"bytes={start}-{end - 1}"})
            assert (answer.status, answer.body) == (206, content[start:end])
        several = server.ask("/media/site/model/noise.mp4", headers={"range": "bytes=0-1999999,9000000-9999999"})
        assert content[:2_000_000] in several.body and content[9_000_000:10_000_000] in several.body
        assert several.headers["content-length"] == str(len(several.body))


def test_an_empty_file(large: Path, tmp_path: Path) -> None:
    with serving(large, home=tmp_path / "home") as server:
        assert (server.ask("/media/site/model/empty.jpg").status) == 200
        assert server.ask("/media/site/model/empty.jpg", headers={"range": "bytes=0-"}).status == 416
        assert server.ask("/media/site/model/empty.jpg", headers={"range": "bytes=-5"}).status == 200


def test_three_gigabytes_pass_through_little_memory(large: Path, tmp_path: Path) -> None:
    with serving(large, home=tmp_path / "home") as server:
        server.ask("/api/sites")
        before = _peak_mb(server)
        got = 0
        with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S) as client:
            client.sendall(
                f"GET /media/site/model/zeros.mp4 HTTP/1.1\r\nHost: localhost:{server.port}\r\n\r\n".encode()
            )
            buffer = bytearray(1 << 20)
            while got < SPARSE:
                received = client.recv_into(buffer)
                assert received
                got += received
        assert _peak_mb(server) - before < CEILING_MB


def test_who_goes_away_in_the_midst_stops_the_reading(large: Path, tmp_path: Path) -> None:
    with serving(
        large,
        home=tmp_path / "home",
    ) as server:
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S) as client:
                client.sendall(_get(server, "/media/site/model/zeros.mp4"))
                client.recv(100_000)
        log = server.wait_log("zeros.mp4 200")
        sent = [int(line.split()[5]) for line in log.splitlines() if "zeros.mp4 200" in line]
        assert max(sent) < SPARSE / 4


def test_a_file_cut_short_while_it_is_sent_does_not_seem_whole(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", {"site/model/film.mp4": 200 << 20})
    with serving(root, home=tmp_path / "home") as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S) as client:
            client.sendall(_get(server, "/media/site/model/film.mp4"))
            got = len(client.recv(1000))
            os.truncate(root / "site/model/film.mp4", 1 << 20)
            while received := client.recv(1 << 20):
                got += len(received)
        assert got < 200 << 20


def test_curl_resumes_a_download(large: Path, tmp_path: Path) -> None:
    content = (large / "site/model/noise.mp4").read_bytes()
    target = tmp_path / "got.mp4"
    target.write_bytes(content[: LARGE // 3])
    with serving(large, home=tmp_path / "home") as server:
        url = f"http://127.0.0.1:{server.port}/media/site/model/noise.mp4"
        subprocess.run(["curl", "-sS", "-f", "-C", "-", "-o", str(target), url], check=True, timeout=PATIENCE_S)
    assert target.read_bytes() == content


def test_a_video_is_sought_over_http(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", {"site/model/": b""})
    _make_video(root / "site/model/film.mp4", frames=200)
    with serving(root, home=tmp_path / "home") as server:
        with av.open(f"http://127.0.0.1:{server.port}/media/site/model/film.mp4") as container:
            stream = container.streams.video[0]
            assert stream.duration
            container.seek(stream.duration * 3 // 4, stream=stream)
            frame = next(container.decode(stream))
            assert frame.pts is not None and frame.pts > stream.duration // 2
        server.wait_log(" 206 ")


def _make_video(path: Path, *, frames: int) -> None:
    """A film of noise, with a frame to seek to every half second (FFmpeg's twelve)."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(frames):
            frame = av.VideoFrame.from_bytes(os.urandom(64 * 48 * 4), 64, 48)
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def _peak_mb(server: RunningServer) -> float:
    peaks = []
    for pid in server.pids():
        status = Path(f"/proc/{pid}/status").read_text()
        peaks += [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")]
    return sum(peaks) / 1024


def _get(server: RunningServer, path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost:{server.port}\r\n\r\n".encode()
