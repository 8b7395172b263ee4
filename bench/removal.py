"""Time removing, undoing and purging, and print a Markdown table.

    python -m bench.removal               # 10,000 removals of 20 KB files
    python -m bench.removal --count 1000

Each step is a whole process of the installed command, the page cache warm. Beside it stands the time that reading all
bytes twice takes, which every removal has to: victim and keeper are compared byte by byte.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench import measuring
from catalog_tui.core.removal.plan import TRASH, Identity, Plan, PlanItem, plan_to_json

SIZE = 20_000
PER_FOLDER = 500
SETTLED_S = 11.0  # a copy written less than ten seconds ago is brought to the disk by itself before it is relied on
STEPS = ("remove", "undo", "purge")

Seconds = dict[str, list[tuple[float, float]]]
"""For each step, wall and processor seconds of every run."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Make pairs of files, remove the copies, put them back, remove again, purge; print the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000, help="removals (default: 10000)")
    parser.add_argument("--runs", type=int, default=3, help="rounds (default: 3)")
    parser.add_argument("--dir", type=Path, help="where the archive is made (default: a temporary folder)")
    options = parser.parse_args(arguments)
    seconds: Seconds = {step: [] for step in ("read twice", *STEPS)}
    for _round in range(options.runs):
        with tempfile.TemporaryDirectory(prefix="catalog-tui-bench-", dir=options.dir) as scratch:
            _round_of(Path(scratch) / "archive", options.count, seconds)
    medians = {
        step: [statistics.median(figures) for figures in zip(*runs, strict=True)] for step, runs in seconds.items()
    }
    rows = [[step, *(f"{figure:.2f} s" for figure in figures)] for step, figures in medians.items()]
    print(measuring.markdown_table([f"{options.count:,} files of {SIZE // 1000} KB", "wall", "processor"], rows))
    print(measuring.machine())
    return 0


def _round_of(root: Path, count: int, seconds: Seconds) -> None:
    plan_file = root.with_suffix(".json")
    _make(root, count)
    plan_file.write_text(json.dumps(plan_to_json(_plan(root, count))))
    started, used = time.perf_counter(), time.process_time()
    for _copy in range(2):
        for number in range(count):
            (root / _keeper(number)).read_bytes()
    seconds["read twice"].append((time.perf_counter() - started, time.process_time() - used))
    remove = ["dedupe", "--plan", str(plan_file), "--apply"]
    seconds["remove"].append(_timed(remove))
    seconds["undo"].append(_timed(["undo", str(root)]))
    plan_file.write_text(json.dumps(plan_to_json(_plan(root, count))))
    _timed(remove)
    time.sleep(SETTLED_S)
    os.sync()  # what the disk has still to write of the making is not the purge's
    seconds["purge"].append(_timed(["trash", "purge", str(root), "--yes"]))
    left = sum(1 for path in root.rglob("*.jpg"))
    if left != count:
        raise SystemExit(f"{left} files are left of {count}")
    shutil.rmtree(root)


def _timed(words: list[str]) -> tuple[float, float]:
    started, before = time.perf_counter(), os.times()
    done = subprocess.run([sys.executable, "-P", "-m", "catalog_tui", *words], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{words} ended with {done.returncode}: {done.stderr[-2000:]}")
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - started, used


def _make(root: Path, count: int) -> None:
    for number in range(count):
        for path in (root / _keeper(number), root / _victim(number)):
            if number % PER_FOLDER == 0:
                path.parent.mkdir(parents=True)
            path.write_bytes(number.to_bytes(8, "big") * (SIZE // 8))


def _plan(root: Path, count: int) -> Plan:
    items = tuple(
        PlanItem("", SIZE, _identity(root, _victim(number)), _identity(root, _keeper(number)))
        for number in range(count)
    )
    return Plan(str(root), "2026-01-31T12:00:00Z", TRASH, (), items, count * SIZE)


def _identity(root: Path, path: str) -> Identity:
    status = (root / path).lstat()
    return Identity(path, status.st_dev, status.st_ino, status.st_mtime_ns, status.st_ctime_ns)


def _keeper(number: int) -> str:
    return f"site/keep{number // PER_FOLDER}/{number}.jpg"


def _victim(number: int) -> str:
    return f"site/copy{number // PER_FOLDER}/{number}.jpg"


if __name__ == "__main__":
    raise SystemExit(main())
