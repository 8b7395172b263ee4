"""Making the k-th system call of the real command fail, or killing it there: strace does it to the process itself."""

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from catalog_tui.core.scan.options import TRASH_NAME
from tests.waiting import PATIENCE_S

ERRORS = ("EIO", "ENOSPC", "EXDEV", "EACCES")
KILL = "KILL"
FAULTS = (*ERRORS, KILL)
COMMAND = (sys.executable, "-P", "-m", "catalog_tui")
CALLS = "%file,%desc"  # all that takes a path or a descriptor: between two of them nothing can happen to a file
NO_CALL = re.compile(r"\d+ +(?:\+\+\+|---|<\.\.\.)")
CALL = re.compile(r"\d+ +(\w+)\(")


class Call(NamedTuple):
    """The `nth` call of this name that the process makes, counted from its start."""

    name: str
    nth: int


def calls_of(words: Sequence[str], log: Path) -> list[Call]:
    """The system calls of the command from the first that has to do with the trash, by running it once."""
    done = subprocess.run(
        ["strace", "-f", "--seccomp-bpf", "-e", f"trace={CALLS}", "-o", str(log), *COMMAND, *words],
        env=environment(),
        capture_output=True,  # as later: where output goes to makes a difference to what Python asks of it
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode in (0, 3), done.stderr
    return list(_after_start(log.read_text(errors="replace").splitlines()))


def run_faulted(words: Sequence[str], call: Call, fault: str) -> subprocess.CompletedProcess[str]:
    """The command with this call failing, or with the process killed as it makes it."""
    # A kill is delivered where strace stops the process by ptrace alone, and not where seccomp does.
    what = "signal=KILL" if fault == KILL else f"error={fault}"
    faster = [] if fault == KILL else ["--seccomp-bpf"]
    inject = f"inject={call.name}:{what}:when={call.nth}"
    return subprocess.run(
        ["strace", "-f", *faster, "-e", f"trace={call.name}", "-e", inject, "-o", os.devnull, *COMMAND, *words],
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        stdin=subprocess.DEVNULL,
        timeout=PATIENCE_S,
        check=False,
    )


def environment() -> dict[str, str]:
    """What makes two runs of the command make the same calls."""
    return {**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}


def _after_start(lines: list[str]) -> Iterator[Call]:
    counts: Counter[str] = Counter()
    started = False
    for line in lines:
        found = CALL.match(line)
        if found is None:
            assert NO_CALL.match(line), line
            continue
        counts[found[1]] += 1
        started = started or TRASH_NAME in line
        if started:
            yield Call(found[1], counts[found[1]])
