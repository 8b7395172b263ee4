"""Broken and hostile pictures: a plain sentence for each, the worker alive or replaced, its memory bounded."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from catalog_tui.core.media import CannotShow, Problem
from catalog_tui.core.thumbnails import Thumbnails
from tests.core.pictures.samples import (
    PICTURE_SUFFIXES,
    VIDEOS,
    jpeg_header,
    png_header,
    write_picture,
    write_video,
)

MOST_MIB = 700


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Thumbnails]:
    """A single real worker, so that its memory is that of the one that met the file."""
    with Thumbnails(tmp_path / "store", workers=1) as thumbnails:
        yield thumbnails


def peak_mib(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("no VmHWM")


def problem_with(thumbnails: Thumbnails, path: Path) -> Problem:
    with pytest.raises(CannotShow) as told:
        thumbnails.get(str(path), 320)
    assert told.value.reason.endswith(".")
    assert "{" not in told.value.reason
    return told.value.problem


def test_an_empty_file(thumbnails: Thumbnails, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    assert problem_with(thumbnails, tmp_path / "a.jpg") is Problem.EMPTY


def test_text_named_jpg(thumbnails: Thumbnails, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("<html>404</html>")
    assert problem_with(thumbnails, tmp_path / "a.jpg") is Problem.NOT_MEDIA


@pytest.mark.parametrize("suffix", [suffix for suffix in PICTURE_SUFFIXES if suffix != "bmp"])
def test_a_truncated_picture(thumbnails: Thumbnails, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    write_picture(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    assert problem_with(thumbnails, path) is Problem.BROKEN


@pytest.mark.parametrize("suffix", PICTURE_SUFFIXES)
def test_the_first_bytes_alone(thumbnails: Thumbnails, tmp_path: Path, suffix: str) -> None:
    path = write_picture(tmp_path / f"a.{suffix}")
    path.write_bytes(path.read_bytes()[:40])
    assert problem_with(thumbnails, path) in (Problem.BROKEN, Problem.NOT_MEDIA)


def test_a_png_that_would_be_gigabytes(one: Thumbnails, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png_header(50_000, 50_000))
    with pytest.raises(CannotShow, match=r"It has 50,000 × 50,000 pixels, more than is safe to decode\."):
        one.get(str(tmp_path / "a.png"), 320)
    assert peak_mib(one.pids()[0]) < 100


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("edge", [65_500, 24_000])
def test_a_jpeg_header_that_promises_more_than_there_is(
    one: Thumbnails, tmp_path: Path, edge: int, *, progressive: bool
) -> None:
    path = jpeg_header(tmp_path / "a.jpg", edge, edge, progressive=progressive)
    if edge == 65_500:
        assert problem_with(one, path) is Problem.TOO_MANY_PIXELS
    elif progressive:
        assert problem_with(one, path) in (Problem.BROKEN, Problem.TOO_LARGE)
    else:  # what is missing is grey
        assert one.get(str(path), 320).width == 320
    assert peak_mib(one.pids()[0]) < MOST_MIB


def test_as_many_pixels_as_are_allowed_stay_within_the_memory(one: Thumbnails, tmp_path: Path) -> None:
    Image.new("RGB", (10_000, 9_900)).save(tmp_path / "a.png", compress_level=1)
    assert one.get(str(tmp_path / "a.png"), 320).width == 320
    assert peak_mib(one.pids()[0]) < MOST_MIB


def test_a_decoder_that_takes_more_memory_than_it_said_costs_its_file_only(one: Thumbnails, tmp_path: Path) -> None:
    """A palette with a transparent entry takes five bytes a pixel before it can be made smaller."""
    image = Image.new("P", (10_000, 9_900))
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.save(tmp_path / "a.png", compress_level=1, transparency=0)
    outcome: object
    try:
        outcome = one.get(str(tmp_path / "a.png"), 320).width
    except CannotShow as told:
        outcome = told.problem
    assert outcome in (320, Problem.TOO_LARGE)
    assert one.get(str(write_picture(tmp_path / "b.png")), 320).width == 320


def test_a_jxl_that_would_be_gigabytes(one: Thumbnails, tmp_path: Path) -> None:
    """Its header says so: not small, both edges in 30 bits, no ratio."""
    bits, at = 0, 0
    for value, width in ((0, 1), (3, 2), (49_999, 30), (0, 3), (3, 2), (49_999, 30)):
        bits |= value << at
        at += width
    (tmp_path / "a.jxl").write_bytes(b"\xff\x0a" + bits.to_bytes(16, "little") + bytes(100))
    assert problem_with(one, tmp_path / "a.jxl") is Problem.TOO_MANY_PIXELS


SUFFIXES = [*PICTURE_SUFFIXES, *(suffix for suffix, _, _ in VIDEOS)]


class Samples:
    """The bytes of a file by its suffix; printed as little by a test that fails."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    """One small whole file of each format."""
    folder = tmp_path_factory.mktemp("originals")
    for suffix in PICTURE_SUFFIXES:
        write_picture(folder / f"a.{suffix}", (48, 32))
    for suffix, codec, pixel_format in VIDEOS:
        write_video(folder / f"a.{suffix}", codec, pixel_format)
    return Samples({suffix: (folder / f"a.{suffix}").read_bytes() for suffix in SUFFIXES})


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(suffix=st.sampled_from(SUFFIXES), seed=st.integers(0, 1 << 32), share=st.floats(0, 1))
def test_damaged_files_are_shown_or_refused(
    thumbnails: Thumbnails, samples: Samples, tmp_path: Path, suffix: str, seed: int, share: float
) -> None:
    """Bytes are changed anywhere, and perhaps the end is lost: a picture or a sentence, and the next file is well."""
    rng = random.Random(seed)
    data = bytearray(samples.files[suffix])
    for _ in range(rng.randrange(1, 20)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(data[: max(1, int(len(data) * min(1.0, share * 2)))])
    try:
        assert thumbnails.get(str(path), 320).width <= 320
    except CannotShow as told:
        assert told.problem in (
            Problem.BROKEN,
            Problem.NOT_MEDIA,
            Problem.NO_PICTURE,
            Problem.TOO_MANY_PIXELS,
            Problem.TOO_LARGE,
        )
