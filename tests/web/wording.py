"""What the page's scripts say, found in their source: every text that goes through `_` or `ngettext`."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from catalog_tui.server.page import WEB

DICTIONARY: Final = WEB / "words-pt-BR.js"
_TEXT: Final = r'"((?:[^"\\]|\\.)*)"'
_CALL: Final = re.compile(rf"(?<![\w.])_\(\s*{_TEXT}")
_PLURAL: Final = re.compile(rf"ngettext\(\s*{_TEXT},\s*{_TEXT}")
_ANY_CALL: Final = re.compile(r"(?<![\w.])(?:_|ngettext)\((?!\))")
_ENTRY: Final = re.compile(rf"^  {_TEXT}:\s*(?:{_TEXT}|\[\s*{_TEXT},\s*{_TEXT}\s*\]),$", re.MULTILINE)


def scripts() -> list[Path]:
    """The page's scripts, without its dictionaries."""
    return [path for path in sorted(WEB.glob("*.js")) if not path.name.startswith("words")]


def said() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each text, with the forms that its translation has."""
    for path in scripts():
        source = path.read_text("utf-8")
        for found in _CALL.finditer(source):
            yield found[1], (found[1],)
        for found in _PLURAL.finditer(source):
            yield found[1], (found[1], found[2])


def unreadable() -> list[str]:
    """Calls whose text is no plain literal, so that no dictionary can know it."""
    calls = []
    for path in scripts():
        source = path.read_text("utf-8")
        known = {found.start() for pattern in (_CALL, _PLURAL) for found in pattern.finditer(source)}
        starts = [found.start() for found in _ANY_CALL.finditer(source)]
        calls += [f"{path.name}: {source[start : start + 40]}" for start in starts if start not in known]
    return calls


def translated() -> dict[str, tuple[str, ...]]:
    """The dictionary: each text with the forms of its translation."""
    entries = _ENTRY.findall(DICTIONARY.read_text("utf-8"))
    return {text: (whole,) if whole else (one, many) for text, whole, one, many in entries}


def values_in(text: str) -> set[str]:
    """The places in a text that values are put into; a count may be left out."""
    return set(re.findall(r"\{\w+\}", text)) - {"{count}"}
