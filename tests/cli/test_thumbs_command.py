"""`catalog-tui thumbs`: fills the store, says how it went, and costs little when nothing changed."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image

from catalog_tui.core.thumbnails import Size, Thumbnails
from tests.cli.running import run_cli


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Three pictures in two models, a document, a link, and a side-file."""
    for number, name in enumerate(("a/x/1.jpg", "a/x/sub/2.png", "b/y/3.webp")):
        path = tmp_path / "archive" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (2000, 1000), (number * 80, 9, 9)).save(path)
    (tmp_path / "archive/a/x/notes.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "archive/a/x/1.jpg.json").write_text("{}")
    (tmp_path / "archive/a/x/link.jpg").symlink_to("1.jpg")
    return tmp_path / "archive"


def events(stderr: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in stderr.splitlines()]


@pytest.mark.parametrize(("word", "sizes"), [("320", (320,)), ("1280", (1280,)), ("both", (320, 1280))])
def test_every_picture_is_in_the_store_afterwards(archive: Path, word: str, sizes: tuple[Size, ...]) -> None:
    done = run_cli("thumbs", str(archive), "--size", word)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "catalog-tui: 3 thumbnails made, 0 were there, 0 files cannot be shown\n"
    with Thumbnails() as thumbnails:
        for name in ("a/x/1.jpg", "a/x/sub/2.png", "b/y/3.webp"):
            for size in (320, 1280):
                found = thumbnails.cached(str(archive / name), size)
                assert (found is not None) == (size in sizes)
                assert found is None or found.width == size
    again = run_cli("thumbs", str(archive), "--size", word, "--progress", "jsonl")
    assert events(again.stderr)[-1]["kept"] == 3


def test_only_what_changed_is_made_again(archive: Path) -> None:
    run_cli("thumbs", str(archive))
    Image.new("RGB", (100, 100)).save(archive / "a/x/1.jpg")
    *_, finished = events(run_cli("thumbs", str(archive), "--progress", "jsonl").stderr)
    assert (finished["event"], finished["made"], finished["kept"]) == ("finished", 1, 2)


def test_files_that_cannot_be_shown_are_named_and_tell_by_the_exit_code(archive: Path) -> None:
    (archive / "b/y/broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    with open(os.fsencode(archive) + b"/b/y/\xff\x1b[31m.png", "wb"):
        pass
    for _ in range(2):  # the second time they are remembered
        done = run_cli("thumbs", str(archive))
        assert done.returncode == 3
        assert "b/y/broken.jpg: The file is damaged or incomplete.\n" in done.stderr
        assert "The file is empty.\n" in done.stderr
        assert "\x1b" not in done.stderr
    lines = events(run_cli("thumbs", str(archive), "--progress", "jsonl").stderr)
    assert {line["path"] for line in lines if line["event"] == "error"} > {"b/y/broken.jpg"}


def test_no_archive_is_one_line(tmp_path: Path) -> None:
    done = run_cli("thumbs", str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1


def test_ctrl_c_ends_it_and_what_was_made_stays(archive: Path) -> None:
    picture = archive / "c" / "many"
    picture.mkdir(parents=True)
    Image.effect_noise((3000, 3000), 50).convert("RGB").save(picture / "0.png")
    for number in range(1, 60):
        (picture / f"{number}.png").write_bytes((picture / "0.png").read_bytes())
    process = subprocess.Popen(
        [sys.executable, "-m", "catalog_tui", "thumbs", str(archive), "--progress", "jsonl"],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    with process, process.stderr as stream:
        for line in stream:
            if json.loads(line)["made"]:
                break
        process.send_signal(signal.SIGINT)
        rest = stream.read()
        assert process.wait() == 130
    finished = events(rest)[-1]
    assert finished["cancelled"] is True
    with Thumbnails() as thumbnails:
        assert 0 < thumbnails.stats().records < 63


def test_where_nothing_can_be_kept_nothing_is_made(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"a file and no folder")
    done = run_cli("thumbs", str(archive), environ={**os.environ, "CATALOG_TUI_CACHE_DIR": str(tmp_path / "cache")})
    assert done.returncode == 1
    assert done.stderr.endswith("thumbnails are not kept: Not a directory\n")
    assert done.stderr.count("\n") == 1


def test_on_a_terminal_a_line_tells_how_far_it_is(archive: Path) -> None:
    folder = archive / "c" / "many"
    folder.mkdir(parents=True)
    Image.effect_noise((2000, 2000), 50).convert("RGB").save(folder / "0.png")
    for number in range(1, 30):
        (folder / f"{number}.png").write_bytes((folder / "0.png").read_bytes())
    ours, its = pty.openpty()
    argv = [sys.executable, "-m", "catalog_tui", "thumbs", str(archive)]
    with subprocess.Popen(argv, stderr=its) as process:
        os.close(its)
        said = b""
        with suppress(OSError):  # how a terminal says that nobody has it open any more
            while piece := os.read(ours, 4096):
                said += piece
        assert process.wait() == 0
    os.close(ours)
    assert re.search(rb"\rthumbnails: \d+ of 33, \d+ a second, 0:\d\d left", said)
    assert said.endswith(b"\r\x1b[Kcatalog-tui: 33 thumbnails made, 0 were there, 0 files cannot be shown\r\n")
