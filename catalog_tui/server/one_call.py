"""Opening what lies beneath a folder by one system call, through no link: openat2(2), of Linux since 5.6."""

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from typing import Final

from catalog_tui.core.folder import OPEN_FILE, OPEN_FOLDER

OPENAT2: Final = 437  # the same on every architecture
RESOLVE_NO_SYMLINKS: Final = 0x04
RESOLVE_BENEATH: Final = 0x08
LONGEST: Final = 4095  # bytes of a path that one call takes

OpenBeneath = Callable[[int, bytes], int]
"""From a folder's descriptor and a path below it to the descriptor of the file there. Raises OSError."""


class _How(ctypes.Structure):
    """struct open_how."""

    _fields_ = (("flags", ctypes.c_uint64), ("mode", ctypes.c_uint64), ("resolve", ctypes.c_uint64))


def one_call() -> OpenBeneath | None:
    """How to open a file so; None where this system cannot, or does not let us (seccomp)."""
    if sys.platform != "linux" or ctypes.sizeof(ctypes.c_void_p) < 8:
        return None
    syscall = ctypes.CDLL(None, use_errno=True).syscall
    syscall.restype = ctypes.c_long
    syscall.argtypes = (ctypes.c_long, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_size_t)
    size = ctypes.sizeof(_How)

    def opened(folder: int, path: bytes, how: _How) -> int:
        descriptor = syscall(OPENAT2, folder, path, ctypes.addressof(how), size)
        if descriptor < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), os.fsdecode(path))
        return int(descriptor)

    resolve = RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH
    file = _How(OPEN_FILE, 0, resolve)
    try:
        here = os.open(".", OPEN_FOLDER)
        try:
            os.close(opened(here, b".", _How(OPEN_FOLDER, 0, resolve)))
        finally:
            os.close(here)
    except OSError as error:
        if error.errno in (errno.ENOSYS, errno.EPERM):
            return None
        raise
    return lambda folder, path: opened(folder, path, file)
