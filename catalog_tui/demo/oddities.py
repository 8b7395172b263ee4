"""What lies about in a grown archive: loose files, unfinished downloads, wrong extensions, and names that bite."""

import io
import math
import re
import struct
import wave
import zipfile
from collections.abc import Iterator
from random import Random
from typing import Final

from catalog_tui.demo.items import Clip, Content, Original, Picture
from catalog_tui.demo.scenes import PALETTES

_MAY_2023: Final = 1_683_000_000
_DAY: Final = 86400
_SQUARE: Final = (360, 360)
# As os.fsdecode gives them: the lone surrogate is a byte that is not UTF-8.
_ODD_NAMES: Final = (
    "[bold]not bold[",
    "two\nlines",
    "\x1b]0;a title\x07bell",
    "right-to-left \u202egpj",
    "caf\udce9 in latin-1",
    "-rf",
    "100% #1 & more?",
    "it's; $(echo quoted) `so`",
    "trailing space ",
    "写真 と 雲",
    "صورة",
    "joined \U0001f3f3\ufe0f\u200d\U0001f308",
    "cafe\u0301 decomposed",
    "<script>alert(1)",
    "a very long name " * 13,
    "=1+1",
)
_NOT_ON_WINDOWS: Final = re.compile('[<>:"|?*\\\\\x00-\x1f]')
_NOT_UTF8: Final = re.compile("[\udc80-\udcff]")


def loose_files(rng: Random) -> Iterator[Original]:
    """Files directly in a site's folder."""
    for number in range(1, 6):
        yield _picture(rng, f"tidepool/saved {number}.jpg", "scales")
    yield Content("tidepool/notes.txt", _MAY_2023, b"Saved by hand. Sort these into models some day.\n")


def odd_files(rng: Random, platform: str) -> Iterator[Original]:
    """What is left out of listings, what lies about its kind, what is no picture, what has an odd name."""
    yield Content("northlight/fjordlines/Fjord at night [b7Qx].mp4.part", _MAY_2023, rng.randbytes(180_000))
    yield _picture(rng, "northlight/fjordlines/.thumbnails/small.jpg", "aurora")
    yield _picture(rng, "Ilha Verde/Ventos do Sul/@eaDir/SYNOPHOTO_THUMB_M.jpg", "clouds")
    yield _picture(rng, "northlight/aster.field/really-a-png.jpg", "bokeh", "PNG")
    yield _picture(rng, "northlight/aster.field/no extension", "hills")
    yield _picture(rng, "paper.cranes/inkwell/really-a-jpeg.png", "contours")
    yield Clip("quiet_machines/standby/loading.gif", _MAY_2023, "colour bars", 6, (480, 320), 2)
    yield Content("quiet_machines/dial tone/dial tone.wav", _MAY_2023, _tone())
    yield Content("paper.cranes/fold-and-cut/patterns.zip", _MAY_2023, _archive())
    yield Content("paper.cranes/inkwell/colophon.pdf", _MAY_2023, b"%PDF-1.4\n% a page with nothing on it\n%%EOF\n")
    yield Content(
        "quiet_machines/orbital/truncated.jpg", _MAY_2023, b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + rng.randbytes(900)
    )
    yield Content("quiet_machines/orbital/empty.jpg", _MAY_2023, b"")
    for name in odd_names(platform):
        yield _picture(rng, f"tidepool/odd names/{name}.jpg", rng.choice(("quilt", "moire", "scales")))


def odd_names(platform: str) -> list[str]:
    """The odd file names (without extension) that the usual filesystem of that platform can hold."""
    if platform == "win32":
        return [name for name in _ODD_NAMES if not _NOT_ON_WINDOWS.search(name) and not _NOT_UTF8.search(name)]
    if platform == "darwin":
        return [name for name in _ODD_NAMES if not _NOT_UTF8.search(name)]
    return list(_ODD_NAMES)


def _picture(rng: Random, path: str, scene: str, image_format: str = "JPEG") -> Picture:
    mtime_s = _MAY_2023 + rng.randrange(700 * _DAY)
    return Picture(path, mtime_s, scene, rng.randrange(len(PALETTES)), _SQUARE, image_format, 85)


def _tone() -> bytes:
    """Two seconds of the 425 Hz that telephones hum, as a WAV file."""
    rate = 8000
    samples = [round(9000 * math.sin(425 * math.tau * n / rate)) for n in range(2 * rate)]
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setparams((1, 2, rate, len(samples), "NONE", ""))
        sound.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return buffer.getvalue()


def _archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("patterns/readme.txt", (2023, 5, 2, 9, 0, 0)), "Fold along the lines.\n")
    return buffer.getvalue()
