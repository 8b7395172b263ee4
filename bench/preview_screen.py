"""Time pictures on the screen, in a pseudo-terminal: the preview after a key, tiles, keys while thumbnails decode.

    python -m bench.preview_screen --dir /tmp/bench     # makes 12 MP photographs and a video, keeps and uses them again

A preview's time is from the key to the last byte of the picture, less the 50 ms for which the cursor must rest; every
key leads to a file that was not drawn before (some rows further on). A key's time is from the key to the name that it
leads to, in a model whose thumbnails are being made at that moment. The event loop is late by how much longer than 5 ms
a sleep of 5 ms takes in it (`bench/heartbeat.py`).
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench import measuring, pictures
from bench.browse import environ, holds
from bench.heartbeat import late_between
from bench.terminal import TerminalProgram
from catalog_tui.graphics.strips import UPPER_HALF
from catalog_tui.widgets.after_rest import REST_S

COLUMNS, LINES = 160, 50
WIDE_COLUMNS, WIDE_LINES = 240, 62
"""A terminal in which some sixty tiles are in view."""
QUIET_S = 0.4
LIMIT_S = 20.0
AHEAD_S = 0.7
LOOKS = 7
STILL_S = 0.7
FILES = 210
VIDEOS = 32
JUMP = b"jjjj"
"""To a file beyond those that were fetched ahead."""

KEYS = 200
KEY_EVERY_S = 0.04
"""As a held key repeats."""
HELD = 500
HELD_EVERY_S = 0.03
"""As it does where somebody set it to be fast."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the archive, take the times, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dir", type=Path, help="where the pictures are made and kept (default: a temporary folder)")
    options = parser.parse_args(arguments)
    rows: list[tuple[str, str, str]] = []

    def add(label: str, times_ms: Sequence[float]) -> None:
        rows.append((label, f"{statistics.median(times_ms):.0f}", f"{max(times_ms):.0f}"))
        print(*rows[-1], file=sys.stderr)

    with tempfile.TemporaryDirectory(prefix="catalog-tui-bench-") as scratch:
        root = (options.dir or Path(scratch)).resolve()
        photographs = copies(pictures.make_photograph(root / "a.jpg"), root / "photographs")
        videos = copies(pictures.make_video(root / "b.mp4"), root / "videos", count=VIDEOS)
        home = Path(scratch)
        add("preview of a 12 MP JPEG, first time", previews(photographs, home))
        add("poster of a 1080p video, first time", previews(videos, home))
        fill(photographs, home)
        add("preview of a 12 MP JPEG, thumbnail stored", previews(photographs, home, fresh=False))
        add("60 tiles, thumbnails stored", [tiles(photographs, home) for _look in range(3)])
        mixed = pictures.make_mixed(root / "pictures" / "site" / "model").parent.parent
        for label, before in (
            ("loop late, key held over 500 pictures", b""),
            ("loop late, key held over 500 tiles", b"t"),
        ):
            add(label, stalls(mixed, home, before))
        for label, before in (("key in the list while thumbnails decode", b""), ("key in the tiles while so", b"t")):
            times = keys(photographs, home, before)
            rows.append((f"{label}: p50, p99", f"{statistics.median(times):.1f}", f"{percentile(times, 0.99):.1f}"))
            print(*rows[-1], file=sys.stderr)
    print(measuring.markdown_table(("on the screen", "median ms", "most ms"), rows))
    print(measuring.machine())
    return 0


def copies(original: Path, archive: Path, count: int = FILES) -> Path:
    """An archive with one model that has the same file many times over; each is a file of its own."""
    model = archive / "site" / "model"
    model.mkdir(parents=True, exist_ok=True)
    content = original.read_bytes()
    for number in range(count):
        path = model / f"img_{number:04d}{original.suffix}"
        if not path.exists():
            path.write_bytes(content)
    return archive


