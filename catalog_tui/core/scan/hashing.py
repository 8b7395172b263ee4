"""Reading and digesting files, a batch at a time: the task that runs in threads, helper processes or a cluster.

A batch is plain values and its function top-level, so that any `concurrent.futures.Executor` can run it.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from errno import ENAMETOOLONG
from itertools import repeat
from mmap import mmap
from time import monotonic
from typing import Any, NamedTuple, Protocol

import xxhash

ENDS = "ends"
WHOLE = "whole"
BOTH = "ends and whole"
COMPARE = "compare"

END_BYTES = 4096  # of a head and of a tail
ENDS_SIZE = 16  # bytes in the digest of both
SMALL_BYTES = 64 * 1024  # cached, all of it takes 6.8 µs to read, the ends alone 5.5 µs and then all when they agree
CHUNK_BYTES = 1024 * 1024  # two threads take 0.097 s for 2 GB; with 512 KiB 0.107 s, with 256 KiB 0.115
INODE_MASK = 0xFFFF_FFFF_FFFF_FFFF  # one Windows filesystem has inodes of 128 bits
LONG_PATH = 3000  # from here on the system may refuse the path as a whole
FEW_NAMES = 4  # opening by name from an open folder saves 0.45 µs a file, opening the folder costs about 1.5
CHANGED = -1  # in place of an errno: not the file that the walk saw, or it changed while it was read

_OPEN = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)  # a link put in a file's place is no longer that file
    | getattr(os, "O_NONBLOCK", 0)  # nor is a pipe, and opening one must not wait for its writer
    | getattr(os, "O_BINARY", 0)
)


_OPEN_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)


class Digest(Protocol):
    """What hashlib and xxhash objects have in common here."""

    def update(self, data: Any, /) -> None: ...
    def digest(self) -> bytes: ...


class Watch(Protocol):
    """How a task that runs in this process says how far it is, and learns that nobody waits for it any more."""

    @property
    def stopped(self) -> bool: ...
    def advance(self, size_bytes: int) -> None: ...


class Batch(NamedTuple):
    """Files to digest, with what the walk saw of each; no `ctimes_ns`: not compared.

    `runs` are folders relative to `root`, each with names in it joined by NUL (see `Files.runs`). `groups` are how many
    files, one after another, are to be compared with each other.
    """

    root: bytes
    stage: str
    algorithm: str
    runs: list[tuple[bytes, bytes]]
    inodes: Sequence[int]
    sizes: Sequence[int]
    mtimes_ns: Sequence[int]
    ctimes_ns: Sequence[int]
    groups: tuple[int, ...] = ()

    def paths(self) -> list[bytes]:
        """The files' paths, relative to `root`."""
        paths: list[bytes] = []
        for folder, names in self.runs:
            prefix = folder + b"/" if folder else b""
            paths += [prefix + name for name in names.split(b"\0")]
        return paths


class Hashed(NamedTuple):
    """The digests of a batch in one piece (zeros where a file failed), and (position, errno or CHANGED) of failures.

    `bytes_read` are content bytes that were not told to a watch; `cold`: the first file had to come from a disk.
    """

    digests: bytes
    failures: list[tuple[int, int]]
    bytes_read: int
    cold: bool
    seconds: float = 0.0


Seen = tuple[int, int, int, int | None]  # inode, size, mtime_ns, ctime_ns


class _FileChangedError(Exception):
    """The file is not, or no longer, what the walk saw."""


def digest_size(algorithm: str) -> int:
    """Bytes in a digest."""
    return {"xxh128": 16, "md5": 16, "sha256": 32, "blake2b": 32}[algorithm]


def new_digest(algorithm: str) -> Callable[..., Digest]:
    """The constructor of a digest object; it takes the first data."""
    if algorithm == "xxh128":
        return xxhash.xxh3_128
    import hashlib  # here: it loads OpenSSL, and most scans never need it
    from functools import partial

    if algorithm == "md5":
        return partial(hashlib.md5, usedforsecurity=False)
    return hashlib.sha256 if algorithm == "sha256" else partial(hashlib.blake2b, digest_size=32)


