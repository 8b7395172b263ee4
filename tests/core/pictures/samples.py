"""Pictures and videos of every format, made on the spot: red on the left and blue on the right, so that turns show."""

import struct
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import pillow_heif
import pillow_jxl  # noqa: F401 - registers its format
from PIL import Image

RED, BLUE = (220, 30, 30), (30, 30, 220)
WIDE = (640, 400)

PICTURE_SUFFIXES = ("jpg", "jpeg", "png", "webp", "gif", "bmp", "tiff", "avif", "heic", "jxl")
VIDEOS = (  # suffix, codec, pixel format
    ("mp4", "libx264", "yuv420p"),
    ("webm", "libvpx", "yuv420p"),
    ("mov", "mpeg4", "yuv420p"),
    ("mkv", "libx264", "yuv420p"),
    ("m4v", "mpeg4", "yuv420p"),
    ("avi", "mpeg4", "yuv420p"),
    ("flv", "flv1", "yuv420p"),
    ("wmv", "wmv2", "yuv420p"),
    ("ts", "mpeg2video", "yuv420p"),
    ("mpg", "mpeg1video", "yuv420p"),
    ("ogv", "libvpx", "yuv420p"),
)


def halves(size: tuple[int, int] = WIDE) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    return image


def write_picture(path: Path, size: tuple[int, int] = WIDE) -> Path:
    """Two halves, in the format of the suffix."""
    pillow_heif.register_heif_opener()
    image = halves(size)
    if path.suffix == ".gif":
        image = image.quantize(16)
    image.save(path)
    return path


def write_video(
    path: Path,
    codec: str = "libx264",
    pixel_format: str = "yuv420p",
    *,
    frames: Sequence[Image.Image] | None = None,
    rate: int = 25,
    seconds_between: float | None = None,
) -> Path:
    """`frames` (by default three seconds of two halves), in the container of the suffix."""
    pictures = [halves()] * 75 if frames is None else frames
    container_format = {".ogv": "ogg", ".m4v": "mp4", ".wmv": "asf", ".ts": "mpegts"}.get(path.suffix)
    with av.open(str(path), "w", format=container_format) as container:
        stream = container.add_stream(codec, rate=rate)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = pictures[0].size
        stream.pix_fmt = pixel_format
        stream.gop_size = 5
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_bytes(picture.convert("RGBA").tobytes(), *picture.size)
            at = number / rate if seconds_between is None else number * seconds_between
            frame.pts, frame.time_base = round(at * 1000), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def fade(levels: Sequence[int], size: tuple[int, int] = (320, 240)) -> Iterator[Image.Image]:
    """A picture of two halves for each level of brightness, 0 to 255."""
    bright = halves(size)
    for level in levels:
        yield bright.point([value * level // 255 for value in range(256)] * 3)


def png_header(width: int, height: int) -> bytes:
    """A PNG that promises so many pixels and brings a few bytes of them."""
    import zlib

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1 << 20), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg_header(path: Path, width: int, height: int, *, progressive: bool = False) -> Path:
    """A small JPEG whose header says that it is `width` x `height`."""
    halves((64, 64)).save(path, "JPEG", progressive=progressive)
    data = bytearray(path.read_bytes())
    at = data.index(b"\xff\xc2" if progressive else b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    path.write_bytes(data)
    return path
