"""Executors that do something to a file just when a scan is about to read it, or while it does."""

import os
import random
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from catalog_tui.core.scan.hashing import Batch


class Meddling(ThreadPoolExecutor):
    """One thread; before it first works on `victim` in a batch of `stage`, `meddle` is called with its full path."""

    def __init__(self, victim: bytes, stage: str, meddle: Callable[[bytes], None]) -> None:
        super().__init__(1)
        self.happened = False
        self._victim = victim
        self._stage = stage
        self._meddle = meddle

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Queue the call."""
        return super().submit(self._run, fn, args[0])

    def _run(self, function: Callable[..., Any], batch: Batch) -> Any:
        if not self.happened and batch.stage == self._stage and self._victim in batch.paths():
            self.happened = True
            self._meddle(os.path.join(batch.root, self._victim))
        return function(batch)


class MeddlingMeanwhile(ThreadPoolExecutor):
    """One thread; when the first chunk of `victim` has been read, `meddle` is called, and the reading goes on."""

    stopped = False

    def __init__(self, victim: bytes, meddle: Callable[[bytes], None]) -> None:
        super().__init__(1)
        self.happened = False
        self._victim = victim
        self._meddle = meddle
        self._reading = b""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Queue the call."""
        return super().submit(self._run, fn, args[0])

    def advance(self, _size_bytes: int) -> None:
        """Told by the hashing after each chunk."""
        if self._reading and not self.happened:
            self.happened = True
            self._meddle(self._reading)

    def _run(self, function: Callable[..., Any], batch: Batch) -> Any:
        if batch.paths() == [self._victim]:
            self._reading = os.path.join(batch.root, self._victim)
        return function(batch, self)


def grow(path: bytes) -> None:
    """Append a byte."""
    with open(path, "ab") as stream:
        stream.write(b"+")


def shrink(path: bytes) -> None:
    """Lose the last byte."""
    os.truncate(path, os.path.getsize(path) - 1)


def empty(path: bytes) -> None:
    """Lose all."""
    os.truncate(path, 0)


def vanish(path: bytes) -> None:
    """Be removed."""
    os.remove(path)


def be_rewritten(path: bytes) -> None:
    """Hold other bytes, as many as before."""
    size = os.path.getsize(path)
    with open(path, "r+b") as stream:
        stream.write(random.Random(size).randbytes(size))


def be_rewritten_in_disguise(path: bytes) -> None:
    """Hold other bytes under the same size and modification time."""
    before = os.stat(path)
    be_rewritten(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def be_replaced(path: bytes) -> None:
    """Give way to another file of the same size and modification time."""
    before = os.stat(path)
    with open(path + b".new", "xb") as stream:
        stream.write(bytes(before.st_size))
    os.utime(path + b".new", ns=(before.st_atime_ns, before.st_mtime_ns))
    os.replace(path + b".new", path)


def become_a_link(path: bytes) -> None:
    """Give way to a link to what it was."""
    os.rename(path, path + b".moved")
    os.symlink(path + b".moved", path)


def become_a_pipe(path: bytes) -> None:
    """Give way to a named pipe, whose opening would wait for ever."""
    os.remove(path)
    os.mkfifo(path)


def become_a_folder(path: bytes) -> None:
    """Give way to a folder."""
    os.remove(path)
    os.mkdir(path)


EVERYTHING = (
    grow,
    shrink,
    empty,
    vanish,
    be_rewritten,
    be_rewritten_in_disguise,
    be_replaced,
    become_a_link,
    become_a_pipe,
    become_a_folder,
)
