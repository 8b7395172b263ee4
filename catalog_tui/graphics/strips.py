"""Lines of pictures for the screen: what the terminal gets of them is made at once, Rich's segments only if asked for.

A cell of a picture is a segment with a style of its own; made, joined, filtered and written one by one, those of a
screen of tiles take 50 ms. Here they are two rows of pixels until somebody looks at them as segments.
"""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from rich.color import Color, ColorSystem, ColorType
from rich.color_triplet import ColorTriplet
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as TextualColor
from textual.filter import ANSIToTruecolor, LineFilter
from textual.strip import Strip

UPPER_HALF = "▀"

Pixel = tuple[int, int, int]


class LazyStrip(Strip):
    """A strip that makes its segments when they are first needed; what is cut of it is of its own kind."""

    __slots__ = ("_made",)

    def __init__(self, cell_length: int) -> None:
        super().__init__((), cell_length)
        self._made: list[Segment] | None = None

    @abstractmethod
    def make_segments(self) -> list[Segment]:
        """The line as Rich knows it."""

    @property
    def _segments(self) -> list[Segment]:
        if self._made is None:
            self._made = self.make_segments()
        return self._made

    @_segments.setter
    def _segments(self, segments: list[Segment]) -> None:
        """Strip would have them at once."""

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """See Strip."""
        length = self.cell_length
        return [self.crop(start, end) for start, end in pairwise([0, *(cut for cut in cuts if cut <= length)])]


class BlockStrip(LazyStrip):
    """A line of half blocks: in each cell one pixel above another."""

    __slots__ = ("_lower", "_upper")

    def __init__(self, upper: bytes, lower: bytes) -> None:
        """Both rows are RGB, three bytes a pixel."""
        super().__init__(len(upper) // 3)
        self._upper, self._lower = upper, lower

    def _pixels(self) -> Iterator[tuple[Pixel, Pixel]]:
        upper, lower = iter(self._upper), iter(self._lower)
        return zip(zip(upper, upper, upper, strict=True), zip(lower, lower, lower, strict=True), strict=True)

    def make_segments(self) -> list[Segment]:
        """Cells of the same two pixels are one segment."""
        return [_segment(*pixels, sum(1 for _cell in cells)) for pixels, cells in groupby(self._pixels())]

    def render(self, console: Console) -> str:
        """See Strip."""
        if console._color_system not in (None, ColorSystem.TRUECOLOR):
            return super().render(console)  # there are fewer colours, which Rich finds
        if self._render_cache is None:
            self._render_cache = self._written()
        return self._render_cache

    def _written(self) -> str:
        written, former, block = [], None, ""
        for pixels in self._pixels():
            if pixels != former:
                former = pixels
                (red, green, blue), (lower_red, lower_green, lower_blue) = upper, lower = pixels
                if upper == lower:  # a space is shorter on the wire than a block
                    block = " "
                    written.append(f"\x1b[48;2;{red};{green};{blue}m")
                else:
                    block = UPPER_HALF
                    background = f"48;2;{lower_red};{lower_green};{lower_blue}"
                    written.append(f"\x1b[38;2;{red};{green};{blue};{background}m")
            written.append(block)
        written.append("\x1b[0m")
        return "".join(written)

    def crop(self, start: int, end: int | None = None) -> Strip:
        """See Strip."""
        start, end = max(0, start), self.cell_length if end is None else min(self.cell_length, end)
        if (start, end) == (0, self.cell_length):
            return self
        return BlockStrip(self._upper[3 * start : 3 * end], self._lower[3 * start : 3 * end])

    def apply_filter(self, line_filter: LineFilter, background: TextualColor) -> Strip:
        """See Strip; its colours are true ones already."""
        return self if isinstance(line_filter, ANSIToTruecolor) else super().apply_filter(line_filter, background)


class JoinedStrip(LazyStrip):
    """Strips side by side, of which each keeps what was made of it."""

    __slots__ = ("_parts",)

    def __init__(self, parts: Iterable[Strip]) -> None:
        self._parts = tuple(parts)
        super().__init__(sum(part.cell_length for part in self._parts))

    def make_segments(self) -> list[Segment]:
        """Those of all, in order."""
        return [segment for part in self._parts for segment in part]

    def render(self, console: Console) -> str:
        """See Strip."""
        if self._render_cache is None:
            self._render_cache = "".join([part.render(console) for part in self._parts])
        return self._render_cache

    def crop(self, start: int, end: int | None = None) -> Strip:
        """See Strip."""
        start, end = max(0, start), self.cell_length if end is None else min(self.cell_length, end)
        if (start, end) == (0, self.cell_length):
            return self
        cropped, left = [], 0
        for part in self._parts:
            right = left + part.cell_length
            if left < end and right > start:
                cropped.append(part.crop(max(0, start - left), min(end, right) - left))
            left = right
        return JoinedStrip(cropped)

    def apply_filter(self, line_filter: LineFilter, background: TextualColor) -> Strip:
        """See Strip."""
        filtered = self._filter_cache.get((line_filter, background))
        if filtered is None:
            filtered = JoinedStrip(part.apply_filter(line_filter, background) for part in self._parts)
            self._filter_cache[line_filter, background] = filtered
        return filtered


def _segment(upper: Pixel, lower: Pixel, length: int) -> Segment:
    if upper == lower:
        return Segment(" " * length, Style.from_color(None, _colour(lower)))
    return Segment(UPPER_HALF * length, Style.from_color(_colour(upper), _colour(lower)))


def _colour(pixel: Pixel) -> Color:
    # Not Color.from_rgb: it writes out a name for each, which is four fifths of its 1.4 µs.
    return Color("", ColorType.TRUECOLOR, None, ColorTriplet(*pixel))
