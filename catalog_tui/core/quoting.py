"""Paths for a shell: what is copied must paste as one word, and must not drive the terminal it is pasted into."""

import os
import re
from typing import Final

from catalog_tui.core.names import display

_PLAIN: Final = re.compile(r"[\w@%+=:,./-]*")  # what no shell reads otherwise than as it stands


def pasteable(path: str) -> str:
    """`path` itself where no shell would take it for anything else, in `'…'` where it would, and where it has odd bytes
    in `$'…'` (bash, zsh, ksh) with each of them escaped."""
    if display(path) == path:
        return path if _PLAIN.fullmatch(path) else "'" + path.replace("'", "'\\''") + "'"
    quoted = "".join(_escaped(byte) for byte in os.fsencode(path))
    return f"$'{quoted}'"


def _escaped(byte: int) -> str:
    character = chr(byte)
    if character in "\\'":
        return "\\" + character
    return character if 0x20 <= byte < 0x7F else f"\\x{byte:02x}"
