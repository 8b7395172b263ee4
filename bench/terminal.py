"""Programs in a pseudo-terminal of their own, as a terminal window runs them: fed with keys, timed from outside."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

ANSWERS: Final = {b"\x1b[6n": b"\x1b[1;1R", b"\x1b[c": b"\x1b[?62;c"}
"""What a terminal is asked and must answer: where the cursor is, what it is. Some programs wait for it."""

CHUNK: Final = 1 << 16


class TerminalProgram:
    """A running program with a terminal of its own; ended by force when the context is left."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        columns: int = 120,
        lines: int = 36,
        environ: Mapping[str, str] | None = None,
        answers: Mapping[bytes, bytes] = ANSWERS,
    ) -> None:
        """`answers` are what the terminal answers when it is asked."""
        self.answers = answers
        self._unasked = b""
        self.master, self._slave = pty.openpty()
        self.resize(columns, lines)
        name = os.ttyname(self._slave)
        # A session leader that opens a terminal gets it as its controlling one: no fork of this process is needed,
        # which may have threads.
        self.pid = os.posix_spawnp(
            argv[0],
            list(argv),
            os.environ if environ is None else environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, name, os.O_RDWR, 0),
                (os.POSIX_SPAWN_DUP2, 0, 1),
                (os.POSIX_SPAWN_DUP2, 0, 2),
            ],
            setsid=True,
        )
        self.exit_code: int | None = None
        """As `subprocess` says it: negative for the signal that ended it; None while it runs."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the program by force and give the terminal back."""
        if not self.ended():
            self.signal(signal.SIGKILL)
            self._reap(0)
        self.hang_up()
        with suppress(OSError):
            os.close(self._slave)

    def hang_up(self) -> None:
        """Close the terminal as a window is closed: the program gets SIGHUP."""
        with suppress(OSError):
            os.close(self.master)

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size; the program is told."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def settings(self) -> list[object]:
        """The line settings (`stty -a`), to be compared."""
        return list(termios.tcgetattr(self._slave))

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program itself, not to its children."""
        os.kill(self.pid, number)

    def ended(self) -> bool:
        """Whether the program has ended; `exit_code` says how."""
        if self.exit_code is None:
            self._reap(os.WNOHANG)
        return self.exit_code is not None

    def _reap(self, options: int) -> None:
        pid, status = os.waitpid(self.pid, options)
        if pid:
            self.exit_code = os.waitstatus_to_exitcode(status)

    def write(self, data: bytes) -> None:
        """Type."""
        os.write(self.master, data)

    def read(self, timeout_s: float) -> bytes:
        """What the program wrote, waited for at most that long; its questions to the terminal are answered."""
        if not select.select([self.master], [], [], timeout_s)[0]:
            return b""
        data = os.read(self.master, CHUNK)
        self._answer(data)
        return data

    def _answer(self, data: bytes) -> None:
        """Answer the questions in `data`, in their order; one may have begun in what was read before."""
        if not self.answers:
            return
        text, end = self._unasked + data, 0
        for found in re.finditer(b"|".join(map(re.escape, self.answers)), text):
            self.write(self.answers[found[0]])
            end = found.end()
        self._unasked = text[max(end, len(text) - max(map(len, self.answers)) + 1) :]

    def read_burst(self, quiet_s: float, limit_s: float) -> tuple[float, bytes]:
        """All that comes until nothing has come for `quiet_s` (at most `limit_s` for all), and when the last of it came
        (`time.perf_counter()`; 0.0 where nothing came)."""
        last = 0.0
        parts: list[bytes] = []
        end = time.perf_counter() + limit_s
        while (left := end - time.perf_counter()) > 0:
            data = self.read(min(left, quiet_s if parts else left))
            if not data:
                break
            last = time.perf_counter()
            parts.append(data)
        return last, b"".join(parts)

    def settle(self, quiet_s: float, limit_s: float) -> None:
        """Let pass what still comes, until nothing has come for `quiet_s` from now (at most `limit_s` for all)."""
        end = time.perf_counter() + limit_s
        while (left := end - time.perf_counter()) > 0 and self.read(min(left, quiet_s)):
            pass

    def read_until(self, so: Callable[[bytes], bool], limit_s: float) -> float:
        """When what has come by then (all of it is given to `so`) was what was waited for. Raises TimeoutError."""
        return self.read_moments((so,), limit_s)[0]

    def read_moments(self, so: Sequence[Callable[[bytes], bool]], limit_s: float) -> list[float]:
        """When each of these was first so, in this order, of all that has come by then: one read may bring several.
        Raises TimeoutError."""
        seen = b""
        moments: list[float] = []
        end = time.perf_counter() + limit_s
        while (left := end - time.perf_counter()) > 0:
            seen += self.read(left)
            now = time.perf_counter()
            while len(moments) < len(so) and so[len(moments)](seen):
                moments.append(now)
            if len(moments) == len(so):
                return moments
        raise TimeoutError(f"not seen within {limit_s} s; the last that came was {seen[-400:]!r}")


def descendants(pid: int) -> set[int]:
    """The processes that this one started, and theirs, and so on (Linux)."""
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit() and (parent := parent_of(int(entry))) is not None:
            children.setdefault(parent, []).append(int(entry))
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        waiting += (fresh := set(children.get(waiting.pop(), ())) - found)
        found |= fresh
    return found


def parent_of(pid: int) -> int | None:
    """The parent of a process; None when that is gone, or dead and only not waited for."""
    state, parent = _state_and_parent(pid)
    return None if state in ("", "Z", "X") else parent


def state_of(pid: int) -> str:
    """The letter for what a process is doing (proc(5)): `T` for stopped; empty when it is gone."""
    return _state_and_parent(pid)[0]


def _state_and_parent(pid: int) -> tuple[str, int]:
    try:
        state, parent, *_ = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return "", 0
    return state, int(parent)


def resident_mb(pid: int) -> float:
    """The memory of a process that is in RAM, in MB, what it shares with others included (Linux)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
