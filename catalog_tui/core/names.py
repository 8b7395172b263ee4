"""File names made fit to be shown and to be sent: names are hostile bytes, and everything that shows one asks here.

The rule for the terminal: what `display` gives takes the same number of cells in every terminal, one character at a
time. So what changes its neighbours' width (joiners, variation selectors, skin tones) is never let through.
"""

import base64
import binascii
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final, NotRequired, TypedDict

from rich.cells import cell_len, get_character_cell_size

from catalog_tui.core.errors import UsageError
from catalog_tui.core.words import _

ELLIPSIS: Final = "…"
EDGE_SPACE: Final = "␣"
MAX_MARKS: Final = 4  # marks kept on one letter: Hebrew, Thai and Devanagari need up to four, "zalgo" piles up dozens

_DOTTED_CIRCLE: Final = "\u25cc"  # what a mark sits on that has no letter of its own
_WAVING_FLAG: Final = "\U0001f3f4"
_SHORT_ESCAPES: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

# Letters and signs of one width everywhere that need no second look: Latin, Cyrillic, punctuation, kana, ideographs,
# Hangul syllables, full-width forms, the older emoji. Nothing in it combines, joins or has another normal form.
_PLAIN: Final = re.compile(
    "[ -~\xa1-\xac\xae-\u02ff\u0400-\u0482\u2010-\u2015\u2018-\u201f\u2022\u2026\u3001-\u3029\u3041-\u3096\u30a1-\u30fc"
    "\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e\U0001f300-\U0001f3fa\U0001f400-\U0001f5ff\U0001f600-\U0001f64f]*"
)
# Alters how its neighbours look: variation selectors, joiners, skin tones. Dropped where it has something to alter.
_ALTERS: Final = re.compile("[\u180b-\u180d\u200c\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]")
_FLAG_TAGS: Final = re.compile("[\U000e0020-\U000e007f]")
_FLAG_LETTER: Final = re.compile("[\U0001f1e6-\U0001f1ff]")
# Invisible by design though Unicode calls them marks or letters: grapheme joiner, Khmer inherent vowels, Hangul filler.
_INVISIBLE: Final = frozenset("\u034f\u115f\u17b4\u17b5\u180f")
_FLAG_OR_CHARACTER: Final = re.compile("[\U0001f1e6-\U0001f1ff]{2}|.", re.DOTALL)  # a flag is two regional letters
_EXTENSION: Final = re.compile(r"\.[A-Za-z0-9]{1,5}$")


class PathJson(TypedDict):
    """A path in JSON: `path` for people (lossy), and `path_b64`, the exact bytes, when they are not UTF-8."""

    path: str
    path_b64: NotRequired[str]


def display(name: str) -> str:
    """One line of harmless visible text for a file name; spaces at its ends are shown too.

    Control, bidirectional and zero-width characters, private and unassigned ones become escapes as Python writes them
    (`\\x1b`, `\\u202e`), bytes that are not UTF-8 `\\xff`. Letters with marks are composed (NFC).
    """
    text = safe_text_for_terminal(name)
    if text[:1] != " " and text[-1:] != " ":
        return text
    inner = text.strip(" ")
    start = len(text) - len(text.lstrip(" "))
    return EDGE_SPACE * start + inner + EDGE_SPACE * (len(text) - start - len(inner))


def safe_text_for_terminal(text: str) -> str:
    """`text` as `display` gives it but with the spaces at its ends as they are: for lines that hold a name."""
    if (text.isascii() and text.isprintable()) or _PLAIN.fullmatch(text):
        return text
    return _spelled_out(unicodedata.normalize("NFC", text))


def cell_width(text: str) -> int:
    """Terminal cells that `text` takes."""
    return cell_len(text)


def fit(text: str, width: int, *, keep_end: bool = False) -> str:
    """Displayed `text` in exactly `width` cells: padded with spaces, or cut with an ellipsis.

    With `keep_end` the cut is in the middle, so that a file name keeps its extension and the number before it.
    """
    if text.isascii():
        if len(text) <= width:
            return text.ljust(width)
    elif (cells := cell_len(text)) <= width:
        return text + " " * (width - cells)
    if width <= 1:
        return ELLIPSIS[:width] if width > 0 else ""
    end_width = _end_width(text, width) if keep_end else 0
    clusters = _clusters(text)
    start = "".join(_within(clusters, width - 1 - end_width))
    end = "".join(reversed(_within(reversed(clusters), end_width)))
    # A wide character that would stick out leaves a cell over; filled at the cut, so that the end stays put.
    return start + ELLIPSIS + " " * (width - 1 - cell_len(start) - cell_len(end)) + end


