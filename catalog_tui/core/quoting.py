"""Paths for a shell: what is copied must paste as one word, and must not drive the terminal it is pasted into."""

import os

from catalog_tui.core.names import display


def pasteable(path: str) -> str:
    """`path` itself where it is plain text, else in `$'…'` quoting (bash, zsh, ksh) with every odd byte escaped."""
    if display(path) == path:
        return path
    quoted = "".join(_escaped(byte) for byte in os.fsencode(path))
    return f"$'{quoted}'"


def _escaped(byte: int) -> str:
    character = chr(byte)
    if character in "\\'":
        return "\\" + character
    return character if 0x20 <= byte < 0x7F else f"\\x{byte:02x}"
