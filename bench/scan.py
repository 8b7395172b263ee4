"""Time the duplicate scan beside other duplicate finders, on seeded trees, and print a Markdown table.

    python -m bench.scan                  # the media tree (4 GB) and the small-file tree (1.2 GB), five rounds
    python -m bench.scan --quick          # the same at a twentieth, three rounds
    python -m bench.scan --memory         # a million files: peak memory
    python -m bench.scan --floor          # on the same trees, the least that any scan in Python can take

Every program is a whole process, started anew, with a warm page cache; all run in turn in each round. Each must find
the same groups, or the run fails. Trees are kept below --dir and used again; without --dir they are removed at the end.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from bench import floor, measuring, peers, trees
from bench.measuring import Measured, Program, nothing

FIND, RESCAN = "find -printf", "ours, rescan"
PEERS = (peers.JDUPES, peers.JDUPES_QUICK, peers.RMLINT, peers.FDUPES, peers.RDFIND)
SLOW_ON_MANY_FILES = {"rmlint": 1}  # 32 s a run on 150,000 files, where the others take about 4
SETTLED_S = 3.0  # an index entry is not trusted when its file is less than two seconds older than the reading


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the trees, run the rounds, print the tables; 1 when programs disagree about the groups."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dir", type=Path, help="where the trees are made and kept (default: a temporary folder)")
    parser.add_argument("--runs", type=int, help="rounds (default: 5, with --quick 3)")
    parser.add_argument("--quick", action="store_true", help="trees of a twentieth of the size")
    parser.add_argument("--memory", action="store_true", help="a million files instead, one round")
    parser.add_argument("--floor", action="store_true", help="the parts of a scan as plain loops, beside jdupes -Q")
    patience_help = "seconds to wait, before each run, for the machine to be idle (default: none)"
    parser.add_argument("--patience", type=float, default=0, metavar="S", help=patience_help)
    parser.add_argument("--only", choices=("media", "small"), help="one tree of the two")
    options = parser.parse_args(arguments)
    measuring.require(["find", *(peer.argv[0] for peer in PEERS)])

    scale = 0.05 if options.quick else 1.0
    shapes = [trees.million(scale)] if options.memory else [trees.media(scale), trees.small(scale)]
    runs = options.runs or (1 if options.memory else 3 if options.quick else 5)
    agreed = True
    with tempfile.TemporaryDirectory(prefix="catalog-tui-bench-") as scratch:
        for shape in shapes:
            if options.only not in (None, shape.name):
                continue
            root = _tree(shape, options.dir or Path(scratch))
            if options.floor:
                print(f"\n### {shape.name}, floor\n\n{floor.table(root, runs, options.patience)}\n")
            else:
                agreed &= _bench(shape, root, Path(scratch), runs, options.patience)
    print(measuring.machine())
    return 0 if agreed else 1


def _tree(shape: trees.Shape, parent: Path) -> Path:
    parent.mkdir(parents=True, exist_ok=True)
    root = trees.make(shape, parent.resolve(), _say)
    time.sleep(SETTLED_S)
    _warm(root)
    return root


def _bench(shape: trees.Shape, root: Path, scratch: Path, runs: int, patience_s: float) -> bool:
    folder = scratch / f"run-{shape.name}"
    folder.mkdir()
    ours = _our_programs(root, folder)
    # Once, untimed: what a rescan rests on.
    measuring.run_interleaved([program for program in ours if program.label == RESCAN], 1, folder)
    others = [peer for peer in PEERS if shape.name != "million" or peer is peers.JDUPES_QUICK]
    programs = [*ours, *(_peer_program(peer, root, shape) for peer in others), _find(root)]
    measured = measuring.run_interleaved(programs, runs, folder, patience_s=patience_s)

    print(f"\n### {shape.name}: {shape.files:,} files, {_bytes_in(root):,} bytes\n")
    print(_table(measured), end="\n\n")
    answer = json.loads(measured[RESCAN].output.read_bytes())
    print(f"The rescan read {answer['bytes_read']:,} content bytes, {answer['cache_hits']:,} digests from the index.")
    return _agree(root, measured, others, folder)


def _our_programs(root: Path, folder: Path) -> list[Program]:
    """Ours, with every place it writes to below `folder`."""
    scan = (sys.executable, "-P", "-m", "catalog_tui", "scan", str(root), "--format", "json", "--progress", "none")

    def program(label: str, *flags: str, keep: bool = False) -> Program:
        home = folder / ("home-kept" if keep else "home")
        places = {f"CATALOG_TUI_{part}_DIR": str(home / part.lower()) for part in ("CACHE", "STATE", "CONFIG")}
        forget = partial(shutil.rmtree, home, ignore_errors=True)
        return Program(label, (*scan, *flags), places | measuring.COMPILED_ONCE, prepare=nothing if keep else forget)

    return [
        program("ours, --no-index", "--no-index"),
        program("ours, first scan, with the index"),
        program(RESCAN, keep=True),
        program("ours, --no-index --hash md5", "--no-index", "--hash", "md5"),
        program("ours, --no-index --verify", "--no-index", "--verify"),
    ]


def _peer_program(peer: peers.Peer, root: Path, shape: trees.Shape) -> Program:
    most = SLOW_ON_MANY_FILES.get(peer.label, sys.maxsize) if shape.files > 10_000 else sys.maxsize
    return Program(peer.label, (*peer.argv, str(root)), most_runs=most)


def _find(root: Path) -> Program:
    return Program(FIND, ("find", str(root), "-type", "f", "-printf", r"%s %T@\n"))


def _table(measured: dict[str, Measured]) -> str:
    compared = [label for label in ("jdupes -Q", "jdupes", FIND) if label in measured]
    headers = ["program", "median s", "from - to", "cpu s", *(f"of {label}" for label in compared), "peak MiB", "runs"]
    rows = [
        [
            each.label,
            f"{each.median_s:.2f}",
            f"{min(each.seconds):.2f} - {max(each.seconds):.2f}",
            f"{each.cpu_s:.2f}",
            *(measuring.ratio(each, measured[label]) for label in compared),
            f"{each.peak_mib:.0f}",
            str(len(each.seconds)),
        ]
        for each in measured.values()
    ]
    return measuring.markdown_table(headers, rows)


def _agree(root: Path, measured: dict[str, Measured], others: Sequence[peers.Peer], folder: Path) -> bool:
    """Whether all programs found the same groups of files; says so, or who did not."""
    answers = {label: peers.our_groups(each.output.read_bytes()) for label, each in measured.items() if "ours" in label}
    for peer in others:
        answer = folder / peer.answer_file if peer.answer_file else measured[peer.label].output
        answers[peer.label] = peer.groups(answer.read_bytes())
    found = {label: peers.comparable(groups, bytes(root)) for label, groups in answers.items()}
    first, *rest = found
    wrong = [label for label in rest if found[label] != found[first]]
    if wrong:
        print(f"DISAGREE with {first} ({len(found[first]):,} groups): {', '.join(wrong)}")
        return False
    print(f"All {len(found)} programs found the same {len(found[first]):,} groups.")
    return True


def _bytes_in(root: Path) -> int:
    return sum(path.stat().st_size for path in root.rglob("*") if path.is_file())


def _warm(root: Path) -> None:
    """Read every file once, so that no program pays for the disk."""
    for path in root.rglob("*"):
        if path.is_file():
            with path.open("rb", buffering=0) as stream:
                while stream.read(1 << 20):
                    pass


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
