"""Duplicates planted in the demo archive, for the scan to find: what careless downloading leaves behind."""

import os
from collections.abc import Iterator, Sequence
from random import Random
from typing import Final

from catalog_tui.demo.items import Clip, Copy, Picture, Variant

_YEAR_S: Final = 365 * 86400


def exact_copies(rng: Random, pictures: Sequence[Picture], clips: Sequence[Clip]) -> Iterator[Copy]:
    """Files of the same content: in the same model, in others, across sites, in threes and fours, and hard links."""
    chosen = rng.sample(pictures, 48)
    for number, picture in enumerate(chosen[:14]):  # downloaded twice into one folder
        stem, extension = os.path.splitext(picture.path)
        yield Copy(stem + (" (1)", " - copy", "_2")[number % 3] + extension, picture.mtime_s + 3600, picture.path)
    for picture in chosen[14:28]:  # reposted by another model of the same site
        yield _repost(rng, picture, _other_folder(rng, picture, pictures, same_site=True))
    for number, picture in enumerate(chosen[28:40]):  # on several sites, under a name of its own
        for round_ in range(1 + number % 3):
            folder = _other_folder(rng, picture, pictures, same_site=False)
            extension = os.path.splitext(picture.path)[1]
            path = f"{folder}/IMG-{20200000 + number * 117}-WA{number:02}{round_:02}{extension}"
            yield Copy(path, min(picture.mtime_s + _YEAR_S // 4, _latest(pictures)), picture.path)
    for picture in chosen[40:48]:  # one file under two names: no waste, and the scan must say so
        folder = _other_folder(rng, picture, pictures, same_site=True)
        path = f"{folder}/linked {os.path.basename(picture.path)}"
        yield Copy(path, picture.mtime_s, picture.path, hard_link=True)
    for clip in clips[:3]:
        folder = _other_folder(rng, clip, pictures, same_site=False)
        yield Copy(f"{folder}/{os.path.basename(clip.path)}", clip.mtime_s, clip.path)


def near_copies(rng: Random, pictures: Sequence[Picture]) -> Iterator[Variant]:
    """Pictures that look alike but are other files: smaller, saved anew, or damaged in their last byte."""
    scales = (0.5, 0.75, 1.0, 0.35)
    for number, picture in enumerate(rng.sample([one for one in pictures if one.image_format == "JPEG"], 16)):
        stem = os.path.splitext(picture.path)[0]
        scale = scales[number % len(scales)]
        ending = "-resaved" if scale == 1.0 else f"-{round(picture.size[0] * scale)}px"
        yield Variant(f"{stem}{ending}.jpg", picture.mtime_s + 60, picture.path, scale)
    damaged = rng.choice(pictures)
    stem, extension = os.path.splitext(damaged.path)
    yield Variant(f"{stem}-damaged{extension}", damaged.mtime_s, damaged.path, 0)


def _repost(rng: Random, picture: Picture, folder: str) -> Copy:
    return Copy(f"{folder}/{os.path.basename(picture.path)}", picture.mtime_s + rng.randrange(10 * 86400), picture.path)


def _other_folder(rng: Random, original: Picture | Clip, pictures: Sequence[Picture], *, same_site: bool) -> str:
    """A model's folder that is not the original's, on its site or on another."""
    site, model = original.path.split("/")[:2]
    others = sorted({"/".join(one.path.split("/")[:2]) for one in pictures} - {f"{site}/{model}"})
    return rng.choice([folder for folder in others if folder.startswith(f"{site}/") == same_site])


def _latest(pictures: Sequence[Picture]) -> int:
    return max(picture.mtime_s for picture in pictures)
