"""Files are made by what writes them every day (Pillow, FFmpeg) and then told by their first bytes."""

import io

import av
import pytest
from PIL import Image

from catalog_tui.core.content import HEAD_BYTES, content_kind, mislabelled
from catalog_tui.core.kinds import Kind

PICTURES = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif", "BMP": "bmp", "TIFF": "tiff", "AVIF": "avif"}
FILMS = {
    "mp4": ("mpeg4", "mp4"),
    "mov": ("mpeg4", "mov"),
    "ipod": ("mpeg4", "mp4"),
    "matroska": ("mpeg4", "mkv"),
    "webm": ("libvpx", "webm"),
    "avi": ("mpeg4", "avi"),
    "flv": ("flv", "flv"),
    "asf": ("mpeg4", "wmv"),
    "mpegts": ("mpeg2video", "ts"),
    "mpeg": ("mpeg1video", "mpg"),
}


def picture(form: str) -> bytes:
    room = io.BytesIO()
    Image.new("RGB", (8, 8)).save(room, form)
    return room.getvalue()


def film(form: str, codec: str) -> bytes:
    room = io.BytesIO()
    with av.open(room, "w", format=form) as container:
        stream = container.add_stream(codec, rate=25)
        assert isinstance(stream, av.VideoStream)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for number in range(25):
            frame = av.VideoFrame(64, 64, "yuv420p")
            frame.pts = number
            for plane in frame.planes:
                plane.update(bytes(plane.buffer_size))
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return room.getvalue()


@pytest.mark.parametrize(("form", "suffix"), PICTURES.items())
def test_a_picture_is_told_by_its_first_bytes(form: str, suffix: str) -> None:
    assert content_kind(picture(form)[:HEAD_BYTES]) == (Kind.IMAGE, suffix)


@pytest.mark.parametrize(("form", "codec", "suffix"), [(form, *rest) for form, rest in FILMS.items()])
def test_a_video_is_told_by_its_first_bytes(form: str, codec: str, suffix: str) -> None:
    assert content_kind(film(form, codec)[:HEAD_BYTES]) == (Kind.VIDEO, suffix)


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", (Kind.IMAGE, "heic")),
        (b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avifmiaf", (Kind.IMAGE, "avif")),
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n\x00\x00\x00\x14ftypjxl ", (Kind.IMAGE, "jxl")),
        (b"\xff\x0a\xfa\x7f", (Kind.IMAGE, "jxl")),
        (b"\x00\x00\x00\x08wide\x00\x00\x10\x00mdat", (Kind.VIDEO, "mov")),
        (b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00", (Kind.OTHER, "m4a")),
        (b"\x00\x00\x00\x01" + (b"\x47" + b"\0" * 191) * 2 + b"\x47", (Kind.VIDEO, "ts")),
        (b"<!DOCTYPE html><html>", (Kind.OTHER, "html")),
        (b"PK\x03\x04rest", (Kind.OTHER, "zip")),
        (b"BM is how this text begins, and no bitmap", None),
        (b"Good evening", None),
        (b"", None),
    ],
)
def test_what_no_library_here_writes_is_told_by_its_specification(head: bytes, told: tuple[Kind, str] | None) -> None:
    assert content_kind(head) == told


@pytest.mark.parametrize(("form", "suffix"), PICTURES.items())
def test_a_cut_head_tells_the_truth_or_nothing(form: str, suffix: str) -> None:
    head = picture(form)
    told = [content_kind(head[:length]) for length in range(len(head))]
    assert set(told) == {None, (Kind.IMAGE, suffix)}
    assert told[0] is None


def test_a_mislabelled_file_gives_its_real_format() -> None:
    assert mislabelled("photo.jpg", picture("WEBP")) == "webp"
    assert mislabelled("page.mp4", b"<html>") == "html"


@pytest.mark.parametrize("name", ["photo.jpg", "photo.JPEG", "photo.jfif", "photo"])
def test_a_file_that_is_what_its_name_says_is_not_mislabelled(name: str) -> None:
    assert mislabelled(name, picture("JPEG")) is None


def test_an_unknown_content_is_not_called_mislabelled() -> None:
    assert mislabelled("photo.jpg", b"????") is None
