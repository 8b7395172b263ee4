"""The picture that lies beside a video and shows it: of the same stem, as downloaders leave them (yt-dlp)."""

import os
from typing import Final

from catalog_tui.core.kinds import VIDEO_SUFFIXES, suffix_of

ENDINGS: Final = (".jpg", ".jpeg", ".png", ".webp", ".avif")


def poster_beside(path: str) -> str | None:
    """The path of the picture beside the video at `path`; None where there is none, or `path` is no video's."""
    suffix = suffix_of(os.path.basename(path))
    if suffix.lower() not in VIDEO_SUFFIXES:
        return None
    stem = path[: -len(suffix)]
    return next((stem + ending for ending in ENDINGS if os.path.isfile(stem + ending)), None)
