"""What a file is, told by its name: picture, video, anything else, or nothing that a person wants to see.

`content.py` decides by first bytes where a name says nothing; `side_files.py` says which files only describe others.
"""

from enum import IntEnum
from typing import Final


class Kind(IntEnum):
    """What a file of the archive is; the values are those of the `kinds` column of a listing."""

    IMAGE = 0
    VIDEO = 1
    OTHER = 2


# What a suffix alone cannot settle: ints above every Kind, so that one comparison in the hot loop tells them apart.
UNKNOWN: Final = 3
DESCRIBING: Final = 4
LEFT_OUT: Final = 5


def _suffixes(*words: str) -> frozenset[str]:
    return frozenset("." + word for line in words for word in line.split())


IMAGE_SUFFIXES: Final = _suffixes("jpg jpeg jpe jfif png apng webp gif bmp tiff tif avif heic heif jxl")
VIDEO_SUFFIXES: Final = _suffixes("mp4 webm mov mkv m4v avi flv wmv asf ts m2ts mts mpg mpeg 3gp ogv")
AUDIO_SUFFIXES: Final = _suffixes("mp3 m4a aac ogg oga opus flac wav wma aiff mka m4b mid")

# Suffixes that are well known to be neither: their files are never opened to find out.
OTHER_SUFFIXES: Final = AUDIO_SUFFIXES | _suffixes(
    "zip cbz rar cbr 7z cb7 tar tgz bz2 lz lzma lz4 iso dmg jar apk deb rpm torrent",
    "pdf epub mobi azw3 djvu doc docx odt rtf xls xlsx ods ppt pptx md rst tex csv tsv log",
    "html htm mhtml xhtml css eml mbox ics vcf m3u m3u8 pls cue lrc sub idx sup swf",
    "psd xcf ai eps svg clip kra blend obj stl fbx safetensors ckpt ttf otf woff woff2",
    "py js mjs jsx tsx c h cpp rs go java sh bat cmd ps1 exe msi dll so bin dat lnk",
    "db sqlite sqlite3 ini cfg conf toml plist jsonl ndjson md5 sha1 sha256 sfv sig asc",
)

# Suffixes of files that may describe media: captions, tags, metadata, subtitles, links. `side_files.py` has the rule.
DESCRIBING_SUFFIXES: Final = _suffixes(
    "json xz gz zst txt xmp nfo description xml yaml yml aae url webloc desktop",
    "vtt srt ass ssa ttml json3 srv1 srv2 srv3",
)

UNFINISHED_SUFFIXES: Final = _suffixes("part ytdl aria2 crdownload partial opdownload !qb !ut")
FRAGMENT_PREFIX: Final = ".part-frag"  # yt-dlp: clip.mp4.part-Frag12

# What NAS systems and operating systems keep for themselves beside the user's folders.
LEFT_OUT_FOLDERS: Final = frozenset(
    ("@eaDir", "#recycle", "@Recycle", "$RECYCLE.BIN", "System Volume Information", "lost+found")
)


def suffix_of(name: str) -> str:
    """The last suffix of a file name with its dot, as written; "" where there is none."""
    dot = name.rfind(".")
    return name[dot:] if dot > 0 else ""


def kind_of_suffix(suffix: str) -> int:
    """What files of this suffix (with its dot, in any case) are: a Kind, or UNKNOWN, DESCRIBING or LEFT_OUT."""
    suffix = suffix.lower()
    if suffix in IMAGE_SUFFIXES:
        return int(Kind.IMAGE)
    if suffix in VIDEO_SUFFIXES:
        return int(Kind.VIDEO)
    if suffix in OTHER_SUFFIXES:
        return int(Kind.OTHER)
    if suffix in DESCRIBING_SUFFIXES:
        return DESCRIBING
    if suffix in UNFINISHED_SUFFIXES or suffix.startswith(FRAGMENT_PREFIX):
        return LEFT_OUT
    return UNKNOWN


class SuffixKinds(dict[str, int]):
    """A table from suffix, as written, to `kind_of_suffix` of it, that fills itself; one per walk."""

    MOST = 10_000  # a folder of hostile names must not make it grow without end

    def __missing__(self, suffix: str) -> int:
        kind = kind_of_suffix(suffix) if suffix.startswith(".") else UNKNOWN
        if len(self) < self.MOST:
            self[suffix] = kind
        return kind


class TailKinds(dict[str, int]):
    """The kind by the last four characters of a name, where the suffix is among them; -1 where it is longer, or none.

    Then `of_suffix` tells. Most suffixes have three letters, and finding the dot takes twice as long.
    """

    def __init__(self) -> None:
        super().__init__()
        self.of_suffix = SuffixKinds()

    def __missing__(self, tail: str) -> int:
        dot = tail.rfind(".")
        kind = self.of_suffix[tail[dot:]] if dot >= 0 else -1
        if len(self) < SuffixKinds.MOST:
            self[tail] = kind
        return kind


def is_left_out_folder(name: str) -> bool:
    """True for a folder that is no part of the archive: hidden, or a system's own."""
    return name.startswith(".") or name in LEFT_OUT_FOLDERS


def is_left_out_file(name: str) -> bool:
    """True for a file that is no part of the archive: hidden, or an unfinished download or its control file."""
    return name.startswith(".") or kind_of_suffix(suffix_of(name)) == LEFT_OUT
