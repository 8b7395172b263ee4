"""Time the browser beside other file managers, in a pseudo-terminal, and print Markdown tables.

    python -m bench.browse                     # a model of 100,000 files, one of 1,000,000; five rounds
    python -m bench.browse --dir /tmp/bench    # keeps the trees there: making them takes minutes on some disks

Shown are start to first paint (the first visible letter), start to the model's first rows on screen, a key to the
last byte of the answer (the cursor one row down, 300 times: first within the screen, then scrolling), and resident
memory after that. The screen that a scan's progress also moves hides the answer to a key: there the time is until the
name that the key leads to comes out; scanned are the large model's archive and one of 150,000 small files, whose scan
keeps the processors busier. All programs run in turn in each round; the slow ones once on the large model.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from bench import measuring, trees
from bench.reading import in_turn
from bench.terminal import TerminalProgram, descendants, resident_mb
from catalog_tui.core.child_reader import ChildReader
from catalog_tui.core.reader import DirectReader

COLUMNS, LINES = 160, 50
KEYS = 300
SLOW_KEYS = 60
"""A program that needs seconds a key is not asked 300 times."""

QUIET_S = 0.03  # nothing more for that long: the answer is over
STILL_S = 1.0  # so long quiet: whatever goes on behind the first screen is over
LIMIT_S = 180.0
SCANNED_FILES, SCANNED_BYTES = 60_000, 4096

CONTROL = re.compile(rb"\x1b\[[0-9;:<=>?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]")


class Size(NamedTuple):
    """How many files a model has, and how that is said in the table."""

    label: str
    files: int


SIZES: Final = (Size("100k", 100_000), Size("1M", 1_000_000))


@dataclass(frozen=True, slots=True)
class Browser:
    """A program that shows a folder. `before` are the keys that lead into the list, each waited for."""

    label: str
    argv: tuple[str, ...]
    key: bytes = b"j"
    before: tuple[bytes, ...] = ()
    most_runs_at_a_million: int = sys.maxsize


OURS = Browser("catalog-tui", (sys.executable, "-P", "-m", "catalog_tui"), before=(b"l", b"l"))
PEERS = (
    Browser("nnn", ("nnn",)),
    Browser("mc", ("mc", "--nosubshell"), key=b"\x1bOB", most_runs_at_a_million=2),
    Browser("lf", ("lf",), most_runs_at_a_million=1),
    Browser("ranger", ("ranger",), most_runs_at_a_million=1),
)


@dataclass(slots=True)
class Figures:
    """What one program did on one size; milliseconds and MB, one of each a run."""

    first_paint: list[float] = field(default_factory=list)
    on_screen: list[float] = field(default_factory=list)
    key_p50: list[float] = field(default_factory=list)
    key_p99: list[float] = field(default_factory=list)
    bytes_per_key: list[float] = field(default_factory=list)
    own_mb: list[float] = field(default_factory=list)
    children_mb: list[float] = field(default_factory=list)
    failure: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the trees, run the rounds, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dir", type=Path, help="where the trees are made and kept (default: a temporary folder)")
    parser.add_argument("--runs", type=int, default=5, help="rounds (default: 5)")
    parser.add_argument("--only", help="programs, separated by commas: catalog-tui,nnn,mc,lf,ranger")
    parser.add_argument(
        "--wait-idle", type=float, default=0.0, metavar="S", help="wait for idle cores, at most S seconds"
    )
    options = parser.parse_args(arguments)
    browsers = [browser for browser in (OURS, *PEERS) if not options.only or browser.label in options.only.split(",")]
    missing = [browser.label for browser in browsers if shutil.which(browser.argv[0]) is None]
    if missing:
        print(f"not here, and left out: {', '.join(missing)} (Debian packages of these names)", file=sys.stderr)
    browsers = [browser for browser in browsers if browser.label not in missing]

    with tempfile.TemporaryDirectory(prefix="catalog-tui-bench-") as scratch:
        parent = (options.dir or Path(scratch)).resolve()
        archives = {size: make_archive(parent, size) for size in SIZES}
        small = trees.make(trees.small(), parent, lambda text: print(text, file=sys.stderr))
        figures, scanned = run_rounds(browsers, archives, small, Path(scratch), options.runs, options.wait_idle)
        for size in SIZES:
            print(f"\n### A model of {size.files:,} files\n\n{table(size, browsers, figures)}")
        for where, each in scanned.items():
            if each.key_p50:
                print(f"\nWhile a duplicate scan runs, {where}: {key_words(each)}.")
        print(f"\n### Listing {SIZES[0].files:,} files\n\n{listing_table(archives[SIZES[0]], options.runs)}\n")
    print(measuring.machine())
    return 0


# Trees


def make_archive(parent: Path, size: Size) -> Path:
    """An archive with that one model, and in the large one a site of small files for the scan; used again if whole."""
    root, marker = parent / f"browse-{size.label}", parent / f"browse-{size.label}.made"
    if marker.exists():
        return root
    print(f"making {root}: {size.files:,} files", file=sys.stderr)
    make_files(root / "site" / "model", size.files)
    if size is SIZES[-1]:
        content = os.urandom(SCANNED_BYTES)
        for number in range(0, SCANNED_FILES, 1000):
            make_files(root / "small" / f"model{number // 1000:02}", 1000, content)
    marker.touch()
    return root


def make_files(folder: Path, count: int, content: bytes = b"") -> None:
    """`count` pictures by name, empty or of this content but for their last byte's."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        for number in range(count):
            file = os.open(f"img_{number:07d}.jpg", os.O_CREAT | os.O_WRONLY, dir_fd=descriptor)
            if content:
                os.write(file, content[:-1] + bytes([number % 256]))
            os.close(file)
    finally:
        os.close(descriptor)


