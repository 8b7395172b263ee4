"""The review of many groups, in a pseudo-terminal: how long it takes to open, and what a key costs there.

    python -m bench.review [--groups 100000] [--runs 5]

Makes a kept result of so many groups beside a small archive, in a folder of its own. Opening is from the key that opens
the review to its first rows, a key from being sent to the last byte of the answer; the first steps move the cursor
within the screen, the others scroll. Prints a table; asserts nothing.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.browse import COLUMNS, LIMIT_S, LINES, OURS, STILL_S, environ, has_letters, holds, press_keys
from bench.measuring import machine, markdown_table
from bench.terminal import TerminalProgram
from catalog_tui.core.places import archive_cache
from catalog_tui.core.scan.events import Summary
from catalog_tui.core.scan.results import DuplicateFile, DuplicateGroup, save

OPENING = b"W"


def made_up(groups: int) -> Iterator[tuple[DuplicateGroup, list[DuplicateFile]]]:
    """Groups of two files each, by waste."""
    for number in range(groups):
        files = [
            DuplicateFile(
                f"site-{side}/model-{number % 997}/picture-{number:07d}.jpg", 1, 2 * number + side, 10**18, 10**18
            )
            for side in (0, 1)
        ]
        yield DuplicateGroup(number, f"{number:032x}", 10_000_000 - number, 2), files


def measure(root: Path, variables: dict[str, str]) -> tuple[float, list[float], float]:
    """Milliseconds from the key to the first rows, then from each key to the last byte; and bytes a key."""
    argv = [*OURS.argv, str(root)]
    with TerminalProgram(argv, columns=COLUMNS, lines=LINES, environ=variables) as program:
        program.read_until(has_letters, LIMIT_S)
        program.settle(STILL_S, LIMIT_S)
        started = time.perf_counter()
        program.write(OPENING)
        opened = program.read_until(partial(holds, b"picture-0000010"), LIMIT_S) - started
        program.settle(STILL_S, LIMIT_S)
        latencies, sizes = press_keys(program, b"j")
    return opened * 1e3, latencies, statistics.median(sizes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--groups", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        variables = environ(Path(folder))
        os.environ.update(variables)  # the result is saved where the program will look for it
        root = Path(folder) / "archive"
        (root / "site-0" / "model-0").mkdir(parents=True)
        summary = Summary(str(root), "xxh128", duplicate_groups=options.groups, duplicate_files=options.groups)
        save(archive_cache(str(root)), summary, made_up(options.groups))
        runs = [measure(root, variables) for _ in range(options.runs)]
    keys = [sorted(latencies) for _opened, latencies, _size in runs]
    p50 = statistics.median(map(statistics.median, keys))
    p99 = statistics.median(latencies[len(latencies) * 99 // 100] for latencies in keys)
    rows = [
        [f"opening the review of {options.groups:,} groups", f"{statistics.median(run[0] for run in runs):.0f} ms"],
        ["a key there, to the last byte of the answer: p50", f"{p50:.1f} ms"],
        ["the same: p99", f"{p99:.1f} ms"],
        ["bytes a key", f"{statistics.median(run[2] for run in runs):.0f}"],
    ]
    print(markdown_table([f"what, median of {options.runs}", "figure"], rows))
    print(machine())


if __name__ == "__main__":
    main()
