"""Short moving pictures: a window that glides over a painted scene."""

import math
from collections.abc import Iterator
from fractions import Fraction
from random import Random
from typing import Final

import av
from PIL import Image

from catalog_tui.demo.scenes import Palette, Size, paint

FRAMES_PER_SECOND: Final = 12
_ENCODERS: Final = ("libx264", "mpeg4")  # the first is what browsers play; FFmpeg always has the second


def write_clip(path: str, scene: str, rng: Random, palette: Palette, size: Size, seconds: int) -> None:
    """Write a video to `path`; its extension says in which container."""
    encoder = next(name for name in _ENCODERS if name in av.codecs_available)
    with av.open(path, "w") as container:
        stream = container.add_stream(encoder, rate=FRAMES_PER_SECOND)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.thread_count = 1
        if encoder == "libx264":
            stream.options = {"preset": "ultrafast", "crf": "23"}
        for number, picture in enumerate(glide(scene, rng, palette, size, seconds * FRAMES_PER_SECOND)):
            frame = av.VideoFrame.from_bytes(picture.convert("RGBA").tobytes(), *size)
            frame.pts, frame.time_base = number, Fraction(1, FRAMES_PER_SECOND)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def write_animation(path: str, scene: str, rng: Random, palette: Palette, size: Size, frames: int) -> None:
    """Write an animated GIF to `path`."""
    first, *rest = glide(scene, rng, palette, size, frames)
    colours = first.quantize(64)  # once for all frames: finding them costs ten times the painting
    pictures = [colours, *(picture.quantize(palette=colours, dither=Image.Dither.NONE) for picture in rest)]
    pictures[0].save(path, "GIF", save_all=True, append_images=pictures[1:], duration=90, loop=0)


def glide(scene: str, rng: Random, palette: Palette, size: Size, frames: int) -> Iterator[Image.Image]:
    """The frames of one slow swing from left to right and back, as seen through a window of `size` pixels."""
    width, height = size
    wide = paint(scene, rng, palette, (width * 2, height))
    for number in range(frames):
        left = round(width * (0.5 - 0.5 * math.cos(number / frames * math.tau)))
        yield wide.crop((left, 0, left + width, height))
