"""Thumbnails from end to end: real files, real workers, a real store."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from catalog_tui.core.errors import Cancelled
from catalog_tui.core.media import CannotShow, Problem
from catalog_tui.core.thumbnails import Picture, Thumbnails


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Thumbnails]:
    """One set of workers and one store for what does not depend on their state."""
    with Thumbnails(tmp_path_factory.mktemp("store"), workers=2) as thumbnails:
        yield thumbnails


def paint(path: Path, size: tuple[int, int] = (800, 600), colour: tuple[int, int, int] = (200, 40, 40)) -> str:
    Image.new("RGB", size, colour).save(path)
    return str(path)


def pixels(picture: Picture) -> Image.Image:
    image = Image.open(io.BytesIO(picture.data))
    image.load()
    return image


def test_a_picture_is_made_smaller_once_and_then_found(shared: Thumbnails, tmp_path: Path) -> None:
    path = paint(tmp_path / "a.png")
    assert shared.cached(path, 320) is None
    made = shared.get(path, 320)
    assert (made.width, made.height) == pixels(made).size == (320, 240)
    assert (made.facts.width, made.facts.height) == (800, 600)
    assert shared.cached(path, 320) == made == shared.get(path, 320)
    assert shared.cached(path, 1280) is None


def test_a_small_picture_is_not_enlarged(shared: Thumbnails, tmp_path: Path) -> None:
    assert pixels(shared.get(paint(tmp_path / "a.jpg", (40, 30)), 320)).size == (40, 30)


def test_a_changed_file_is_another_picture(shared: Thumbnails, tmp_path: Path) -> None:
    path = paint(tmp_path / "a.jpg", (40, 30))
    shared.get(path, 320)
    paint(tmp_path / "a.jpg", (50, 30))
    assert shared.get(path, 320).width == 50


def test_facts_alone_decode_no_pixels(shared: Thumbnails, tmp_path: Path) -> None:
    path = paint(tmp_path / "a.jpg", (640, 480))
    assert shared.facts(path).width == 640
    assert shared.cached(path, 320) is None


def test_what_cannot_be_shown_says_why_and_is_remembered(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("hello")
    path = str(tmp_path / "a.jpg")
    with Thumbnails(tmp_path / "store", workers=1) as thumbnails:
        with pytest.raises(CannotShow, match=r"neither a picture nor a video") as told:
            thumbnails.get(path, 320)
        assert told.value.problem is Problem.NOT_MEDIA
        assert len(thumbnails.pids()) == 1
    with Thumbnails(tmp_path / "store", workers=1) as later:
        with pytest.raises(CannotShow, match=r"neither a picture nor a video"):
            later.get(path, 320)
        assert later.pids() == []  # nobody was asked again


def test_links_and_special_files_are_not_opened(shared: Thumbnails, tmp_path: Path) -> None:
    paint(tmp_path / "a.jpg")
    (tmp_path / "link.jpg").symlink_to(tmp_path / "a.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")
    for name, problem in (
        ("link.jpg", Problem.LINK),
        ("pipe.jpg", Problem.SPECIAL),
        ("", Problem.SPECIAL),
        ("gone.jpg", Problem.VANISHED),
    ):
        with pytest.raises(CannotShow) as told:
            shared.get(str(tmp_path / name), 320)
        assert told.value.problem is problem


def test_who_gave_up_beforehand_waits_for_nothing(shared: Thumbnails, tmp_path: Path) -> None:
    path = paint(tmp_path / "a.jpg", (4000, 3000))
    with pytest.raises(Cancelled):
        shared.get(path, 1280, cancelled=lambda: True)


def test_no_decoder_is_loaded_into_the_program() -> None:
    code = "import catalog_tui.core.thumbnails, catalog_tui.core.media, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"PIL", "av", "pillow_heif", "pillow_jxl"} & set(done.stdout.split())
