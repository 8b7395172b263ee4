"""Pictures by Pillow: what they are, and a smaller upright one. Runs in a worker, and loads plugins as they are needed.

What bounds a decoder: the pixels that a header promises are looked at before anything is allocated for them, a JPEG is
decoded at a half, a quarter or an eighth where that is enough, and the worker's own limits stand behind that.
"""

import os
from collections.abc import Callable
from importlib import import_module
from typing import IO, Final

from PIL import Image, ImageFile

from catalog_tui.core.kinds import Kind
from catalog_tui.core.media import CannotShow, Facts, Problem
from catalog_tui.core.pictures.colour import for_screens
from catalog_tui.core.pictures.jxl import jxl_size

DECODERS: Final = {
    "jpg": ("PIL.JpegImagePlugin", "JpegImageFile"),
    "png": ("PIL.PngImagePlugin", "PngImageFile"),
    "gif": ("PIL.GifImagePlugin", "GifImageFile"),
    "webp": ("PIL.WebPImagePlugin", "WebPImageFile"),
    "bmp": ("PIL.BmpImagePlugin", "BmpImageFile"),
    "tiff": ("PIL.TiffImagePlugin", "TiffImageFile"),
    "avif": ("PIL.AvifImagePlugin", "AvifImageFile"),
    "heic": ("pillow_heif", "HeifImageFile"),
    "jxl": ("pillow_jxl.JpegXLImagePlugin", "JXLImageFile"),
}
"""By format, module and class; `Image.open` would load all forty plugins of Pillow, a tenth of a second, to choose."""
MOST_PIXELS: Final = 100_000_000  # 400 MB in Pillow's four bytes a pixel
MOST_SCALED_PIXELS: Final = 600_000_000  # of a JPEG, which is decoded small: this bounds the time, about 5 s
MOST_READ_WHOLE: Final = 256 << 20  # bytes of a file in a format whose plugin reads it all into memory
READ_WHOLE: Final = frozenset(("avif", "heic", "jxl", "webp"))
HEAD_BYTES: Final = 16 << 10

ORIENTATION: Final = 0x0112
EXIF_BLOCK: Final = 0x8769
TAKEN: Final = 0x9003
CHANGED: Final = 0x0132
MAKE, MODEL = 0x010F, 0x0110
UPRIGHT_ALREADY: Final = frozenset(("heic", "jxl"))  # their decoders turn the pixels, and leave EXIF's word in place
TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Still:
    """A picture file, opened; its pixels are read by `shrunk` only. Raises CannotShow."""

    def __init__(self, file: IO[bytes], form: str) -> None:
        """`form`: the format by the first bytes, one of DECODERS."""
        _look_before(file, form)
        self._form = form
        self._image = _decoder(form)(file)
        width, height = self._image.size
        _bound(width, height, MOST_SCALED_PIXELS if form == "jpg" else MOST_PIXELS)
        exif = Image.Image.getexif(self._image)  # PNG's own would decode all pixels, for what may stand behind them
        self._orientation = _orientation(exif.get(ORIENTATION)) if form not in UPRIGHT_ALREADY else 1
        lies = self._orientation >= 5 and form != "tiff"  # Pillow gives a TIFF's size as it will be looked at
        block = exif.get_ifd(EXIF_BLOCK)
        self.facts: Final = Facts(
            kind=Kind.IMAGE,
            form=form,
            width=height if lies else width,
            height=width if lies else height,
            orientation=self._orientation,
            taken=_date(block.get(TAKEN) or exif.get(CHANGED)),
            camera=_text(f"{_text(exif.get(MAKE)) or ''} {_text(exif.get(MODEL)) or ''}"),
            frames=_frames(self._image),
        )

    def shrunk(self, edge: int) -> Image.Image:
        """The picture (of an animation the first) upright in RGB, at most `edge` pixels either way, never enlarged."""
        image: Image.Image = self._image
        width, height = image.size
        fit = fitting(width, height, edge)
        self._image.draft(image.mode, fit)
        _bound(*image.size, MOST_PIXELS)
        image.load()
        # Read anew: what Pillow turned itself while it loaded (TIFF) bears the mark no more.
        orientation = 1 if self._form == "tiff" else self._orientation
        if self._form == "tiff":
            fit = fitting(*image.size, edge)
        small = for_screens(image, fit)
        return small.transpose(TURNS[orientation]) if orientation in TURNS else small


def fitting(width: int, height: int, edge: int) -> tuple[int, int]:
    """The size at which a picture fits into a square of `edge`, its shape kept; its own where it is smaller."""
    scale = min(1.0, edge / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _look_before(file: IO[bytes], form: str) -> None:
    if form in READ_WHOLE and os.fstat(file.fileno()).st_size > MOST_READ_WHOLE:
        raise CannotShow(Problem.TOO_LARGE)
    if form == "jxl":
        size = jxl_size(file.read(HEAD_BYTES))
        file.seek(0)
        if size is None:
            raise CannotShow(Problem.BROKEN)
        _bound(*size, MOST_PIXELS)


def _decoder(form: str) -> Callable[[IO[bytes]], ImageFile.ImageFile]:
    module, name = DECODERS[form]
    plugin = import_module(module)
    if form == "jxl":
        vars(plugin)["DECODE_THREADS"] = 0  # there are as many workers as processors
    decoder: Callable[[IO[bytes]], ImageFile.ImageFile] = getattr(plugin, name)
    return decoder


def _bound(width: int, height: int, most: int) -> None:
    if width < 1 or height < 1:
        raise CannotShow(Problem.BROKEN)
    if width * height > most:
        raise CannotShow(Problem.TOO_MANY_PIXELS, {"width": width, "height": height})


def _frames(image: Image.Image) -> int | None:
    count = getattr(image, "n_frames", 1)
    return count if isinstance(count, int) else 1


def _orientation(value: object) -> int:
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _text(value: object) -> str | None:
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if not isinstance(value, str):
        return None
    return " ".join(value.replace("\0", " ").split())[:120] or None


def _date(value: object) -> str | None:
    """EXIF's `2024:05:31 18:02:11` as it is usually written; None where the field is blank or nonsense."""
    text = _text(value) or ""
    day, _, clock = text.partition(" ")
    parts = day.replace("-", ":").split(":")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts) or int(parts[0]) == 0:
        return None
    return f"{'-'.join(parts)} {clock[:8]}".strip()
