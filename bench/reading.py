"""Measure the reading side: listing against find, cached reads, natural order, filtering, a reader's start and memory.

    python bench/reading.py [--files 100000] [--models 1000] [--names 1000000]

Prints one line a figure: the median of five runs, the two sides of a comparison taken in turn. Trees are made in a
temporary folder and removed.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from catalog_tui.core.archive import Archive
from catalog_tui.core.child_reader import ChildReader
from catalog_tui.core.matching import Criteria, Finder
from catalog_tui.core.natural import natural_order
from catalog_tui.core.packed import PackedNames
from catalog_tui.core.reader import DirectReader

RUNS = 5
GROWTH = """
import os, pathlib, sys
from catalog_tui.core.child_reader import ChildReader
def resident_mb():  # Linux
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
with ChildReader() as child:
    child.folders(sys.argv[1])
    before = resident_mb()
    listing = child.listing(sys.argv[1])
    print(resident_mb() - before)
"""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--models", type=int, default=1_000)
    parser.add_argument("--names", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="catalog-tui-bench-") as folder:
        bench_listing(Path(folder), options.files)
        bench_cached_reads(Path(folder), options.models)
    bench_start()
    bench_names(options.names)


def bench_listing(folder: Path, files: int) -> None:
    """A flat folder: find's walk, and ours with sorting."""
    top = folder / "flat"
    top.mkdir()
    for name in photo_names(files):
        os.close(os.open(top / name, os.O_CREAT | os.O_WRONLY))
    find = ["find", str(top), "-printf", "%s %T@ %p\\n"]
    with ChildReader() as child:
        child.folders(str(top))
        times = in_turn(
            lambda: subprocess.run(find, stdout=subprocess.DEVNULL, check=True),
            lambda: child.listing(str(top)),
            lambda: DirectReader().listing(str(top)),
            lambda: DirectReader().info(str(top)),
        )
    whats = ("find -printf '%s %T@ %p'", "listing, child", "listing, this process", "figures only, this process")
    for what, seconds in zip(whats, times, strict=True):
        say(f"{files} files: {what}", f"{seconds:.3f} s", f"{seconds / times[0]:.2f} x find")
    grown = subprocess.run([sys.executable, "-c", GROWTH, str(top)], capture_output=True, text=True, check=True).stdout
    say(f"memory that a listing of {files} adds", f"{float(grown):.1f} MB")


def bench_cached_reads(folder: Path, models: int) -> None:
    """Reads that the caches answer, with the look at the folders that they came from."""
    for number in range(models):
        model = folder / "archive" / "site" / f"model {number}"
        model.mkdir(parents=True)
        (model / "a.jpg").write_bytes(b"x")
    backdate(folder / "archive")
    archive = Archive(str(folder / "archive"))
    names = archive.models("site").names[:50]

    def page_of_infos() -> None:
        for name in archive.page(archive.models("site").names, 1, 50).items:
            archive.info("site", name)

    reads: dict[str, Callable[[], object]] = {
        "sites": archive.sites,
        "models": lambda: archive.models("site"),
        "media": lambda: archive.media("site", names[0]),
        "a page of 50 models with their figures": page_of_infos,
    }
    for what, read in reads.items():
        read()
        say(f"cached: {what}, {models} models", f"{in_turn(read, runs=101)[0] * 1000:.3f} ms")


def bench_start() -> None:
    """From nothing to a child's first answer."""

    def first_answer() -> None:
        with ChildReader() as reader:
            reader.folders(os.curdir)

    say("start of a reading child to its first answer", f"{in_turn(first_answer)[0] * 1000:.0f} ms")


def bench_names(count: int) -> None:
    """Sorting and filtering of many names, of the shapes that downloaders give."""
    chance = random.Random(1)
    kinds = {
        "img1.jpg": [f"img{number}.jpg" for number in range(count)],
        "20230517_photo.jpg": photo_names(count),
        "2023-05-17_12-30-59_UTC_1.jpg": [date_name(chance, number) for number in range(count)],
        "hexadecimal": [f"{chance.randbytes(16).hex()}.jpg" for _ in range(count)],
    }
    for what, names in kinds.items():
        chance.shuffle(names)
        start = time.perf_counter()
        natural_order(names)
        say(f"natural order of {count} names like {what}", f"{time.perf_counter() - start:.2f} s")
    packed = PackedNames.pack(kinds["20230517_photo.jpg"])
    del kinds
    for what, text, fuzzy in (("rare", "77777", False), ("in all", "photo", False), ("fuzzy", "77ph", True)):
        found = len(Finder(packed).arrange(Criteria(text, fuzzy)))
        seconds = in_turn(partial(find_anew, packed, text, fuzzy))[0]
        say(f"filter {count} names by {text!r} ({what}), {found} found", f"{seconds * 1000:.0f} ms")


def find_anew(names: PackedNames, text: str, fuzzy: bool) -> None:
    """Filter without what an earlier text found."""
    Finder(names).arrange(Criteria(text, fuzzy))


def in_turn(*works: Callable[[], object], runs: int = RUNS) -> list[float]:
    """The median seconds of each, run one after the other so that a noisy machine is noisy for all."""
    seconds: list[list[float]] = [[] for _ in works]
    for _ in range(runs):
        for times, work in zip(seconds, works, strict=True):
            start = time.perf_counter()
            work()
            times.append(time.perf_counter() - start)
    return [statistics.median(times) for times in seconds]


def photo_names(count: int) -> list[str]:
    """Names with two numbers in them, in no order."""
    chance = random.Random(2)
    return [f"{chance.randrange(10**9)}_{number}_photo.jpg" for number in range(count)]


def date_name(chance: random.Random, number: int) -> str:
    """A name as instaloader gives."""
    year, month, day = chance.randrange(2010, 2026), chance.randrange(1, 13), chance.randrange(1, 29)
    hour, minute, second = chance.randrange(24), chance.randrange(60), chance.randrange(60)
    return f"{year}-{month:02}-{day:02}_{hour:02}-{minute:02}-{second:02}_UTC_{number % 12}.jpg"


def backdate(top: Path) -> None:
    """Wait until no folder below `top` is so young that a cache must distrust it."""
    newest = max(path.stat().st_ctime for path in [top, *top.rglob("*")])
    time.sleep(max(0.0, newest + 2.1 - time.time()))


def say(what: str, *figures: str) -> None:
    """One line of the table."""
    print(f"{what:66}" + "".join(f"{figure:>14}" for figure in figures), flush=True)


if __name__ == "__main__":
    main()
