"""The least that a duplicate scan in Python can take: its parts as the plainest loops, each core always busy.

No progress, no cancelling, no errors, no index, no matching, no output: they have to be paid for beyond it.
"""

import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from pathlib import Path

import xxhash

from bench import measuring, peers
from catalog_tui.core.scan.hashing import CHUNK_BYTES, SMALL_BYTES

MODULES = "import catalog_tui.cli, catalog_tui.scan_command, catalog_tui.core.scan.engine, catalog_tui.scan_report"

Candidate = tuple[int, str]  # size in bytes, path


def table(root: Path, runs: int, patience_s: float) -> str:
    """A Markdown table of the parts, their sum where the cores share all but the start, and `jdupes -Q`: medians."""
    cores = len(os.sched_getaffinity(0))
    candidates = _sharing_their_size(walk(os.fspath(root)))
    start = (sys.executable, "-P", "-c", MODULES)
    parts: dict[str, Callable[[], object]] = {
        "Python and the modules of a scan": lambda: _run(start),
        "walk: scandir, lstat": lambda: walk(os.fspath(root)),
        f"read and digest {len(candidates):,} files, {cores} processes": lambda: _shared(candidates, cores),
        peers.JDUPES_QUICK.label: lambda: _run((*peers.JDUPES_QUICK.argv, os.fspath(root))),
    }
    seconds: dict[str, list[float]] = {label: [] for label in parts}
    for _round in range(runs):
        for label, part in parts.items():
            measuring.wait_until_idle(patience_s)
            started = time.perf_counter()
            part()
            seconds[label].append(time.perf_counter() - started)
    medians = {label: statistics.median(taken) for label, taken in seconds.items()}
    begin, walking, reading, jdupes = medians.values()
    medians[f"floor: the first, the second on {cores} cores, the third"] = begin + walking / cores + reading
    rows = [[label, f"{taken:.3f}", f"{taken / jdupes:.2f} x"] for label, taken in medians.items()]
    return measuring.markdown_table(["part", "median s", f"of {peers.JDUPES_QUICK.label}"], rows)


def walk(root: str) -> list[Candidate]:
    """Every file below `root` by one `scandir` a folder and one `lstat` a file."""
    found: list[Candidate] = []
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        names = []
        at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        with os.scandir(at) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{folder}/{entry.name}")
                else:
                    names.append(entry.name)
        found += [(os.stat(name, dir_fd=at, follow_symlinks=False).st_size, f"{folder}/{name}") for name in names]
        os.close(at)
    return found


def read(candidates: Sequence[Candidate]) -> None:
    """Open, read and digest each, and look at it once more, as noticing a change takes."""
    buffer = memoryview(bytearray(CHUNK_BYTES))
    for size, path in candidates:
        descriptor = os.open(path, os.O_RDONLY)
        if size <= SMALL_BYTES:
            xxhash.xxh3_128_digest(os.read(descriptor, size))
        else:
            digest = xxhash.xxh3_128()
            while size > 0:
                count = os.readv(descriptor, [buffer])
                digest.update(buffer[:count])
                size -= count
            digest.digest()
        os.fstat(descriptor)
        os.close(descriptor)


def _sharing_their_size(files: list[Candidate]) -> list[Candidate]:
    """Largest first, so that dealing them out in turn gives everybody as much to read."""
    count_of = Counter(size for size, _path in files)
    return sorted((file for file in files if count_of[file[0]] > 1), reverse=True)


def _shared(candidates: list[Candidate], processes: int) -> None:
    fork = get_context("fork")
    readers = [fork.Process(target=read, args=(candidates[first::processes],)) for first in range(processes)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
        if reader.exitcode:
            raise SystemExit(f"a reader ended with {reader.exitcode}")


def _run(argv: Sequence[str]) -> None:
    quiet = subprocess.DEVNULL
    subprocess.run(argv, stdout=quiet, stderr=quiet, check=True, env={**os.environ, **measuring.COMPILED_ONCE})
