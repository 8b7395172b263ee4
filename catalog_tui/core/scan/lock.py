"""One scan of an archive at a time: a lock on a file in its cache folder that the system lifts when its holder dies."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from catalog_tui.core.errors import CatalogError
from catalog_tui.core.words import _

LOCK_NAME = "scan.lock"
_FAR = 1 << 30  # Windows locks bytes: one beyond the text, so that others can read who holds it


class ScanRunningError(CatalogError):
    """Another scan of this archive runs; the text says whose."""


@contextmanager
def scan_lock(folder: str | os.PathLike[str]) -> Iterator[None]:
    """Hold the lock of the archive whose cache folder this is; ScanRunningError when somebody else does.

    Where the folder cannot be written there is no index to share either, and no lock.
    """
    try:
        os.makedirs(folder, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
        descriptor = os.open(os.path.join(folder, LOCK_NAME), flags, 0o600)
    except OSError:
        yield
        return
    try:
        if not try_lock(descriptor):
            raise ScanRunningError(_who(os.read(descriptor, 4096)))
        import json  # here, as it takes 1 ms to load, and what follows 3
        from socket import gethostname

        holder = {"pid": os.getpid(), "host": gethostname(), "since": time.time_ns()}
        os.ftruncate(descriptor, 0)
        os.write(descriptor, json.dumps(holder).encode())
        yield
    finally:
        os.close(descriptor)


def _who(text: bytes) -> str:
    import json

    with suppress(ValueError, KeyError, TypeError):
        holder = json.loads(text)
        since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(holder["since"] / 1e9))
        words = _("process {pid} on {host} has been scanning this archive since {since}; wait for it or end it")
        return words.format(pid=int(holder["pid"]), host=ascii(holder["host"])[1:-1], since=since)
    return _("another scan of this archive is running; wait for it or end it")


if sys.platform == "win32":

    def try_lock(descriptor: int) -> bool:
        """Take the lock of this open file until it is closed; False when another process has it."""
        import msvcrt

        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:

    def try_lock(descriptor: int) -> bool:
        """Take the lock of this open file until it is closed; False when another process has it."""
        import fcntl

        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a filesystem without locks: better two scans than none
            return True
        return True
