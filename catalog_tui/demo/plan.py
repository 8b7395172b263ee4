"""What the demo archive holds: a list of files to make, the same every time."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final, NamedTuple

from catalog_tui.demo import naming
from catalog_tui.demo.items import Clip, Content, Derived, Original, Picture
from catalog_tui.demo.oddities import loose_files, odd_files
from catalog_tui.demo.planted import exact_copies, near_copies
from catalog_tui.demo.scenes import PALETTES

SIZES: Final = ((640, 480), (480, 600), (540, 540), (600, 400), (640, 360)) * 5 + ((1280, 853),)
FORMATS: Final = (("JPEG", ".jpg"),) * 22 + (("JPEG", ".jpeg"), ("PNG", ".png"), ("WEBP", ".webp"))


@dataclass(frozen=True, slots=True)
class Model:
    """A model to be: how many pictures of which scenes, named by which downloader, since which year."""

    site: str
    name: str
    pictures: int
    scenes: tuple[str, ...]
    naming: naming.Naming
    since: int
    clips: int = 0


MODELS: Final = (
    Model("Ilha Verde", "Caderno de Campo", 16, ("contours",), naming.titled, 2021),
    Model("Ilha Verde", "Marina Azul", 42, ("hills", "scales"), naming.spaced, 2019, 2),
    Model("Ilha Verde", "Maré Alta", 9, ("scales", "clouds"), naming.titled, 2023, 3),
    Model("Ilha Verde", "Serra Clara", 28, ("hills",), naming.by_moment, 2018),
    Model("Ilha Verde", "Ventos do Sul", 29, ("clouds",), naming.camera, 2020),
    Model("northlight", "Água Doce", 24, ("clouds", "moire"), naming.by_post, 2022),
    Model("northlight", "aster.field", 38, ("bokeh", "hills"), naming.by_post, 2020),
    Model("northlight", "fjordlines", 64, ("aurora", "hills"), naming.by_moment, 2017, 3),
    Model("northlight", "polar.radio", 30, ("aurora",), naming.numbered, 2019),
    Model("northlight", "small hours", 7, ("bokeh",), naming.spaced, 2024),
    Model("northlight", "snow_desk", 11, ("contours",), naming.digest, 2023),
    Model("paper.cranes", "first draft", 3, ("quilt",), naming.camera, 2025),
    Model("paper.cranes", "fold-and-cut", 120, ("quilt",), naming.numbered, 2018),
    Model("paper.cranes", "inkwell", 18, ("contours", "clouds"), naming.paged, 2021),
    Model("paper.cranes", "kumo 雲", 21, ("clouds", "scales"), naming.paged, 2020, 1),
    Model("paper.cranes", "seigaiha", 26, ("scales",), naming.digest, 2019),
    Model("quiet_machines", "copper_wire", 18, ("moire",), naming.by_post, 2022),
    Model("quiet_machines", "dial tone", 14, ("colour bars",), naming.camera, 2016, 2),
    Model("quiet_machines", "fog.signal", 22, ("bokeh", "aurora"), naming.by_moment, 2021),
    Model("quiet_machines", "orbital", 24, ("moire",), naming.digest, 2020, 2),
    Model("quiet_machines", "pixel_loom", 45, ("quilt", "colour bars"), naming.numbered, 2017),
    Model("quiet_machines", "standby", 5, ("colour bars",), naming.spaced, 2024),
    Model("tidepool", "glasshouse", 23, ("bokeh", "contours"), naming.by_post, 2021, 1),
    Model("tidepool", "lichen", 19, ("contours",), naming.paged, 2022),
    Model("tidepool", "slow_rivers", 12, ("hills", "aurora"), naming.titled, 2024, 2),
)
EMPTY_FOLDERS: Final = ("tidepool/empty shelf",)


class Plan(NamedTuple):
    """The files to make: first the originals, in any order, then what is made from them, in this order."""

    empty_folders: tuple[str, ...]
    originals: list[Original]
    derived: list[Derived]


def plan_demo(platform: str = sys.platform) -> Plan:
    """The demo archive for that platform (`sys.platform`): some file names cannot be everywhere."""
    rng = Random("catalog-tui demo")
    originals = [item for model in MODELS for item in _model_files(rng, model)]
    pictures = [item for item in originals if isinstance(item, Picture)]
    clips = [item for item in originals if isinstance(item, Clip) and item.path.endswith(".mp4")]
    derived: list[Derived] = [*exact_copies(rng, pictures, clips), *near_copies(rng, pictures)]
    originals += [*loose_files(rng), *odd_files(rng, platform)]
    return Plan(EMPTY_FOLDERS, originals, derived)


def _model_files(rng: Random, model: Model) -> Iterator[Original]:
    date = datetime(model.since, rng.randint(1, 12), rng.randint(1, 28), 9, tzinfo=UTC)
    step = (datetime(2026, 1, 1, tzinfo=UTC) - date) / (model.pictures + 1)
    palette = rng.randrange(len(PALETTES))
    for number in range(1, model.pictures + 1):
        date += step * rng.uniform(0.4, 1.0) + timedelta(seconds=rng.randrange(86400))
        folder = f"{model.site}/{model.name}"
        if model.name == "fold-and-cut" and number > 90:
            folder += "/extras"
        name = model.naming(rng, naming.Post(model.name, number, date))
        mtime_s = int(date.timestamp())
        scene, colours = rng.choice(model.scenes), (palette + rng.choice((0, 0, 1, 3))) % len(PALETTES)
        if number * model.clips // model.pictures > (number - 1) * model.clips // model.pictures:
            extension = rng.choice((".mp4", ".mp4", ".mp4", ".mkv", ".gif"))
            yield Clip(f"{folder}/{name.stem}{extension}", mtime_s, scene, colours, (480, 272), rng.randint(2, 5))
        else:
            image_format, extension = rng.choice(FORMATS)
            size, quality = rng.choice(SIZES), rng.choice((75, 82, 88, 92))
            path = f"{folder}/{name.stem}{extension}"
            yield Picture(path, mtime_s, scene, colours, size, image_format, quality)
        for pattern, text in name.side_files.items():
            side_file = pattern.format(file=name.stem + extension, stem=name.stem)
            yield Content(f"{folder}/{side_file}", mtime_s, text.encode())
