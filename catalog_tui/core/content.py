"""What a file is, told by its first bytes.

The signatures are those of the formats' own specifications: ISO/IEC 14496-12 (ftyp brands), RFC 9649 (WebP), RFC 9559
(Matroska), ISO/IEC 13818-1 (MPEG streams), ISO/IEC 18181-2 (JPEG XL), and of ASF, FLV, AVI, BMP, GIF, PNG and TIFF.
"""

from typing import Final

from catalog_tui.core.kinds import Kind, suffix_of

HEAD_BYTES: Final = 512  # holds three packets of an MPEG transport stream (188 bytes each; M2TS: 192)

ContentKind = tuple[Kind, str]

_IMAGE_STARTS: Final = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
    (b"\xff\x0a", "jxl"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "jxl"),
)
_VIDEO_STARTS: Final = (
    (b"FLV\x01", "flv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c", "wmv"),
    (b"\x00\x00\x01\xba", "mpg"),
    (b"\x00\x00\x01\xb3", "mpg"),
)
_OTHER_STARTS: Final = (
    (b"PK\x03\x04", "zip"),
    (b"%PDF-", "pdf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gz"),
    (b"ID3", "mp3"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"<!DOCTYPE", "html"),
    (b"<!doctype", "html"),
    (b"<html", "html"),
)
_RIFF_FORMS: Final = {
    b"WEBP": (Kind.IMAGE, "webp"),
    b"AVI ": (Kind.VIDEO, "avi"),
    b"WAVE": (Kind.OTHER, "wav"),
}
_AVIF_BRANDS: Final = frozenset((b"avif", b"avis"))
_HEIF_BRANDS: Final = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"miaf"))
_AUDIO_BRANDS: Final = frozenset((b"M4A ", b"M4B ", b"M4P "))

# Suffixes by which a format is called; a name that bears one of them is no mislabelled file.
_SUFFIXES: Final = {
    "jpg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "png": (".png", ".apng"),
    "tiff": (".tiff", ".tif"),
    "heic": (".heic", ".heif"),
    "mp4": (".mp4", ".m4v", ".mov", ".3gp"),  # one family of containers, and players care little
    "mov": (".mov", ".mp4", ".m4v"),
    "mkv": (".mkv", ".mka", ".webm"),
    "wmv": (".wmv", ".asf", ".wma"),
    "ts": (".ts", ".m2ts", ".mts"),
    "mpg": (".mpg", ".mpeg"),
    "m4a": (".m4a", ".m4b", ".mp4"),
    "ogg": (".ogg", ".oga", ".ogv", ".opus"),
}


def content_kind(head: bytes) -> ContentKind | None:
    """The kind and the format's usual suffix without dot, by a file's first HEAD_BYTES; None where they say nothing.

    A few formats that are often found under a picture's name (web pages, zip files) are known too, as `other`.
    """
    for kind, starts in ((Kind.IMAGE, _IMAGE_STARTS), (Kind.VIDEO, _VIDEO_STARTS), (Kind.OTHER, _OTHER_STARTS)):
        for start, form in starts:
            if head.startswith(start):
                return kind, form
    if head[4:8] == b"ftyp" and len(head) >= 12:  # without its brand it could be either
        return _iso_media_kind(head)
    if head.startswith(b"RIFF"):
        return {b"WEBP": (Kind.IMAGE, "webp"), b"AVI ": (Kind.VIDEO, "avi"), b"WAVE": (Kind.OTHER, "wav")}.get(
            head[8:12]
        )
    if head.startswith(b"\x1a\x45\xdf\xa3"):  # EBML; its DocType names which of the two it is
        return Kind.VIDEO, "webm" if b"webm" in head[:64] else "mkv"
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip"):  # QuickTime from before there were brands
        return Kind.VIDEO, "mov"
    if _is_bitmap(head):
        return Kind.IMAGE, "bmp"
    if _is_transport_stream(head):
        return Kind.VIDEO, "ts"
    return None


def mislabelled(name: str, head: bytes) -> str | None:
    """The real format of a file whose name says another, told by its first bytes; None where name and content agree."""
    found = content_kind(head)
    suffix = suffix_of(name).lower()
    if found is None or not suffix:
        return None
    form = found[1]
    return None if suffix in _SUFFIXES.get(form, (f".{form}",)) else form


def _iso_media_kind(head: bytes) -> ContentKind:
    """Pictures and films share this container: the major brand tells, or the compatible ones where it is generic."""
    end = min(int.from_bytes(head[:4], "big"), len(head))
    major, compatible = head[8:12], {head[at : at + 4] for at in range(16, end - 3, 4)}
    brands = {major} | (compatible if major in (b"mif1", b"msf1", b"miaf") else set())
    if brands & _AVIF_BRANDS:
        return Kind.IMAGE, "avif"
    if brands & _HEIF_BRANDS:
        return Kind.IMAGE, "heic"
    if major == b"jxl ":
        return Kind.IMAGE, "jxl"
    if major in _AUDIO_BRANDS:
        return Kind.OTHER, "m4a"
    return Kind.VIDEO, "mov" if major == b"qt  " else "mp4"


def _is_bitmap(head: bytes) -> bool:
    """Two letters prove little, so the size of the header that follows must be one of those that exist."""
    return head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in (12, 16, 40, 52, 56, 64, 108, 124)


def _is_transport_stream(head: bytes) -> bool:
    """Sync bytes three packets in a row; M2TS puts a four-byte time stamp before each packet."""
    return any(
        len(head) > first + 2 * packet and all(head[first + n * packet] == 0x47 for n in range(3))
        for first, packet in ((0, 188), (4, 192))
    )
