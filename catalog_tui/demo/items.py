"""The kinds of file a demo archive is made of: plain values that say what to make, where, and how old it is."""

from dataclasses import dataclass

from catalog_tui.demo.scenes import Size


@dataclass(frozen=True, slots=True)
class Picture:
    """A painted picture; `image_format` as Pillow names it, whatever the path's extension says."""

    path: str
    mtime_s: int
    scene: str
    palette: int
    size: Size
    image_format: str
    quality: int


@dataclass(frozen=True, slots=True)
class Clip:
    """A moving picture: a video, or an animated GIF when the path ends so."""

    path: str
    mtime_s: int
    scene: str
    palette: int
    size: Size
    seconds: int


@dataclass(frozen=True, slots=True)
class Content:
    """A file of the bytes given."""

    path: str
    mtime_s: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Copy:
    """The same bytes as `source`, in a file of its own, or the same file under a second name."""

    path: str
    mtime_s: int
    source: str
    hard_link: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """Nearly the picture `source`: scaled and saved as a JPEG anew, or (`scale` 0) with its last byte changed."""

    path: str
    mtime_s: int
    source: str
    scale: float


Original = Picture | Clip | Content
Derived = Copy | Variant
