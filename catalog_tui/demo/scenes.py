"""Pictures painted from chance: landscapes, skies, patterns. Cheap on purpose: hundreds are wanted in a second.

Each painter takes a random generator, a palette (dark to light) and a size in pixels. Soft ones are painted small and
enlarged; only Pillow is used, no array library.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageOps

Colour = tuple[int, int, int]
Palette = Sequence[Colour]
Size = tuple[int, int]
Painter = Callable[[Random, Palette, Size], Image.Image]

PALETTES: Final[tuple[Palette, ...]] = (
    ((26, 32, 58), (66, 62, 106), (152, 88, 124), (232, 136, 110), (252, 216, 158)),  # dusk
    ((12, 40, 48), (24, 88, 92), (72, 148, 132), (160, 204, 164), (240, 244, 208)),  # lagoon
    ((36, 28, 24), (104, 64, 44), (176, 108, 64), (224, 172, 104), (248, 232, 196)),  # clay
    ((14, 18, 40), (28, 52, 104), (56, 112, 176), (128, 188, 224), (236, 246, 252)),  # glacier
    ((32, 20, 44), (88, 36, 92), (164, 60, 120), (228, 124, 140), (252, 212, 204)),  # orchid
    ((16, 32, 20), (40, 76, 44), (96, 128, 64), (176, 184, 96), (244, 236, 176)),  # moss
    ((24, 24, 28), (72, 76, 84), (132, 136, 144), (192, 192, 196), (244, 242, 238)),  # slate
    ((40, 16, 20), (128, 36, 40), (208, 80, 48), (244, 152, 64), (255, 228, 150)),  # ember
)


def paint(scene: str, rng: Random, palette: Palette, size: Size) -> Image.Image:
    """A picture of the named scene (one of SCENES), always the same for the same generator state."""
    return SCENES[scene](rng, palette, size)


def hills(rng: Random, palette: Palette, size: Size) -> Image.Image:
    """Ranges of hills, paler with distance, under a sky with a sun or moon."""
    width, height = _half(size)
    picture = _gradient([palette[1], palette[3], palette[4]], (width, height))
    draw = ImageDraw.Draw(picture)
    radius = rng.uniform(0.05, 0.11) * width
    x, y = rng.uniform(0.15, 0.85) * width, rng.uniform(0.15, 0.45) * height
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), _mix(palette[4], (255, 255, 255), 0.6))
    ranges = rng.randint(3, 6)
    for number in range(ranges):
        nearness = (number + 1) / ranges
        level = height * (0.4 + 0.5 * nearness * rng.uniform(0.85, 1.1))
        _hill(draw, rng, (width, height), level, _mix(palette[3], palette[0], nearness))
    return picture.resize(size, Image.Resampling.BILINEAR)


def aurora(rng: Random, palette: Palette, size: Size) -> Image.Image:
    """Curtains of light above a dark ridge, with stars."""
    width, height = _half(size)
    curtains = _noise(rng, (rng.randint(9, 16), 3), (width, height))
    fade = Image.linear_gradient("L").resize((width, height)).point([255 - abs(level - 110) for level in range(256)])
    picture = _coloured(ImageChops.multiply(curtains, fade), [_mix(palette[0], (0, 0, 0), 0.5), *palette[1:4]])
    draw = ImageDraw.Draw(picture)
    for _ in range(rng.randint(40, 90)):
        x, y = rng.uniform(0, width), rng.uniform(0, height * 0.75)
        draw.ellipse((x, y, x + rng.choice((0, 0, 1)), y + 1), palette[4])
    _hill(draw, rng, (width, height), height * rng.uniform(0.78, 0.88), _mix(palette[0], (0, 0, 0), 0.7))
    return picture.resize(size, Image.Resampling.BILINEAR)


def clouds(rng: Random, palette: Palette, size: Size) -> Image.Image:
    """Billowing noise in the palette's colours."""
    return _coloured(_plasma(rng, _half(size)), palette).resize(size, Image.Resampling.BILINEAR)


