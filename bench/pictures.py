"""A seeded folder of pictures as downloaders leave them: mostly JPEG of 1 to 12 megapixels, and seven other formats."""

from pathlib import Path
from random import Random
from typing import Final

import pillow_heif
from PIL import Image, ImageChops

from catalog_tui.demo.clips import write_clip
from catalog_tui.demo.scenes import PALETTES, SCENES, paint

BASE: Final = (2400, 1800)
BASES: Final = 12
MIX: Final = {"jpg": 340, "png": 60, "webp": 50, "gif": 20, "heic": 10, "avif": 10, "tiff": 5, "bmp": 5}
JPEG_SIZES: Final = ((4000, 3000), (3000, 2000), (2048, 1536), (1600, 1067), (1080, 1350), (1200, 800))
OTHER_SIZES: Final = JPEG_SIZES[2:]
GIF_SIZE: Final = (600, 400)


def make_mixed(folder: Path, seed: int = 5) -> Path:
    """Make the folder of 500 pictures, unless it is there already; takes a minute."""
    if folder.exists():
        return folder
    unfinished = folder.with_name(folder.name + ".unfinished")
    unfinished.mkdir(parents=True)
    pillow_heif.register_heif_opener()
    rng = Random(seed)
    bases = [_base(number) for number in range(BASES)]
    suffixes = [suffix for suffix, count in MIX.items() for _ in range(count)]
    rng.shuffle(suffixes)
    for number, suffix in enumerate(suffixes):
        size = rng.choice(JPEG_SIZES if suffix == "jpg" else OTHER_SIZES)
        picture = bases[number % BASES].resize(size, Image.Resampling.BILINEAR)
        _save(picture, unfinished / f"{number:03}.{suffix}", rng)
    return unfinished.rename(folder)


def make_photograph(path: Path) -> Path:
    """One JPEG of 12 megapixels, unless it is there already."""
    if not path.exists():
        _base(1).resize((4000, 3000), Image.Resampling.BICUBIC).save(path, quality=92)
    return path


def make_video(path: Path) -> Path:
    """Twenty seconds of 1080p H.264, unless they are there already."""
    if not path.exists():
        write_clip(str(path), "aurora", Random(2), PALETTES[1], (1920, 1080), 20)
    return path


def _base(number: int) -> Image.Image:
    """A painted scene with grain, without which it would compress like no photograph."""
    scenes = list(SCENES)
    painted = paint(scenes[number % len(scenes)], Random(number), PALETTES[number % len(PALETTES)], BASE)
    grain = Image.effect_noise(BASE, 24).convert("RGB")
    return ImageChops.add(painted, grain, 1, -128)


def _save(picture: Image.Image, path: Path, rng: Random) -> None:
    match path.suffix:
        case ".jpg":
            picture.save(path, quality=rng.choice((85, 90, 95)))
        case ".gif":
            picture.resize(GIF_SIZE).quantize(128).save(path)
        case ".png":
            picture.save(path, compress_level=6)
        case ".webp":
            picture.save(path, quality=85, method=0)
        case ".avif":
            picture.save(path, quality=75, speed=10)
        case _:
            picture.save(path)
