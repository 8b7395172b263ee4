"""A scan in a child process, seen from the program that wants it: start it, read its events, cancel it."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress

from catalog_tui.core.scan.events import Event, Failed, Finished, from_line
from catalog_tui.core.scan.options import ScanOptions
from catalog_tui.core.scan.request import CANCEL, request_line
from catalog_tui.core.words import _

CHILD = "catalog_tui.core.scan.child"


class ScanProcess:
    """A scan of one archive by a process of its own, which ends when this program does.

    `events` is for one thread; everything else may be called from any, also before the start: a scan cancelled by then
    starts and ends at once, one closed by then does not start.
    """

    def __init__(self, options: ScanOptions) -> None:
        self.options = options
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = False
        self._cancelled = self._closed = False
        self._starting = threading.Lock()  # whoever cancels or closes waits until there is a process, or none will be

    def start(self) -> None:
        """Start the process; once."""
        with self._starting:
            if not self._closed:
                self._process = self._begin()
                self._say(request_line(self.options))
                if self._cancelled:
                    self._say(CANCEL)

    @staticmethod
    def _begin() -> subprocess.Popen[bytes]:
        # -P keeps the current folder off the path, so what can be imported here is said by name.
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        return subprocess.Popen(
            [sys.executable, "-P", "-m", CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=True,  # Ctrl+C in the terminal is for the program on the screen
        )

    def _say(self, line: bytes) -> None:
        if self._process is not None and self._process.stdin is not None:
            with suppress(BrokenPipeError, ValueError):  # it has ended already, or is closed
                self._process.stdin.write(line)
                self._process.stdin.flush()

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """Its process id, None before the start."""
        return self._process.pid if self._process is not None else None

    def events(self) -> Iterator[Event]:
        """Every event as it comes; the last is Finished or Failed, the latter also when the process died."""
        process = self._process
        if process is None or process.stdout is None:
            return
        for line in process.stdout:
            event = from_line(line)
            self._ended = isinstance(event, Finished | Failed)
            yield event
        process.wait()
        if not self._ended:
            said = process.stderr.read().decode("utf-8", "replace").strip() if process.stderr is not None else ""
            reason = (
                said.splitlines()[-1] if said else _("it was ended with code {code}").format(code=process.returncode)
            )
            yield Failed(_("The scan's process died: {reason}").format(reason=reason))

    def cancel(self) -> None:
        """Ask the scan to end; it keeps what it has hashed and says Finished soon."""
        with self._starting:
            self._cancelled = True
            self._say(CANCEL)

    def close(self, timeout_s: float = 5.0) -> None:
        """Make sure that the process is gone: asked first, ended by force after `timeout_s`."""
        self.cancel()
        with self._starting:
            self._closed = True
            process = self._process
        if process is None:
            return
        try:
            process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
