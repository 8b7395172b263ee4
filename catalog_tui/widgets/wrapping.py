"""Breaking a text into lines by terminal cells."""

from catalog_tui.core.names import cell_width


def wrapped(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells: broken at spaces, and within words longer than a line."""
    lines: list[str] = []
    line, used = "", 0
    for word in text.split(" "):
        cells = cell_width(word)
        if line and used + 1 + cells <= width:
            line, used = f"{line} {word}", used + 1 + cells
            continue
        if line:
            lines.append(line)
        while cells > width:
            head = _head(word, width)
            lines.append(head)
            word = word[len(head) :]
            cells = cell_width(word)
        line, used = word, cells
    lines.append(line)
    return lines


def _head(word: str, width: int) -> str:
    """As many characters of `word` as fit into `width` cells, at least one."""
    cells = 0
    for count, character in enumerate(word):
        cells += cell_width(character)
        if cells > width and count:
            return word[:count]
    return word
