"""A process that digests batches for another one: forked from it, or `python -P -m catalog_tui.core.scan.helper`.

Both sides speak pickles over two pipes, one question and one answer at a time. The helper ends when its input does, so
it cannot outlive the process that started it.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable
from typing import IO, Any, NoReturn, Protocol

from catalog_tui.core.errors import CatalogError
from catalog_tui.core.scan.collector import no_collector
from catalog_tui.core.scan.hashing import Watch
from catalog_tui.core.words import _

ALL_DESCRIPTORS = 1 << 20


class HelperDiedError(CatalogError):
    """The helper process ended before it answered."""


class Process(Protocol):
    """What `subprocess.Popen` and a fork have in common here."""

    pid: int

    def poll(self) -> int | None: ...
    def kill(self) -> None: ...
    def wait(self) -> int: ...


class Helper:
    """One helper process; `run` is for one thread at a time."""

    def __init__(self, process: Process, questions: IO[bytes], answers: IO[bytes]) -> None:
        self._process = process
        self._questions = questions
        self._answers = answers

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The helper's process id."""
        return self._process.pid

    def run(self, function: Callable[..., Any], *arguments: Any, watched: bool = False) -> Any:
        """What `function(*arguments)` gives there; HelperDiedError when the process ends before.

        `watched`: the function gets one argument more, the watch that a forked helper has.
        """
        try:
            pickle.dump((function, arguments, watched), self._questions, protocol=pickle.HIGHEST_PROTOCOL)
            self._questions.flush()
            return pickle.load(self._answers)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            self.kill()
            raise HelperDiedError(_("a helper process died: {reason}").format(reason=error)) from error

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.wait()

    def let_go(self) -> None:
        """Tell the process that nothing more will be asked: it ends."""
        for pipe in (self._questions, self._answers):
            try:
                pipe.close()
            except OSError:  # flushing to a helper that is gone already
                continue

    def wait(self) -> None:
        """Wait until the process has ended."""
        self._process.wait()


def spawned() -> Helper:
    """A new helper, started from the beginning; OSError where that fails."""
    import subprocess  # here: 10 ms that a small scan and the helper itself do without

    # -P keeps the current folder off the path, so what can be imported here is said by name.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, "-P", "-m", __name__], stdin=pipe, stdout=pipe, env=environment)
    if process.stdin is None or process.stdout is None:
        raise HelperDiedError(_("the helper process has no pipes"))
    return Helper(process, process.stdin, process.stdout)


def can_fork() -> bool:
    """Whether a fork of this process is sound: it has one thread, whichever library may have started others."""
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:  # not Linux: elsewhere system libraries do not stand it
        return False


def forked(watch: Watch) -> Helper:
    """A copy of this process as a helper, which tells `watch` how far it is; OSError where that fails.

    It takes 0.3 ms where starting one takes 25. Only while `can_fork`.
    """
    asked, questions = os.pipe()
    answers, told = os.pipe()
    try:
        process = _Fork(os.fork())
    except OSError:
        for descriptor in (asked, questions, answers, told):
            os.close(descriptor)
        raise
    if process.pid == 0:
        _live(asked, told, watch)
    os.close(asked)
    os.close(told)
    return Helper(process, os.fdopen(questions, "wb"), os.fdopen(answers, "rb"))


class _Fork:
    """A child process that no `subprocess` looks after."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._code: int | None = None

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""
        return self._take(os.WNOHANG)

    def kill(self) -> None:
        """End it, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Its exit code, once it has ended."""
        code = self._take(0)
        return -1 if code is None else code

    def _take(self, how: int) -> int | None:
        if self._code is None:
            pid, status = os.waitpid(self.pid, how)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code


def _live(asked: int, told: int, watch: Watch) -> NoReturn:
    """All the life of a forked helper: nothing of the process that it was a copy of goes on in it."""
    code = 1
    try:
        os.dup2(asked, 0)
        os.dup2(told, 1)
        os.closerange(3, ALL_DESCRIPTORS)  # locks, databases, the pipes of other helpers: they end with their owners
        serve(watch)
        code = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


def serve(watch: Watch | None = None) -> None:
    """Answer questions until the input ends."""
    for number in (signal.SIGINT, signal.SIGTERM):  # they may reach the whole group; the parent decides what they mean
        signal.signal(number, signal.SIG_IGN)
    questions = os.fdopen(0, "rb", closefd=False)
    while True:
        try:
            function, arguments, watched = pickle.load(questions)
        except EOFError:
            return
        answer = function(*arguments, watch) if watched else function(*arguments)
        left = memoryview(pickle.dumps(answer, protocol=pickle.HIGHEST_PROTOCOL))
        try:
            while left:
                left = left[os.write(1, left) :]
        except BrokenPipeError:  # whoever asked is gone
            return


if __name__ == "__main__":
    with no_collector():
        serve()