def hash_batch(batch: Batch, watch: Watch | None = None) -> Hashed:
    """Digest every file of the batch: its ends (head and tail, xxh3-64 each), all of it, or both in that order."""
    started = monotonic()
    digests = _Digests(batch, watch)
    seen = zip(batch.inodes, batch.sizes, batch.mtimes_ns, batch.ctimes_ns or repeat(None), strict=False)
    cold = _is_cold(batch)
    for folder, names in batch.runs:
        digests.add_folder(folder, names.split(b"\0"), seen)
    return Hashed(b"".join(digests.done), digests.failures, digests.bytes_read, cold, monotonic() - started)


class _Digests:
    """The digests of a batch as they are made, a folder at a time."""

    def __init__(self, batch: Batch, watch: Watch | None) -> None:
        self.done: list[bytes] = []
        self.failures: list[tuple[int, int]] = []
        self.bytes_read = 0
        self._root = batch.root
        self._watch = watch
        self._start = start = new_digest(batch.algorithm)
        self._at_once = xxhash.xxh3_128_digest if batch.algorithm == "xxh128" else lambda data: start(data).digest()
        self._ends = batch.stage != WHOLE
        self._whole = batch.stage != ENDS
        self._nothing = bytes(ENDS_SIZE * self._ends + digest_size(batch.algorithm) * self._whole)

    def add_folder(self, folder: bytes, names: list[bytes], seen: Iterator[Seen]) -> None:
        """Digest these files; `seen` gives what the walk saw of each."""
        path = self._root + b"/" + folder if folder else self._root
        if len(names) < FEW_NAMES or len(path) > LONG_PATH or os.open not in os.supports_dir_fd:
            self._add(None, [path + b"/" + name for name in names], seen)
            return
        try:
            # A link is followed: the archive may be one, and what is opened by it must be what the walk saw anyway.
            at = os.open(path, _OPEN_FOLDER)
        except OSError as error:
            for _name, _seen in zip(names, seen, strict=False):
                self._fail(error.errno or 0)
            return
        try:
            self._add(at, names, seen)
        finally:
            os.close(at)

    def _add(self, at: int | None, names: list[bytes], seen: Iterator[Seen]) -> None:
        # One loop without calls of our own for the small files: each call costs a tenth of a second for a million.
        watch, done, at_once = self._watch, self.done, self._at_once
        at_once_bytes = -1 if self._ends else SMALL_BYTES
        open_, read, fstat, close = os.open, os.read, os.fstat, os.close
        for name, (inode, length, mtime_ns, ctime_ns) in zip(names, seen, strict=False):
            if watch is not None and watch.stopped:
                self._fail(0)
                continue
            try:
                descriptor = open_(name, _OPEN, dir_fd=at) if len(name) < LONG_PATH else self._open_deep(name)
                try:
                    if ctime_ns is None:
                        ctime_ns = fstat(descriptor).st_ctime_ns
                    if length <= at_once_bytes:
                        data = read(descriptor, length)
                        if len(data) < length:
                            data += read_fully(descriptor, length - len(data))
                        digest = at_once(data)
                        self.bytes_read += length
                    else:
                        digest = self._of_large(descriptor, length)
                    after = fstat(descriptor)
                finally:
                    close(descriptor)
            except _FileChangedError:
                self._fail(CHANGED)
                continue
            except OSError as error:
                self._fail(error.errno or 0)
                continue
            # What the walk's lstat saw is the look before; one look after covers all that happened since.
            if (
                after.st_mtime_ns == mtime_ns
                and after.st_size == length
                and after.st_ino & INODE_MASK == inode
                and after.st_ctime_ns == ctime_ns
            ):
                done.append(digest)
            else:
                self._fail(CHANGED)

    def _of_large(self, descriptor: int, length: int) -> bytes:
        ends = b""
        if self._ends:
            self.bytes_read += 2 * END_BYTES
            ends = _hash_ends(descriptor, length)
            if not self._whole:
                return ends
            os.lseek(descriptor, 0, os.SEEK_SET)
        digest = _hash_in_chunks(descriptor, length, self._start(), self._watch)
        if self._watch is None:
            self.bytes_read += length
        return ends + digest

    def _open_deep(self, path: bytes) -> int:
        return open_file(self._root, path[len(self._root) + 1 :])

    def _fail(self, number: int) -> None:
        self.failures.append((len(self.done), number))
        self.done.append(self._nothing)


