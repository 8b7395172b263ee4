"""Breaking a text into lines by terminal cells."""

import re

from catalog_tui.core.names import cell_width

_PIECES = re.compile(r"[^ /]*(?:/+| +|$)")
"""What is kept together: a word, or a step of a path, with what ends it."""


def wrapped(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells: broken at spaces and slashes, and within what is longer than a line."""
    lines: list[str] = []
    line = ""
    for piece in _PIECES.findall(text):
        if line and cell_width(line) + cell_width(piece.rstrip(" ")) > width:
            lines.append(line.rstrip(" "))
            line = ""
        while cell_width(piece.rstrip(" ")) > width:
            head = _head(piece, width)
            lines.append(head)
            piece = piece[len(head) :]
        line += piece
    lines.append(line.rstrip(" "))
    return lines


def _head(word: str, width: int) -> str:
    """As many characters of `word` as fit into `width` cells, at least one."""
    cells = 0
    for count, character in enumerate(word):
        cells += cell_width(character)
        if cells > width and count:
            return word[:count]
    return word
