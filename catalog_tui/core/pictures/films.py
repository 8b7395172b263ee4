"""Videos by PyAV (FFmpeg): what they are, and one picture out of them. Runs in a worker.

The demuxer is named by us from the first bytes, never guessed: a playlist that calls itself a film cannot make FFmpeg
open other files or the network.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Final

import av
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image, ImageStat

from catalog_tui.core.kinds import Kind
from catalog_tui.core.media import CannotShow, Facts, Problem
from catalog_tui.core.pictures.stills import fitting

DEMUXERS: Final = {
    "mp4": "mov",
    "mov": "mov",
    "webm": "matroska",
    "mkv": "matroska",
    "avi": "avi",
    "flv": "flv",
    "wmv": "asf",
    "ts": "mpegts",
    "mpg": "mpeg",
    "ogg": "ogg",
}
MOST_PIXELS: Final = 8192 * 8192
BUFFER_BYTES: Final = 1 << 18
PLACES: Final = (0.1, 0.3, 0.5, 0.0)
"""Where in a video its poster is looked for, as shares of its length: the first that shows something."""
LEAST_SPREAD: Final = 12  # standard deviation of the luma, of 255: below it a frame is black, white or a fade
MOST_FRAMES: Final = 300  # decoded on the way from the key frame before the wanted time to that time


class Film:
    """A video file, opened. A context manager. Raises CannotShow."""

    def __init__(self, file: IO[bytes], form: str) -> None:
        """`form`: the format by the first bytes, one of DEMUXERS."""
        try:
            self._container = av.open(
                file,
                mode="r",
                format=DEMUXERS[form],
                metadata_errors="replace",
                buffer_size=BUFFER_BYTES,
                container_options={"protocol_whitelist": "none", "probesize": "5000000"},
                options={"max_pixels": str(MOST_PIXELS)},
            )
        except (av.FFmpegError, OSError, ValueError) as error:
            raise CannotShow(Problem.BROKEN) from error
        films = [stream for stream in self._container.streams.video if not _is_cover(stream)]
        self._covers = [stream for stream in self._container.streams.video if _is_cover(stream)]
        if not films and not self._covers:
            self._container.close()
            raise CannotShow(Problem.NO_PICTURE)
        self._stream = films[0] if films else self._covers[0]
        self._form = form
        self._shape = _shape(self._stream)
        self._turned, self._has_decoded = 0, False
        for stream in (self._stream, *self._covers):
            stream.thread_type = "NONE"

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    def poster(self, edge: int) -> Image.Image:
        """The embedded cover, or the first picture a little way in that is no black or empty one."""
        for cover in self._covers:
            with suppress(CannotShow):
                return self._picture(self._first(cover), edge, cover)
        best: tuple[float, Image.Image] | None = None
        for share in PLACES:
            try:
                frame = self._key_frame(share * (self._length() or 0.0))
            except CannotShow:
                continue
            picture = self._picture(frame, edge, self._stream)
            spread = float(ImageStat.Stat(picture.convert("L")).stddev[0])
            if spread >= LEAST_SPREAD:
                return picture
            if best is None or spread > best[0]:
                best = (spread, picture)
        if best is None:
            raise CannotShow(Problem.NO_PICTURE)
        return best[1]

    def frame(self, seconds: float, edge: int) -> Image.Image:
        """The picture that stands at `seconds` after the beginning; the last one where the video ends before."""
        self._seek(seconds)
        self._stream.codec_context.skip_frame = "DEFAULT"
        start = self._start()
        last: VideoFrame | None = None
        for number, frame in enumerate(self._frames(self._stream)):
            if last is not None and (frame.time or 0.0) - start > seconds + 0.001:
                break
            last = frame
            if number >= MOST_FRAMES:
                break
        if last is None:
            last = self._key_frame(0.0)
        return self._picture(last, edge, self._stream)

    def facts(self) -> Facts:
        """What it is. How it is turned only a frame tells: after `poster` or `frame`, or else one is decoded for it."""
        stream, context = self._stream, self._stream.codec_context
        if context.width < 1 or context.height < 1:
            raise CannotShow(Problem.NO_PICTURE)
        if not self._has_decoded:
            with suppress(CannotShow):
                self._turned = self._key_frame(0.0).rotation
        seconds = self._length()
        rate = float(stream.average_rate) if stream.average_rate else None
        audio = self._container.streams.audio
        width, height = max(1, round(context.width * self._shape)), context.height
        if self._turned % 180:
            width, height = height, width
        counted = stream.frames or (round(seconds * rate) if seconds and rate else None)
        return Facts(
            kind=Kind.VIDEO,
            form=self._form,
            width=width,
            height=height,
            duration_s=seconds,
            frames=counted,
            frame_rate=rate,
            codec=context.name,
            audio_codec=audio[0].codec_context.name if audio else None,
            taken=_date(self._container.metadata.get("creation_time", "")),
            has_cover=bool(self._covers),
        )

    def _length(self) -> float | None:
        """In seconds, as far as container or stream say."""
        if self._container.duration:
            return self._container.duration / av.time_base
        stream = self._stream
        if stream.duration is None or stream.time_base is None:
            return None
        return float(stream.duration * stream.time_base)

    def _picture(self, frame: VideoFrame, edge: int, stream: VideoStream) -> Image.Image:
        """The frame upright, its pixels square, at most `edge` either way."""
        if stream is self._stream:
            self._turned, self._has_decoded = frame.rotation, True
        shape = self._shape if stream is self._stream else 1.0
        width, height = fitting(max(1, round(frame.width * shape)), frame.height, edge)
        small = frame.reformat(width=width, height=height, format="rgb24", interpolation="AREA")
        plane = small.planes[0]
        picture = Image.frombuffer("RGB", (width, height), bytes(plane), "raw", "RGB", plane.line_size, 1)
        return picture.rotate(frame.rotation, expand=True) if frame.rotation else picture

    def _start(self) -> float:
        start, base = self._stream.start_time, self._stream.time_base
        return float(start * base) if start is not None and base is not None else 0.0

    def _seek(self, seconds: float) -> None:
        base = self._stream.time_base
        if base is None:
            return
        with suppress(av.FFmpegError):  # a broken index: then it is read from where it stands
            self._container.seek(int((seconds + self._start()) / base), stream=self._stream, backward=True)

    def _key_frame(self, seconds: float) -> VideoFrame:
        self._seek(seconds)
        self._stream.codec_context.skip_frame = "NONKEY"
        return self._first(self._stream)

    def _first(self, stream: VideoStream) -> VideoFrame:
        for frame in self._frames(stream):
            return frame
        raise CannotShow(Problem.NO_PICTURE)

    def _frames(self, stream: VideoStream) -> Iterator[VideoFrame]:
        try:
            yield from self._container.decode(stream)
        except (av.FFmpegError, OSError, ValueError) as error:
            raise CannotShow(Problem.BROKEN) from error


def _is_cover(stream: VideoStream) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _shape(stream: VideoStream) -> float:
    """How many times as wide as high a pixel is to be shown."""
    ratio = stream.sample_aspect_ratio
    return float(ratio) if ratio and 0.1 < ratio < 10 else 1.0


def _date(text: str) -> str | None:
    day, _, clock = text.partition("T")
    return f"{day} {clock[:8]}" if clock and not day.startswith(("1904", "1970")) else None