def json_path(path: str) -> PathJson:
    """`path` for JSON: readable, with `path_b64` beside it when its bytes are not UTF-8; see `path_from_json`."""
    raw = os.fsencode(path)
    try:
        return {"path": raw.decode("utf-8")}
    except UnicodeDecodeError:
        return {"path": raw.decode("utf-8", "backslashreplace"), "path_b64": base64.b64encode(raw).decode("ascii")}


def visible_path(path: str) -> PathJson:
    """`path` as `display` gives it, with the exact bytes beside it where these are others; see `path_from_json`."""
    shown = display(path)
    if shown == path:
        return {"path": path}
    return {"path": shown, "path_b64": base64.b64encode(os.fsencode(path)).decode("ascii")}


def path_from_json(fields: Mapping[str, object]) -> str:
    """The exact path of what `json_path` gave; UsageError when `fields` hold no path."""
    exact = fields.get("path_b64")
    readable = fields.get("path")
    try:
        if isinstance(exact, str):
            raw = base64.b64decode(exact, validate=True)
        elif isinstance(readable, str) and exact is None:
            raw = readable.encode("utf-8")
        else:
            raise UsageError(_("a path must be given as text in `path`, or in base64 in `path_b64`"))
    except (binascii.Error, UnicodeEncodeError, ValueError) as error:
        raise UsageError(_("not a path: {reason}").format(reason=error)) from error
    if b"\0" in raw:
        raise UsageError(_("not a path: it holds a NUL byte"))
    return os.fsdecode(raw)


def _spelled_out(text: str) -> str:
    shown: list[str] = []
    base = ""  # the character shown as it is that a mark would sit on; none at the start and after an escape
    marks = 0
    for char in _FLAG_OR_CHARACTER.findall(text):
        if len(char) == 2:  # a flag; half of one has no width that terminals agree on
            base, marks = char, 0
            shown.append(char)
            continue
        category = unicodedata.category(char)
        if _ALTERS.match(char) and _can_alter(base, char):
            continue
        if base == _WAVING_FLAG and _FLAG_TAGS.match(char):
            continue
        if category[0] == "M" and not _ALTERS.match(char) and char not in _INVISIBLE:
            if not base:
                base = _DOTTED_CIRCLE
                shown.append(base)
            marks += 1
            if marks <= MAX_MARKS:
                shown.append(char)
            continue
        marks = 0
        base = char if _stands_alone(char, category) else ""
        shown.append(base or _escape(char))
    return "".join(shown)


def _can_alter(base: str, char: str) -> bool:
    """Whether `char` does honest work after `base`: among emoji and non-Latin letters, and in keycaps."""
    return base != "" and (not base.isascii() or (char == "\ufe0f" and base in "0123456789#*"))


def _stands_alone(char: str, category: str) -> bool:
    """Whether a terminal gives `char` cells of its own, as many as Rich counts, and something is seen in them."""
    if category in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") or char in _INVISIBLE or _FLAG_LETTER.match(char):
        return False
    cells = get_character_cell_size(char)
    if category == "Cn":  # unassigned for this Python; in this block, and wide for Rich, an emoji newer than Python
        return cells == 2 and "\U0001f680" <= char <= "\U0001faff"
    return cells > 0


def _escape(char: str) -> str:
    code = ord(char)
    if code < 0x20 or code == 0x7F:
        return _SHORT_ESCAPES.get(char) or f"\\x{code:02x}"
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is not UTF-8, as os.fsdecode smuggles it in
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _end_width(text: str, width: int) -> int:
    """Cells to keep at the end: a third, or the extension when that is longer; none where it would leave no start."""
    extension = _EXTENSION.search(text)
    wanted = max((width - 1) // 3, len(extension[0]) if extension else 0)
    return wanted if wanted < width - 1 else 0


def _clusters(text: str) -> list[str]:
    """The pieces of `text` that a cut must not divide: a character with its marks, a flag."""
    if text.isascii():
        return list(text)
    clusters: list[str] = []
    for piece in _FLAG_OR_CHARACTER.findall(text):
        if clusters and cell_len(piece) == 0:
            clusters[-1] += piece
        else:
            clusters.append(piece)
    return clusters


def _within(clusters: Iterable[str], width: int) -> list[str]:
    """As many of the first `clusters` as `width` cells hold."""
    taken: list[str] = []
    for cluster in clusters:
        width -= cell_len(cluster)
        if width < 0:
            break
        taken.append(cluster)
    return taken
