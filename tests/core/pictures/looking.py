"""Looking at thumbnails: their pixels, and what colour is where."""

import io

from PIL import Image

from catalog_tui.core.thumbnails import Picture

Colour = tuple[int, int, int]


def pixels(picture: Picture) -> Image.Image:
    """The picture decoded, of the size that it says."""
    image = Image.open(io.BytesIO(picture.data)).convert("RGB")
    assert image.size == (picture.width, picture.height)
    return image


def colour_at(picture: Picture, across: float, down: float) -> Colour:
    """The colour at a place given in shares of width and height."""
    image = pixels(picture)
    found = image.getpixel((int(across * image.width), int(down * image.height)))
    assert isinstance(found, tuple)
    return (int(found[0]), int(found[1]), int(found[2]))


def is_near(colour: Colour, wanted: Colour, tolerance: int = 40) -> bool:
    """Whether it is that colour, as far as lossy encoding leaves it."""
    return all(abs(one - other) <= tolerance for one, other in zip(colour, wanted, strict=True))
