"""From a setting and a terminal's answers to the means by which pictures are drawn."""

import os
import sys
from collections.abc import Mapping

from .drawing import USUAL_CELL, CellSize, Encoder
from .half_blocks import HalfBlocks
from .tmux import is_inside

REMOTE_BYTES = 60_000
"""The most that a picture takes on the line over SSH: half a second at 1 Mbit/s."""


def is_remote(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is at the other end of an SSH connection."""
    return "SSH_CONNECTION" in environ or "SSH_TTY" in environ


def make_encoder(protocol: str, environ: Mapping[str, str]) -> Encoder:
    """What draws by this protocol, as sparing as the line to the terminal wants it."""
    most_bytes = REMOTE_BYTES if is_remote(environ) else 0
    if protocol == "kitty":
        from .kitty import Kitty  # each only where it is what is drawn by

        # Identifiers are shared by all programs in one terminal window: begin somewhere else than the others.
        return Kitty(in_tmux=is_inside(environ), most_bytes=most_bytes, first_id=1 + os.getpid() % 0xFFF * 0x1000)
    if protocol == "iterm":
        from .iterm import ITerm

        return ITerm(most_bytes=most_bytes)
    if protocol == "sixel":
        from .sixel import Sixel

        return Sixel(most_bytes=most_bytes)
    return HalfBlocks()


def cell_by_kernel() -> CellSize | None:
    """The pixels of a cell as the kernel knows them of this terminal; None where it does not."""
    try:
        import fcntl
        import struct
        import termios
    except ImportError:  # Windows
        return None
    try:
        answer = fcntl.ioctl(sys.__stdout__ or 1, termios.TIOCGWINSZ, bytes(8))
    except (OSError, ValueError):
        return None
    rows, columns, width, height = struct.unpack("HHHH", answer)
    return (
        CellSize(width // columns, height // rows) if rows and columns and width >= columns and height >= rows else None
    )


def cell_size(answered: CellSize | None) -> CellSize:
    """The pixels of a cell: as the terminal answered, or as the kernel knows, or as is usual."""
    return answered or cell_by_kernel() or USUAL_CELL
