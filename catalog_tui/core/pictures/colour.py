"""From whatever a file's pixels are to RGB as screens show it: 16 bit, palettes, CMYK, transparency, profiles."""

import io
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from PIL import Image

if TYPE_CHECKING:
    from PIL import ImageCms

GROUND: Final = (128, 128, 128)
"""Behind what is transparent: both a white and a black drawing stand out from the middle grey."""
FILTER: Final = Image.Resampling.BICUBIC
GAP: Final = 2.0
PLAIN: Final = frozenset(("RGB", "L"))


def for_screens(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """`image`, loaded, in RGB at `size`, which is no larger than its own."""
    profile = image.info.get("icc_profile")
    small = _shrunk(_blendable(image), size)
    if small.mode in ("RGBA", "LA"):
        ground = Image.new("RGB", small.size, GROUND)
        ground.paste(small.convert("RGB"), mask=small.getchannel("A"))
        small = ground
    return _profiled(small, profile)


def _shrunk(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image if image.size == size else image.resize(size, FILTER, reducing_gap=GAP)


def _blendable(image: Image.Image) -> Image.Image:
    """The same in a mode whose pixels can be averaged."""
    if image.mode in ("RGB", "L", "RGBA", "LA", "CMYK"):
        if image.mode in PLAIN and "transparency" in image.info:
            return image.convert("RGBA")
        return image
    if image.mode.startswith("I") or image.mode == "F":
        return _eight_bits(image)
    if image.mode in ("PA", "P", "1"):
        has_holes = image.mode == "PA" or "transparency" in image.info
        return image.convert("RGBA" if has_holes else "RGB")
    return image.convert("RGBA" if image.mode in ("RGBa", "RGBX", "La") else "RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    """Grey of 16 bits or more in 8: by its format's range, or by what occurs in it where that is unknown."""
    deep = image.convert("F")
    if image.mode.startswith("I;16"):
        low, high = 0.0, 65535.0
    else:
        darkest, brightest = deep.getextrema()
        assert not isinstance(darkest, tuple) and not isinstance(brightest, tuple)
        low, high = float(darkest), float(brightest)
        if image.mode == "I" and low >= 0 and high <= 65535:
            low, high = 0.0, 65535.0
    scale = 255 / (high - low) if high > low else 1.0
    return deep.point(lambda level: level * scale - low * scale).convert("L")


@lru_cache(maxsize=16)  # a camera writes the same one into every picture, and making it takes 8 ms
def _transform(profile: bytes, mode: str) -> "ImageCms.ImageCmsTransform":
    from PIL import ImageCms

    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    return ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, "RGB")


def _profiled(image: Image.Image, profile: object) -> Image.Image:
    """In sRGB, where the file says in what its colours are meant; as they are where its profile is of no use."""
    if isinstance(profile, bytes) and profile and b"sRGB" not in profile[:600]:
        from PIL import ImageCms

        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            converted = ImageCms.applyTransform(image, _transform(profile, image.mode))
            if converted is not None:
                return converted
    return image if image.mode == "RGB" else image.convert("RGB")