# Rounds


def run_rounds(
    browsers: Sequence[Browser], archives: dict[Size, Path], small: Path, scratch: Path, runs: int, wait_idle_s: float
) -> tuple[dict[tuple[str, Size], Figures], dict[str, Figures]]:
    """The figures of every program at every size, and those of ours while a scan runs, by what is scanned."""
    figures = {(browser.label, size): Figures() for browser in browsers for size in archives}
    beside_scan = {f"at {SIZES[-1].files:,} rows": archives[SIZES[-1]], "of small files": small}
    scanned = {where: Figures() for where in beside_scan}
    for number in range(runs):
        for size, archive in archives.items():
            for browser in browsers:
                million = size is SIZES[-1]
                if number < (browser.most_runs_at_a_million if million else sys.maxsize):
                    measuring.wait_until_idle(wait_idle_s)
                    run(browser, archive, scratch, figures[browser.label, size])
        if OURS in browsers:
            for where, archive in beside_scan.items():
                measuring.wait_until_idle(wait_idle_s)
                run(OURS, archive, scratch, scanned[where], scanning=True)
    return figures, scanned


def run(browser: Browser, archive: Path, scratch: Path, into: Figures, *, scanning: bool = False) -> None:
    """One start of a program: all figures of it."""
    home = scratch / "home"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    folder = archive if browser is OURS else archive / "site" / "model"
    started = time.perf_counter()
    with TerminalProgram([*browser.argv, str(folder)], columns=COLUMNS, lines=LINES, environ=environ(home)) as program:
        try:
            first_paint, on_screen = program.read_moments((has_letters, partial(holds, b"img_0000010")), LIMIT_S)
            program.settle(STILL_S, LIMIT_S)
            for key in browser.before:
                program.write(key)
                program.settle(STILL_S / 2, LIMIT_S)
            latencies, sizes = follow_keys(program) if scanning else press_keys(program, browser.key)
        except (TimeoutError, OSError) as error:
            into.failure = str(error)
            return
        into.first_paint.append((first_paint - started) * 1e3)
        into.on_screen.append((on_screen - started) * 1e3)
        into.key_p50.append(statistics.median(latencies))
        into.key_p99.append(sorted(latencies)[int(len(latencies) * 0.99)])
        into.bytes_per_key.append(statistics.median(sizes))
        into.own_mb.append(resident_mb(program.pid))
        with suppress(FileNotFoundError):  # a child may end while it is looked at
            into.children_mb.append(sum(map(resident_mb, descendants(program.pid))))


