"""Packs: files of records one after the other, each of which says whose it is and what its bytes add up to."""

import errno
import os
import struct
from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from xxhash import xxh3_64_intdigest

from catalog_tui.core.scan.lock import try_lock

HEAD: Final = struct.Struct("<4s16sIQ")  # magic, key, length, checksum
MAGIC: Final = b"CTt1"
OPEN_PACK: Final = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
SUFFIX: Final = ".pack"


class Pack:
    """A pack that this process holds: no other one writes to it, or lets it go."""

    def __init__(self, number: int, descriptor: int) -> None:
        self.number: Final = number
        self._file: Final = os.fdopen(descriptor, "r+b", buffering=0)

    def cut(self, length: int) -> None:
        """Forget what was written after the first `length` bytes."""
        self._file.truncate(length)

    def write(self, start: int, key: bytes, data: bytes) -> None:
        """Write a record at `start`. Raises OSError, also where only a part found room."""
        record = _head(key, data) + data
        self._file.seek(start)
        if self._file.write(record) != len(record):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def release(self) -> None:
        """Let others have it."""
        self._file.close()


class Packs:
    """The packs in one folder, by number."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def held(self, number: int) -> Pack | None:
        """The pack, its file made if need be; None where another process, or this one, holds it. Raises OSError."""
        descriptor = os.open(self._path(number), OPEN_PACK, 0o600)
        if try_lock(descriptor):
            return Pack(number, descriptor)
        os.close(descriptor)
        return None

    def read(self, number: int, key: bytes, start: int, length: int) -> bytes | None:
        """The data of the record that should stand there; None where the pack is gone or holds something else."""
        try:
            with open(self._path(number), "rb", buffering=0) as file:  # anew: one kept open would keep its disk space
                file.seek(start)
                record = file.read(HEAD.size + length)
        except OSError:
            return None
        data = record[HEAD.size :]
        return data if len(data) == length and record[: HEAD.size] == _head(key, data) else None

    def remove(self, packs: Iterable[Pack]) -> None:
        """Delete packs that the index has forgotten. One that cannot be deleted is found later as a stray."""
        for pack in packs:
            with suppress(OSError):
                os.remove(self._path(pack.number))
            pack.release()

    def strays(self, known: Container[int]) -> Iterator[Pack]:
        """Packs of which the index does not tell: of a process killed at the wrong moment, or of an older index."""
        for path in self._folder.glob("*" + SUFFIX):
            if path.stem.isdecimal() and int(path.stem) not in known:
                pack = self.held(int(path.stem))
                if pack is not None:
                    yield pack

    def _path(self, number: int) -> str:
        return f"{self._folder}{os.sep}{number}{SUFFIX}"


def _head(key: bytes, data: bytes) -> bytes:
    return HEAD.pack(MAGIC, key, len(data), xxh3_64_intdigest(data, seed=int.from_bytes(key[:8], "little")))