def open_file(root: bytes, path: bytes) -> int:
    """A descriptor of the regular file at `path` below `root`, however long the path; no link is followed."""
    try:
        return os.open(root + b"/" + path, _OPEN)
    except OSError as error:
        if error.errno != ENAMETOOLONG or os.open not in os.supports_dir_fd:
            raise
    return open_deep(root, path, _OPEN)


def open_deep(root: bytes, path: bytes, flags: int) -> int:
    """Open a path longer than the system takes at once, folder by folder."""
    *folders, name = path.split(b"/")
    at = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for folder in folders:
            below = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW, dir_fd=at)
            os.close(at)
            at = below
        return os.open(name, flags, dir_fd=at)
    finally:
        os.close(at)


def _hash_ends(descriptor: int, length: int) -> bytes:
    head = read_fully(descriptor, END_BYTES)
    os.lseek(descriptor, length - END_BYTES, os.SEEK_SET)
    return xxhash.xxh3_64_digest(head) + xxhash.xxh3_64_digest(read_fully(descriptor, END_BYTES))


def read_fully(descriptor: int, length: int) -> bytes:
    """All of `length` bytes unless the file ends before: network filesystems may give less at a time."""
    data = os.read(descriptor, length)
    while len(data) < length and (more := os.read(descriptor, length - len(data))):
        data += more
    return data


_OWN = threading.local()  # each thread's buffer: a new one for each file would cost as much as reading 1 MB


def _hash_in_chunks(descriptor: int, length: int, digest: Digest, watch: Watch | None) -> bytes:
    buffer: memoryview | None = getattr(_OWN, "chunk", None)
    if buffer is None:
        buffer = _OWN.chunk = memoryview(mmap(-1, CHUNK_BYTES))  # begins with a page: reading is 8 % faster
    done = 0
    while done < length:
        count = _read_into(descriptor, buffer)
        if not count:
            raise _FileChangedError
        digest.update(buffer[:count])
        done += count
        if watch is not None:
            watch.advance(count)
            if watch.stopped:
                raise _FileChangedError
    return digest.digest()  # of a file that has grown, of no use: the look after sees that


def _read_by_vector(descriptor: int, buffer: memoryview) -> int:
    return os.readv(descriptor, [buffer])


def _read_and_copy(descriptor: int, buffer: memoryview) -> int:
    data = os.read(descriptor, len(buffer))
    buffer[: len(data)] = data
    return len(data)


# io.FileIO would do everywhere, but looks at the file first and reads once more: 3 % of a scan of media.
_read_into = _read_by_vector if hasattr(os, "readv") else _read_and_copy


def _is_cold(batch: Batch) -> bool:
    """Whether reading the first file's first byte would have to wait for a disk."""
    no_wait = getattr(os, "RWF_NOWAIT", 0)
    if not no_wait or not batch.runs:
        return False
    folder, names = batch.runs[0]
    try:
        descriptor = os.open(os.path.join(batch.root, folder, names.partition(b"\0")[0]), _OPEN)
    except OSError:
        return False
    try:
        os.preadv(descriptor, [bytearray(1)], 0, no_wait)
    except BlockingIOError:
        return True
    except OSError:  # not every filesystem can say
        return False
    finally:
        os.close(descriptor)
    return False
