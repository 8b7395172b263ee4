"""The media type of a file, and whether a browser may show it: only what is known to be passive.

A list of dangerous types is never complete (SVG, HTML, XML, PDF, MHTML, ...), so all others are for saving only.
"""

import os
from typing import Final
from urllib.parse import quote_from_bytes

from catalog_tui.core.content import content_kind
from catalog_tui.core.kinds import suffix_of

PASSIVE: Final = {
    **dict.fromkeys((".jpg", ".jpeg", ".jpe", ".jfif"), b"image/jpeg"),
    **dict.fromkeys((".png", ".apng"), b"image/png"),
    **dict.fromkeys((".tif", ".tiff"), b"image/tiff"),
    ".webp": b"image/webp",
    ".gif": b"image/gif",
    ".bmp": b"image/bmp",
    ".avif": b"image/avif",
    ".heic": b"image/heic",
    ".heif": b"image/heif",
    ".jxl": b"image/jxl",
    **dict.fromkeys((".mp4", ".m4v"), b"video/mp4"),
    ".webm": b"video/webm",
    ".mov": b"video/quicktime",
    ".mkv": b"video/x-matroska",
    ".avi": b"video/x-msvideo",
    ".flv": b"video/x-flv",
    **dict.fromkeys((".wmv", ".asf"), b"video/x-ms-wmv"),
    **dict.fromkeys((".ts", ".m2ts", ".mts"), b"video/mp2t"),
    **dict.fromkeys((".mpg", ".mpeg"), b"video/mpeg"),
    ".3gp": b"video/3gpp",
    ".ogv": b"video/ogg",
    ".mp3": b"audio/mpeg",
    **dict.fromkeys((".m4a", ".m4b"), b"audio/mp4"),
    ".aac": b"audio/aac",
    **dict.fromkeys((".ogg", ".oga", ".opus"), b"audio/ogg"),
    ".flac": b"audio/flac",
    ".wav": b"audio/wav",
}
UNKNOWN: Final = b"application/octet-stream"


def type_by_name(name: str) -> bytes | None:
    """The type of a passive file, told by its suffix; None where that does not tell."""
    return PASSIVE.get(suffix_of(name).lower())


def type_by_content(head: bytes) -> bytes:
    """The type of a file without a suffix, told by its first bytes."""
    found = content_kind(head)
    return PASSIVE.get("." + found[1], UNKNOWN) if found is not None else UNKNOWN


def attachment(name: str) -> bytes:
    """A Content-Disposition that saves the file under its name (RFC 6266), whatever is in it."""
    raw = os.fsencode(os.path.basename(name)).decode("utf-8", "replace").encode("utf-8")
    plain = bytes(byte if 0x20 <= byte < 0x7F and byte not in b'"\\%' else 0x5F for byte in raw)
    return b"attachment; filename=\"%b\"; filename*=UTF-8''%b" % (plain, quote_from_bytes(raw, safe="").encode())
