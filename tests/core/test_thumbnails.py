"""Thumbnails from end to end: real files, real workers, a real store."""

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from catalog_tui.core.complaints import Complaint
from catalog_tui.core.errors import Cancelled
from catalog_tui.core.media import CannotShow, Problem
from catalog_tui.core.thumbnails import SIZES, Picture, Thumbnails


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


def test_without_a_store_it_works_and_says_so_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    said: list[Complaint] = []
    with Thumbnails(tmp_path / "file" / "store", workers=1, complain=said.append) as thumbnails:
        for name in ("a.jpg", "b.jpg"):
            path = paint(tmp_path / name)
            assert thumbnails.get(path, 320).width == 320
            assert thumbnails.cached(path, 320) is None
        assert thumbnails.stats().bytes == 0
    assert len(said) == 1
    assert said[0].text == "thumbnails are not kept: Not a directory"


def test_a_store_may_be_forgone(tmp_path: Path) -> None:
    with Thumbnails(tmp_path / "store", cap_bytes=0, workers=1) as thumbnails:
        assert thumbnails.get(paint(tmp_path / "a.jpg"), 320).width == 320
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(("disk_bytes", "cap_bytes"), [(10**9, 5 * 10**7), (2 * 10**11, 10**10), (10**13, 10**10)])
def test_the_store_takes_a_twentieth_of_the_disk_and_ten_gigabytes_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, disk_bytes: int, cap_bytes: int
) -> None:
    def usage(path: Path) -> SimpleNamespace:  # disks of these sizes are not to be had here
        assert path == tmp_path  # the store's folder is yet to be made
        return SimpleNamespace(total=disk_bytes)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    with Thumbnails(tmp_path / "deep" / "store", workers=1) as thumbnails:
        assert thumbnails.stats().cap_bytes == cap_bytes


def test_an_index_damaged_in_use_is_replaced_and_work_goes_on(tmp_path: Path) -> None:
    said: list[Complaint] = []
    paths = [paint(tmp_path / f"{number}.jpg", (30, number + 1)) for number in range(40)]
    with Thumbnails(tmp_path / "store", workers=1) as thumbnails:
        for path in paths:
            thumbnails.get(path, 320)
    index = tmp_path / "store" / "index.db"
    whole = index.read_bytes()
    index.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
    with Thumbnails(tmp_path / "store", workers=1, complain=said.append) as thumbnails:
        for number, path in enumerate(paths):
            assert thumbnails.get(path, 320).height == number + 1
        assert all(thumbnails.cached(path, 320) for path in paths)
    assert ["index.db.set-aside" in complaint.text for complaint in said] == [True]


def test_another_file_than_the_one_that_was_looked_at_is_not_opened(shared: Thumbnails, tmp_path: Path) -> None:
    path = paint(tmp_path / "a.jpg")
    known = os.stat(path)
    os.replace(paint(tmp_path / "b.jpg"), path)
    with pytest.raises(CannotShow) as told:
        shared.get(path, 320, known=known)
    assert told.value.problem is Problem.CHANGED
    assert shared.get(path, 320).width == 320  # and that is not remembered


def test_two_programs_share_a_store(tmp_path: Path) -> None:
    path = paint(tmp_path / "a.jpg")
    with Thumbnails(tmp_path / "store", workers=1) as one, Thumbnails(tmp_path / "store", workers=1) as other:
        assert other.cached(path, 320) is None
        made = one.get(path, 320)
        assert other.cached(path, 320) == made
        other.clear()
        assert one.cached(path, 320) is None


def test_filling_makes_both_sizes_of_one_decoding(tmp_path: Path) -> None:
    path = paint(tmp_path / "a.jpg", (2000, 1000))
    with Thumbnails(tmp_path / "store", workers=1) as thumbnails:
        assert not thumbnails.has(path, (320, 1280))
        assert thumbnails.fill(path, (320, 1280))
        assert not thumbnails.fill(path, (320, 1280))
        assert [pixels(thumbnails.get(path, size)).width for size in SIZES] == [320, 1280]