def contours(rng: Random, palette: Palette, size: Size) -> Image.Image:
    """A map of an island that is not there, with lines of equal height."""
    step = rng.choice((16, 20, 24))
    land = _plasma(rng, size, octaves=3)
    layers = _coloured(land.point([level // step * step for level in range(256)]), palette)
    lines = land.point([255 if level % step < 2 else 0 for level in range(256)])
    layers.paste(palette[0], mask=lines)
    return layers


def moire(rng: Random, palette: Palette, size: Size) -> Image.Image:
    """Two sets of rings laid over each other."""
    rings = [_rings(rng, _half(size)) for _ in range(2)]
    return _coloured(ImageChops.add(rings[0], rings[1], 2), palette).resize(size, Image.Resampling.BILINEAR)


def bokeh(rng: Random, palette: Palette, size: Size) -> Image.Image:
    """Lights out of focus."""
    width, height = _half(size)
    picture = _gradient([palette[0], palette[1], palette[2]], (width, height))
    draw = ImageDraw.Draw(picture, "RGBA")
    for _ in range(rng.randint(25, 60)):
        x, y, radius = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(0.01, 0.1) * width
        box = (x - radius, y - radius, x + radius, y + radius)
        draw.ellipse(box, (*rng.choice(palette[2:]), rng.randint(40, 130)))
    return picture.resize(size, Image.Resampling.BILINEAR)


def quilt(rng: Random, palette: Palette, size: Size) -> Image.Image:
    """Tiles of quarter circles (Truchet's), each turned by chance."""
    width, height = size
    tile = width // rng.randint(6, 12)
    picture = Image.new("RGB", size, palette[-1])
    draw = ImageDraw.Draw(picture)
    for top in range(0, height, tile):
        for left in range(0, width, tile):
            draw.rectangle((left, top, left + tile, top + tile), rng.choice(palette[2:]))
            corner, start = rng.choice(((0, 0), (1, 90), (2, 180), (3, 270)))
            x = left + (tile if corner in (1, 2) else 0)
            y = top + (tile if corner in (2, 3) else 0)
            draw.pieslice((x - tile, y - tile, x + tile, y + tile), start, start + 90, rng.choice(palette[:3]))
    return picture


def scales(rng: Random, palette: Palette, size: Size) -> Image.Image:
    """Overlapping arcs in rows, as waves are drawn on cloth (seigaiha)."""
    width, height = size
    radius = width / rng.randint(5, 11)
    picture = Image.new("RGB", size, palette[0])
    draw = ImageDraw.Draw(picture)
    colours = rng.sample(list(palette), len(palette))
    for row in range(int(height / radius * 2) + 3):
        y = row * radius / 2
        for column in range(-1, int(width / radius / 2) + 2):
            x = (column * 2 + row % 2) * radius
            for ring, colour in enumerate(colours):
                reach = radius * (1 - ring / len(colours))
                draw.ellipse((x - reach, y - reach, x + reach, y + reach), colour)
    return picture


def colour_bars(rng: Random, palette: Palette, size: Size) -> Image.Image:
    """Colour bars, a grey wedge and a circle, as broadcasters send between programmes."""
    width, height = size
    picture = _gradient([palette[4], palette[0]], size)
    draw = ImageDraw.Draw(picture)
    bars = [*palette, (200, 200, 40), (40, 190, 190), (40, 180, 60), (190, 60, 180)]
    rng.shuffle(bars)
    for number, colour in enumerate(bars):
        left = number * width / len(bars)
        draw.rectangle((left, 0, left + width / len(bars), height * 0.62), colour)
    for number in range(11):
        left = number * width / 11
        draw.rectangle((left, height * 0.62, left + width / 11, height * 0.75), (number * 25,) * 3)
    reach = height * rng.uniform(0.25, 0.42)
    draw.ellipse((width / 2 - reach, height / 2 - reach, width / 2 + reach, height / 2 + reach), None, "white", 4)
    return picture


SCENES: Final[Mapping[str, Painter]] = {
    "hills": hills,
    "aurora": aurora,
    "clouds": clouds,
    "contours": contours,
    "moire": moire,
    "bokeh": bokeh,
    "quilt": quilt,
    "scales": scales,
    "colour bars": colour_bars,
}


def _half(size: Size) -> Size:
    return (size[0] // 2, size[1] // 2)


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    """`one` with so large a share of `other`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return (red, green, blue)


def _gradient(colours: Palette, size: Size) -> Image.Image:
    """The colours from top to bottom, flowing into each other."""
    column = Image.new("RGB", (1, len(colours)))
    for row, colour in enumerate(colours):
        column.putpixel((0, row), colour)
    return column.resize(size, Image.Resampling.BILINEAR)


def _coloured(grey: Image.Image, palette: Palette) -> Image.Image:
    """A grey picture with black to white replaced by the palette from first to last."""
    table: list[Colour] = []
    for level in range(256):
        place = level / 255 * (len(palette) - 1)
        below = min(int(place), len(palette) - 2)
        table.append(_mix(palette[below], palette[below + 1], place - below))
    return Image.merge("RGB", [grey.point([colour[band] for colour in table]) for band in range(3)])


def _noise(rng: Random, cells: Size, size: Size) -> Image.Image:
    """Random greys, `cells` of them across and down, enlarged smoothly."""
    grains = Image.frombytes("L", cells, rng.randbytes(cells[0] * cells[1]))
    return grains.resize(size, Image.Resampling.BICUBIC)


def _plasma(rng: Random, size: Size, octaves: int = 5) -> Image.Image:
    """Noise of several finenesses, each half as strong as the one before."""
    grey = _noise(rng, (4, 3), size)
    for octave in range(1, octaves):
        finer = _noise(rng, (4 << octave, 3 << octave), size)
        grey = Image.blend(grey, finer, 0.5 / (octave + 0.6))
    return ImageOps.autocontrast(grey)


def _rings(rng: Random, size: Size) -> Image.Image:
    width, height = size
    count = rng.uniform(6, 16)
    waves = [round(127.5 + 127.5 * math.sin(level / 255 * count * math.tau)) for level in range(256)]
    slopes = Image.radial_gradient("L").resize((width * 2, height * 2), Image.Resampling.BILINEAR)
    left, top = rng.randint(width // 4, width * 3 // 4), rng.randint(height // 4, height * 3 // 4)
    return slopes.crop((left, top, left + width, top + height)).point(waves)


def _hill(draw: ImageDraw.ImageDraw, rng: Random, size: Size, level: float, colour: Colour) -> None:
    """One range: three sine waves on top of each other, filled down to the bottom."""
    width, height = size
    waves = [(rng.uniform(0.5, 1.6) * 2**n, rng.uniform(0, math.tau), height * 0.09 / 1.7**n) for n in range(4)]
    ridge = [
        (x, level - sum(tall * math.sin(x / width * math.tau * pace + shift) for pace, shift, tall in waves))
        for x in range(0, width + 6, 6)
    ]
    draw.polygon([*ridge, (width, height), (0, height)], colour)