def percentile(values: Sequence[float], part: float) -> float:
    """The value that so many of them do not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def fill(archive: Path, home: Path) -> None:
    """Make the thumbnails ahead."""
    command = [sys.executable, "-P", "-m", "catalog_tui", "thumbs", str(archive), "--progress", "none"]
    subprocess.run(command, check=True, env=pictured(home), stdout=subprocess.DEVNULL)


def pictured(home: Path) -> dict[str, str]:
    """An environment whose caches are below `home`, and a terminal that shows half blocks."""
    return {**environ(home), "CATALOG_TUI_PREVIEW": "blocks"}


@contextmanager
def at_files(
    archive: Path, home: Path, *command: str, columns: int = COLUMNS, lines: int = LINES
) -> Iterator[TerminalProgram]:
    """The program (or what else the command runs) with the cursor on the first file, its picture drawn."""
    shutil.rmtree(home / "state", ignore_errors=True)  # where the cursor was
    argv = [sys.executable, *(command or ("-P", "-m", "catalog_tui")), str(archive)]
    with TerminalProgram(argv, columns=columns, lines=lines, environ=pictured(home)) as program:
        _first, second, *_rest = sorted(os.listdir(archive / "site" / "model"))
        program.read_until(partial(holds, second.encode()), LIMIT_S)
        program.settle(STILL_S, LIMIT_S)
        program.write(b"ll")
        program.settle(STILL_S, LIMIT_S)
        yield program


def previews(archive: Path, home: Path, *, fresh: bool = True) -> list[float]:
    """Milliseconds from the rest of the cursor to the last byte of each picture."""
    if fresh:
        shutil.rmtree(home / "cache", ignore_errors=True)
    times = []
    with at_files(archive, home) as program:
        for _look in range(LOOKS):
            sent = time.perf_counter()
            program.write(JUMP)
            times.append((last_picture(program) - sent - REST_S) * 1e3)
            program.read_burst(AHEAD_S, AHEAD_S)  # the neighbours are fetched ahead
    return times


def last_picture(program: TerminalProgram) -> float:
    """When the last half block came, after which nothing came for a while."""
    last = 0.0
    while data := program.read(QUIET_S if last else LIMIT_S):
        if UPPER_HALF.encode() in data:
            last = time.perf_counter()
    return last


def tiles(archive: Path, home: Path) -> float:
    """Milliseconds from `t` to the last byte of all tiles."""
    with at_files(archive, home, columns=WIDE_COLUMNS, lines=WIDE_LINES) as program:
        sent = time.perf_counter()
        program.write(b"t")
        return (last_picture(program) - sent) * 1e3


def keys(archive: Path, home: Path, before: bytes) -> list[float]:
    """Milliseconds from each key to the name it leads to, from the top of a model without thumbnails on."""
    shutil.rmtree(home / "cache", ignore_errors=True)
    times = []
    with at_files(archive, home) as program:
        if before:
            program.write(before)
            program.read_until(partial(holds, b"img_0010"), LIMIT_S)
        step = b"l" if before else b"j"
        for number in range(1, KEYS + 1):
            name = f"img_{number:04d}".encode()
            sent = time.perf_counter()
            program.write(step)
            seen = program.read_until(partial(holds, name), LIMIT_S)
            times.append((seen - sent) * 1e3)
            while (left := sent + KEY_EVERY_S - time.perf_counter()) > 0:
                program.read(left)
    return times


def stalls(archive: Path, home: Path, before: bytes) -> list[float]:
    """Milliseconds by which the event loop came late, each 5 ms, while a key is held over files never seen before."""
    shutil.rmtree(home / "cache", ignore_errors=True)
    beats = home / "beats"
    with at_files(archive, home, "-m", "bench.heartbeat", str(beats)) as program:
        program.write(before)
        program.settle(STILL_S, STILL_S)
        begun = time.perf_counter()
        for _key in range(HELD):
            until = time.perf_counter() + HELD_EVERY_S
            program.write(b"l" if before else b"j")
            while (left := until - time.perf_counter()) > 0:
                program.read(left)
        return late_between(beats, begun, time.perf_counter())


if __name__ == "__main__":
    sys.exit(main())
