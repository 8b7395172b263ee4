"""Run several programs beside each other and say how long they took: interleaved, medians, ratios, peak memory.

The machines are shared and noisy. Programs compared are therefore run in turn, round after round, so that a slow minute
hits all of them; only medians and ratios of one run mean anything.
"""

import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

TIME_PROGRAM = "/usr/bin/time"
IDLE_SHARE = 0.9  # of all cores, over GLANCE_S: then nobody else is at work
GLANCE_S = 0.25
# Environment in which Python keeps what it compiles, as pip does when it installs: some forbid that, and then every run
# compiles every module anew.
COMPILED_ONCE = {"PYTHONDONTWRITEBYTECODE": ""}


def nothing() -> None:
    """What is prepared before a run that needs nothing."""


@dataclass(frozen=True, slots=True)
class Program:
    """A command line to time. `most_runs` bounds a slow one; `prepare` is called, untimed, before each run."""

    label: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    most_runs: int = sys.maxsize
    prepare: Callable[[], None] = nothing
    good_exits: tuple[int, ...] = (0,)


@dataclass(slots=True)
class Measured:
    """The figures of one program: wall and processor seconds and peak resident KiB of each run, and its last output."""

    label: str
    output: Path
    seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    peaks_kib: list[int] = field(default_factory=list)

    @property
    def median_s(self) -> float:
        """The median of the wall seconds."""
        return statistics.median(self.seconds)

    @property
    def cpu_s(self) -> float:
        """The median of the processor seconds, of all its processes: steadier than wall time on a busy machine."""
        return statistics.median(self.cpu_seconds)

    @property
    def peak_mib(self) -> float:
        """The median of the peak resident memory, in MiB: of the largest process, where a program has several."""
        return statistics.median(self.peaks_kib) / 1024


def require(programs: Iterable[str]) -> None:
    """End with one clear line unless every program is there, `time` (for peak memory) among them."""
    missing = [program for program in (TIME_PROGRAM, *programs) if shutil.which(program) is None]
    if missing:
        raise SystemExit(f"needed and not here: {', '.join(missing)} (Debian packages of these names)")


def run_interleaved(
    programs: Sequence[Program], runs: int, folder: Path, *, patience_s: float = 0
) -> dict[str, Measured]:
    """Time every program `runs` times, or its `most_runs`, one run of each a round; outputs go to `folder`.

    Before each run it waits up to `patience_s` for the machine to be idle, for others may be at work on it.
    """
    measured = {
        program.label: Measured(program.label, folder / f"{number:02}.out") for number, program in enumerate(programs)
    }
    for round_number in range(runs):
        for program in programs:
            if round_number < program.most_runs:
                wait_until_idle(patience_s)
                _run(program, measured[program.label], folder)
    return measured


def _run(program: Program, into: Measured, folder: Path) -> None:
    program.prepare()
    usage_file = folder / "usage"
    # Not our own wait4: a process starts out with the peak of the one that forked it, so ours would be a floor.
    argv = (TIME_PROGRAM, "--quiet", "-f", "%M %U %S", "-o", str(usage_file), *program.argv)
    with into.output.open("wb") as output, (folder / "errors").open("w+b") as errors:
        started = time.perf_counter()
        done = subprocess.run(
            argv, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, cwd=folder, env={**os.environ, **program.env}
        )
        elapsed = time.perf_counter() - started
        errors.seek(0)
        if done.returncode not in program.good_exits:
            said = errors.read()[-2000:].decode(errors="replace")
            raise SystemExit(f"{program.label} ended with {done.returncode}: {said}")
    into.seconds.append(elapsed)
    peak_kib, *cpu_seconds = usage_file.read_text().splitlines()[-1].split()
    into.cpu_seconds.append(sum(map(float, cpu_seconds)))
    into.peaks_kib.append(int(peak_kib))


def wait_until_idle(limit_s: float) -> None:
    """Return when the cores have been idle for a moment, or when the limit is reached (Linux: /proc/stat)."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        idle_before, total_before = _processor_ticks()
        time.sleep(GLANCE_S)
        idle, total = _processor_ticks()
        if idle - idle_before >= IDLE_SHARE * (total - total_before):
            return


def _processor_ticks() -> tuple[int, int]:
    """Idle ticks and all ticks of all cores since the start of the machine."""
    with Path("/proc/stat").open() as stream:
        ticks = [int(field) for field in stream.readline().split()[1:]]
    return ticks[3], sum(ticks)


def ratio(measured: Measured, to: Measured) -> str:
    """How many times as long as the other one it took, by medians: `0.35 x`."""
    return f"{measured.median_s / to.median_s:.2f} x"


def markdown_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table that is also readable as plain text: the first column to the left, figures to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(headers, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        padded = [cells[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(cells[1:], widths[1:], strict=True))]
        return f"| {' | '.join(padded)} |"

    rule = [":" + "-" * (widths[0] - 1), *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join([line(headers), line(rule), *map(line, rows)])


def machine() -> str:
    """One line on what was measured on: processor, cores, memory, kernel, Python, load."""
    cores = len(os.sched_getaffinity(0))
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{_processor()}, {cores} cores, {memory_gib:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f} at the end"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
