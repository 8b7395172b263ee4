"""One server a module over one archive of every kind of thing; tests that change files or settings start their own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.serving import RunningServer, serving
from tests.trees import make_archive

PIXEL = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")  # enough of a JPEG to be taken for one

SPEC: dict[str, bytes | int] = {
    **{f"alpha/anna/img{number}.jpg": PIXEL + b"%d" % number for number in range(1, 13)},
    "alpha/anna/deep/er/clip.mp4": bytes(5000),
    "alpha/anna/notes.pdf": b"%PDF-1.4 not really",
    "alpha/anna/img1.jpg.json": b"{}",
    "alpha/anna/unfinished.mp4.part": b"...",
    "alpha/anna/.hidden.jpg": PIXEL,
    "alpha/bert/one.png": b"\x89PNG\r\n\x1a\n" + bytes(20),
    "alpha/empty/": b"",
    "alpha/loose.jpg": PIXEL,
    "alpha/.secret/model/a.jpg": PIXEL,
    "beta/carla & co/movie.webm": 300_000,
    "beta/img-lover/x.jpg": PIXEL,
    ".private/model/a.jpg": PIXEL,
    "@eaDir/model/a.jpg": PIXEL,
    "gamma/": b"",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a bit of everything; its folders are old enough for their stamps to be trusted."""
    root = make_archive(tmp_path_factory.mktemp("served") / "archive", SPEC)
    grow_old(root)
    return root


@pytest.fixture(scope="module")
def server(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server as it is without flags: on this machine, read-only."""
    with serving(archive, home=tmp_path_factory.mktemp("server-home")) as running:
        yield running


def grow_old(root: Path) -> None:
    """Set the times of everything in `root` back."""
    for folder, _folders, files in os.walk(root):
        for name in files:
            os.utime(os.path.join(folder, name), (1_700_000_000, 1_700_000_000))
        os.utime(folder, (1_700_000_000, 1_700_000_000))
