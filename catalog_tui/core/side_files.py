"""Files that describe media (captions, tags, metadata, subtitles, links): which they are, and what each describes.

Downloaders name them in these ways, all beside the media they describe:

    photo.jpg.json  photo.jpg.txt  photo.jpg.xmp    the full name and a suffix (gallery-dl, hydrus, Google Takeout)
    photo.json      photo.txt      clip.nfo         the stem and a suffix (instaloader's caption, many others)
    clip.info.json  clip.en.vtt    clip.live_chat.json    the stem and several suffixes (yt-dlp)
    post.json.xz    post_comments.json              for post.jpg, or shared by post_1.jpg and post_2.mp4 (instaloader)
    info.json       data.jsonl                      one for the whole folder (gallery-dl)

A document that matches no media of its folder is a document: kind `other`, listed, never hidden. The exceptions are
names that nobody but a downloader gives (`x.info.json`, `x.json.xz`, `x.description`, `x.live_chat.json`,
`x.jpg.json`): they are side-files also when the media they described is gone.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

from catalog_tui.core.kinds import AUDIO_SUFFIXES, DESCRIBING_SUFFIXES, IMAGE_SUFFIXES, VIDEO_SUFFIXES, suffix_of

MEDIA_SUFFIXES: Final = IMAGE_SUFFIXES | VIDEO_SUFFIXES | AUDIO_SUFFIXES
FOLDER_FILES: Final = frozenset(("info.json", "data.jsonl"))
DOWNLOADER_ENDINGS: Final = (".info.json", ".json.xz", ".description", ".live_chat.json")
POST_ENDINGS: Final = ("_comments", "_location")
COMPRESSED: Final = frozenset((".xz", ".gz", ".zst"))
NUMBERED: Final = re.compile(r"_\d+$")


class SideFiles:
    """The side-files among the files of one folder. Build it from all names; ask it about any."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)

    def described_by(self, name: str) -> tuple[str, ...] | None:
        """The files that `name` describes, in order of name; () for a side-file whose media is gone or that describes
        the folder as a whole; None for what is no side-file."""
        if name in FOLDER_FILES:
            return ()
        for base in _bases(name):
            if base in self._names and suffix_of(base).lower() not in DESCRIBING_SUFFIXES:
                return (base,)
            if described := self._by_stem.get(base):
                return tuple(sorted(described))
        return () if _only_downloaders_write(name) else None

    @cached_property  # not needed where all side-files bear the full names of their media, as gallery-dl's do
    def _by_stem(self) -> dict[str, list[str]]:
        """The media of each stem, and of each stem without the number of a picture within its post."""
        media: dict[str, list[str]] = {}
        for name in self._names:
            suffix = suffix_of(name)
            if suffix.lower() in MEDIA_SUFFIXES:
                stem = name[: -len(suffix)]
                media.setdefault(stem, []).append(name)
                if number := NUMBERED.search(stem):
                    media.setdefault(stem[: number.start()], []).append(name)
        return media


def side_files(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Every side-file among the names of one folder, with the files that it describes (see SideFiles.described_by).

    A side-file goes where its media goes; a shared one goes with the last of them.
    """
    names = list(names)
    folder = SideFiles(names)
    found = ((name, folder.described_by(name)) for name in names)
    return {name: described for name, described in found if described is not None}


def _bases(name: str) -> Iterator[str]:
    """What `name` may be the side-file of, likeliest first: it without its last suffix, then without more of them."""
    suffix = suffix_of(name).lower()
    if suffix not in DESCRIBING_SUFFIXES:
        return
    base = name[: -len(suffix)]
    if suffix in COMPRESSED:
        if not base.lower().endswith(".json"):
            return
        base = base[: -len(".json")]
    while base:
        yield base
        for ending in POST_ENDINGS:
            if base.endswith(ending):
                yield base.removesuffix(ending)
        shorter = base[: -len(suffix_of(base)) or None]
        if shorter == base:
            return
        base = shorter


def _only_downloaders_write(name: str) -> bool:
    lower = name.lower()
    suffix = suffix_of(lower)
    inner = suffix_of(lower.removesuffix(suffix))
    return lower.endswith(DOWNLOADER_ENDINGS) or (suffix in DESCRIBING_SUFFIXES and inner in MEDIA_SUFFIXES)
