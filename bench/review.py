"""The review of many groups: how long it takes to open, and what a key costs there.

    python -m bench.review [--groups 100000]

Makes a kept result of so many groups beside a small archive, in a folder of its own; prints a table; asserts nothing.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.measuring import machine, markdown_table
from catalog_tui.app import CatalogApp
from catalog_tui.config import Settings
from catalog_tui.core.archive import Archive
from catalog_tui.core.places import archive_cache
from catalog_tui.core.reader import DirectReader
from catalog_tui.core.scan.events import Summary
from catalog_tui.core.scan.results import DuplicateFile, DuplicateGroup, save
from catalog_tui.core.state import Place
from catalog_tui.screens.duplicates import DuplicatesScreen

KEYS = 300


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


async def measure(root: str) -> tuple[float, list[float]]:
    """Seconds from the key to the first rows, then from each key to the screen that shows it."""
    reader = DirectReader()
    app = CatalogApp(Archive(root, reader=reader), reader, Settings(preview="none"), Place(), [])
    async with app.run_test(size=(160, 50)) as pilot:
        started = time.perf_counter()
        await pilot.press("W")
        while not (isinstance(app.screen, DuplicatesScreen) and app.screen.files.records.rows):
            await asyncio.sleep(0)
        opened = time.perf_counter() - started
        latencies = []
        for _ in range(KEYS):
            started = time.perf_counter()
            await pilot.press("j")
            latencies.append(time.perf_counter() - started)
    return opened, latencies


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--groups", type=int, default=100_000)
    groups = parser.parse_args().groups
    with tempfile.TemporaryDirectory() as folder:
        for part in ("config", "cache", "state"):
            os.environ[f"CATALOG_TUI_{part.upper()}_DIR"] = os.path.join(folder, part)
        root = Path(folder) / "archive"
        (root / "site-0" / "model-0").mkdir(parents=True)
        summary = Summary(str(root), "xxh128", duplicate_groups=groups, duplicate_files=groups)
        save(archive_cache(str(root)), summary, made_up(groups))
        runs = [asyncio.run(measure(str(root))) for _ in range(5)]
    opened = statistics.median(opened for opened, _ in runs)
    keys = sorted(latency for _, latencies in runs for latency in latencies)
    p50, p99 = keys[len(keys) // 2], keys[len(keys) * 99 // 100]
    rows = [
        [f"opening the review of {groups:,} groups, median of 5", f"{opened * 1e3:.0f} ms"],
        ["a key there, until the app has nothing left to do: p50", f"{p50 * 1e3:.1f} ms"],
        ["the same: p99", f"{p99 * 1e3:.1f} ms"],
    ]
    print(markdown_table(["what", "time"], rows))
    print(machine())


if __name__ == "__main__":
    main()
