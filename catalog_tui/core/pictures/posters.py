"""The picture that lies beside a video and shows it: of the same stem, as downloaders leave them (yt-dlp)."""

import os
from collections.abc import Iterator
from typing import Final, NamedTuple

from catalog_tui.core.kinds import VIDEO_SUFFIXES, suffix_of

ENDINGS: Final = (".jpg", ".jpeg", ".png", ".webp", ".avif")


class Poster(NamedTuple):
    """The path of a picture beside a video, and what `fstat` said of it where it was opened already."""

    path: str
    known: os.stat_result | None


def poster_beside(path: str) -> str | None:
    """The path of the picture beside the video at `path`; None where there is none, or `path` is no video's."""
    return next(filter(os.path.isfile, poster_paths(path)), None)


def poster_paths(path: str) -> Iterator[str]:
    """Where the picture beside the video at `path` may be, likeliest first; nothing where `path` is no video's."""
    suffix = suffix_of(os.path.basename(path))
    if suffix.lower() in VIDEO_SUFFIXES:
        for ending in ENDINGS:
            yield path[: -len(suffix)] + ending