def environ(home: Path) -> dict[str, str]:
    """A terminal like today's, a home without settings, and for ours no caches or places of former runs."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    places = {f"CATALOG_TUI_{part}_DIR": str(home / part.lower()) for part in ("CACHE", "STATE", "CONFIG")}
    return {**kept, **places, "HOME": str(home), "TERM": "xterm-256color", "COLORTERM": "truecolor"}


def has_letters(output: bytes) -> bool:
    """Whether anything that can be seen was written."""
    return bool(CONTROL.sub(b"", output).strip())


def holds(text: bytes, output: bytes) -> bool:
    """Whether the text was written in one piece."""
    return text in output


def press_keys(program: TerminalProgram, key: bytes) -> tuple[list[float], list[int]]:
    """Milliseconds from each key to the last byte of its answer, and how many bytes that was."""
    latencies: list[float] = []
    sizes: list[int] = []
    for count in range(KEYS):
        if count >= SLOW_KEYS and statistics.median(latencies) > 500:
            break
        sent = time.perf_counter()
        program.write(key)
        last, answer = program.read_burst(QUIET_S, LIMIT_S)
        if not answer:
            raise TimeoutError("no answer to a key")
        latencies.append((last - sent) * 1e3)
        sizes.append(len(answer))
    return latencies, sizes


def follow_keys(program: TerminalProgram) -> tuple[list[float], list[int]]:
    """As `press_keys`, to the name that each key leads to, while a scan runs and no longer than that.

    Down and up through the first rows, as many as every model has.
    """
    program.write(b"D")
    program.read_until(partial(holds, b"Looking"), LIMIT_S)
    latencies: list[float] = []
    row, step = 0, 1
    for _ in range(KEYS):
        step = step if 0 <= row + step < trees.FILES_PER_MODEL else -step
        row += step
        answer = Answer(f"img_{row:07d}".encode())
        sent = time.perf_counter()
        program.write(b"j" if step > 0 else b"k")
        latencies.append((program.read_until(answer.has_come, LIMIT_S) - sent) * 1e3)
        _, rest = program.read_burst(QUIET_S / 3, QUIET_S)
        if b"to gain" in answer.output + rest:
            break
    return latencies, [0]


@dataclass(slots=True)
class Answer:
    """What a program writes, until there is a name in it."""

    name: bytes
    output: bytes = b""

    def has_come(self, output: bytes) -> bool:
        """Whether the name was written; for `read_until`."""
        self.output = output
        return self.name in output


# Tables


def table(size: Size, browsers: Sequence[Browser], figures: dict[tuple[str, Size], Figures]) -> str:
    """The programs beside each other; medians of runs."""
    headers = ("program", "first paint ms", "model on screen ms", "key p50 ms", "key p99 ms", "bytes a key")
    rows = []
    for browser in browsers:
        each = figures[browser.label, size]
        if not each.on_screen:
            rows.append([browser.label, each.failure, *[""] * 7])
            continue
        columns = (each.first_paint, each.on_screen, each.key_p50, each.key_p99, each.bytes_per_key, each.own_mb)
        shown = [
            f"{statistics.median(column):.{digits}f}"
            for column, digits in zip(columns, (0, 0, 1, 1, 0, 0), strict=True)
        ]
        children = f"{statistics.median(each.children_mb):.0f}" if any(each.children_mb) else "-"
        rows.append([browser.label, *shown, children, str(len(each.on_screen))])
    return measuring.markdown_table((*headers, "MB", "children MB", "runs"), rows)


def key_words(figures: Figures) -> str:
    """The latencies of keys in words."""
    return f"p50 {statistics.median(figures.key_p50):.1f} ms, p99 {statistics.median(figures.key_p99):.1f} ms"


def listing_table(archive: Path, runs: int) -> str:
    """Reading and sorting the model's listing beside `find`, which does not sort."""
    model = str(archive / "site" / "model")
    find = ["find", model, "-printf", r"%s %T@ %p\n"]
    with ChildReader() as child:
        child.folders(str(archive))
        seconds = in_turn(
            lambda: subprocess.run(find, stdout=subprocess.DEVNULL, check=True),
            lambda: child.listing(model),
            lambda: DirectReader().listing(model),
            runs=runs,
        )
    labels = ("find -printf '%s %T@ %p'", "listing by a child process", "listing in this process")
    rows = [
        [label, f"{second * 1e3:.0f}", f"{second / seconds[0]:.2f} x"]
        for label, second in zip(labels, seconds, strict=True)
    ]
    return measuring.markdown_table(("what", "ms", "of find"), rows)


if __name__ == "__main__":
    raise SystemExit(main())
