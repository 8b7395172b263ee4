"""A worker process as its pool holds it: started when there is work, asked one thing at a time, killed when late."""

import os
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any, Final

from catalog_tui.core.pictures.wire import Message, read_message, write_message

WORKER: Final = "catalog_tui.core.pictures.worker"
# Like the reader's child: the module path as it is, without searching site-packages (-S), and no file beside the
# current folder is taken for a module (-P).
BOOT: Final = "import sys; sys.path[:] = sys.argv[2:]; __import__(sys.argv[1], fromlist='_').main()"
MOST_JOBS: Final = 2000  # then it is replaced: decoders leak, and its memory is limited
END_S: Final = 1.0


class WorkerEnded(Exception):
    """The worker ended over what it was asked."""


class WorkerLate(Exception):
    """The worker did not answer in time, and was killed."""


class WorkerKilled(Exception):
    """The worker was killed because its work was not wanted any more."""


class WorkerProcess:
    """One worker. `ask` is for one thread at a time; `kill` and `close` for any."""

    def __init__(self, module: str = WORKER) -> None:
        self._module = module
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._number = 0
        self._jobs = 0
        self._fate: type[Exception] = WorkerEnded
        self._is_closed = False

    @property
    def pid(self) -> int | None:
        """Its process id; None while none runs."""
        process = self._process
        return None if process is None else process.pid

    def warm(self) -> None:
        """Start it if it does not run."""
        self._running()

    def ask(self, header: dict[str, Any], patience_s: float) -> Message:
        """The answer to a request, within `patience_s`. Raises WorkerEnded, WorkerLate, WorkerKilled.

        A worker that ends although it did well before is given one more try, for it may not be the file's fault.
        """
        if self._jobs >= MOST_JOBS:
            self._end()
        did_well = self._jobs > 0
        try:
            return self._ask_once(header, patience_s)
        except WorkerEnded:
            if not did_well:
                raise
        return self._ask_once(header, patience_s)

    def kill(self) -> None:
        """End what it is doing, at once; it starts anew with the next request."""
        self._end_as(WorkerKilled)

    def _end_as(self, fate: type[Exception]) -> None:
        self._fate = fate
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        """End it for good."""
        self._is_closed = True
        self.kill()
        with self._lock:
            self._end()

    def _ask_once(self, header: dict[str, Any], patience_s: float) -> Message:
        with self._lock:
            process = self._running()
            self._number += 1
            self._fate = WorkerEnded
            alarm = threading.Timer(patience_s, self._late, (self._number,))
            alarm.daemon = True
            alarm.start()
            try:
                answer = _exchange(process, {**header, "patience_s": patience_s})
            finally:
                alarm.cancel()
                self._number += 1
            if answer is not None:
                self._jobs += 1
                return answer
            self._end()
            raise WorkerKilled if self._is_closed else self._fate

    def _late(self, number: int) -> None:
        if number == self._number:
            self._end_as(WorkerLate)

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._is_closed:
            raise WorkerKilled
        if self._process is None:
            self._jobs = 0
            self._process = subprocess.Popen(
                [sys.executable, "-S", "-P", "-c", BOOT, self._module, *filter(None, sys.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # the terminal belongs to the screen
                start_new_session=os.name == "posix",  # ctrl+c is for the program, not for its workers
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            assert stream is not None
            with suppress(OSError):
                stream.close()
        with suppress(subprocess.TimeoutExpired):  # one that the system does not let go (a hung disk) is left behind
            process.wait(END_S)


def _exchange(process: "subprocess.Popen[bytes]", header: dict[str, Any]) -> Message | None:
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        write_message(process.stdin, header)
    except OSError:
        return None
    return read_message(process.stdout)
