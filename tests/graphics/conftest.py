"""A picture with colours, edges and noise."""

import random

import pytest
from PIL import Image


def make_picture(width: int, height: int, seed: int = 1) -> Image.Image:
    """Gradients with a box in the middle, the same each time."""
    chance = random.Random(seed)
    image = Image.new("RGB", (width, height))
    image.putdata(
        [
            (x * 255 // width, y * 255 // height, chance.randrange(256) if x > width // 2 else seed * 40 % 256)
            for y in range(height)
            for x in range(width)
        ]
    )
    image.paste((250, 10, 10), (width // 4, height // 4, width // 2, height // 2))
    return image


@pytest.fixture
def picture() -> Image.Image:
    """80 by 60 pixels."""
    return make_picture(80, 60)
