"""Fail or kill every system call of a removal, one run each, and prove that nothing was lost; prints a Markdown table.

    python -m bench.faults                        # 50 items: fifteen thousand runs of the command, an hour or so
    python -m bench.faults --items 5 --fault KILL --action hardlink

Each run removes the copies of a small archive made anew, by the installed command under strace, which lets the k-th
call of the process fail (EIO, ENOSPC, EXDEV, EACCES) or kills the process as it makes it. A run is bad if after it a
content is nowhere, the journal cannot be read, or undo does not give back the tree as it was in bytes, names, mtimes
and modes.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from bench import measuring
from catalog_tui.core.errors import CatalogError
from catalog_tui.core.removal.plan import HARDLINK, TRASH, plan_to_json
from catalog_tui.core.removal.trash import read_journal
from catalog_tui.core.removal.undo import undo
from tests.core.removal.ground import age, contents, plan_of, tree
from tests.core.removal.sweep import FAULTS, Call, calls_of, run_faulted
from tests.trees import make_archive


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the sweep; 1 where a run was bad."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=50, help="removals in the plan (default: 50)")
    parser.add_argument("--fault", action="append", choices=FAULTS, help="only this one; may be repeated")
    parser.add_argument("--action", choices=(TRASH, HARDLINK), default=TRASH)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th call (default: 1)")
    parser.add_argument("--first", type=int, default=0, metavar="K", help="begin with the K-th call (default: 0)")
    parser.add_argument("--jobs", type=int, default=2, help="runs at a time (default: 2)")
    options = parser.parse_args(arguments)
    measuring.require(["strace"])
    rows: list[list[str]] = []
    bad: list[str] = []
    with tempfile.TemporaryDirectory(prefix="catalog-tui-faults-") as scratch:
        sweep = Sweep(Path(scratch), options.items, options.action)
        for fault in options.fault or FAULTS:
            calls = sweep.calls[options.first :: options.every]
            with ThreadPoolExecutor(options.jobs) as pool:
                found = [bad_run for bad_run in pool.map(partial(sweep.run, fault=fault), calls) if bad_run]
            bad += found
            rows.append([fault, f"{len(calls):,}", f"{len(found):,}"])
    print(measuring.markdown_table([f"{options.items} items, {options.action}", "runs", "bad"], rows))
    print(measuring.machine())
    print("\n".join(bad), end="\n" if bad else "", file=sys.stderr)
    return 1 if bad else 0


class Sweep:
    """Runs of one plan, each on an archive of its own."""

    def __init__(self, scratch: Path, items: int, action: str) -> None:
        self._scratch = scratch
        self._items = items
        self._action = action
        first = self._archive("first")
        self._before = tree(first)
        self._contents = contents(first)
        self.calls: Sequence[Call] = calls_of(self._words(first), scratch / "log")
        """The system calls there are to fail."""

    def run(self, call: Call, fault: str) -> str:
        """What is bad after this call failed so; "" where nothing is."""
        name = f"{fault}-{call.name}-{call.nth}"
        root = self._archive(name)
        try:
            run_faulted(self._words(root), call, fault)
            return f"{name}: {found}" if (found := self._found_bad(root)) else ""
        finally:
            shutil.rmtree(root.parent)

    def _found_bad(self, root: Path) -> str:
        if not contents(root) >= self._contents:
            return "content is lost"
        try:
            read_journal(str(root))
            undo(str(root), 99)
        except CatalogError as error:
            return str(error)
        return "" if tree(root) == self._before else "undo does not give back the tree"

    def _archive(self, name: str) -> Path:
        root = self._scratch / name / "archive"
        files = {path: b"content %d" % number for number in range(self._items) for path in self._pair(number)}
        make_archive(root, files)
        for number in range(0, self._items, 3):
            (root / self._pair(number)[0]).chmod(0o640)
        age(root)
        return root

    def _pair(self, number: int) -> tuple[str, str]:
        return f"site/m{number % 5}/copy{number}.jpg", f"site/kept/file{number}.jpg"

    def _words(self, root: Path) -> Sequence[str]:
        plan = plan_of(root, *map(self._pair, range(self._items)), action=self._action)
        file = root.with_suffix(".json")
        file.write_text(json.dumps(plan_to_json(plan)))
        return ["dedupe", "--plan", str(file), "--apply"]


if __name__ == "__main__":
    sys.exit(main())
