"""Each kind of file of the demo archive, written to disk."""

import contextlib
import os
import shutil
from random import Random

from PIL import Image

from catalog_tui.demo.clips import FRAMES_PER_SECOND, write_animation, write_clip
from catalog_tui.demo.items import Clip, Content, Copy, Derived, Original, Picture, Variant
from catalog_tui.demo.scenes import PALETTES, paint


def write_original(root: str, item: Original) -> None:
    """Make the file `item` below `root`, whose folders are there; several threads may do so at once."""
    path = os.path.join(root, item.path)
    rng = Random(os.fsencode(item.path))
    match item:
        case Picture():
            picture = paint(item.scene, rng, PALETTES[item.palette], item.size)
            # method=0: WebP's slower ones cost twenty times the painting
            picture.save(path, item.image_format, quality=item.quality, method=0, compress_level=1)
        case Clip():
            palette = PALETTES[item.palette]
            if path.endswith(".gif"):
                half = (item.size[0] // 2, item.size[1] // 2)
                write_animation(path, item.scene, rng, palette, half, item.seconds * FRAMES_PER_SECOND // 3)
            else:
                write_clip(path, item.scene, rng, palette, item.size, item.seconds)
        case Content():
            with open(path, "wb") as file:
                file.write(item.content)
    os.utime(path, (item.mtime_s, item.mtime_s))


def write_derived(root: str, item: Derived) -> None:
    """Make the file `item` below `root` from its source, which is there."""
    path, source = os.path.join(root, item.path), os.path.join(root, item.source)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    match item:
        case Copy(hard_link=True) if _hard_linked(source, path):
            pass
        case Copy():
            shutil.copyfile(source, path)
        case Variant(scale=0):
            _copy_damaged(source, path)
        case Variant():
            with Image.open(source) as picture:
                smaller = picture.resize((round(picture.width * item.scale), round(picture.height * item.scale)))
                smaller.save(path, "JPEG", quality=70)
    os.utime(path, (item.mtime_s, item.mtime_s))


def _hard_linked(source: str, path: str) -> bool:
    """Whether the filesystem could give `source` the second name `path`."""
    try:
        os.link(source, path)
    except OSError:
        return False
    return True


def _copy_damaged(source: str, path: str) -> None:
    with open(source, "rb") as file:
        content = file.read()
    with open(path, "wb") as file:
        file.write(content[:-1] + bytes([content[-1] ^ 0xFF]))
