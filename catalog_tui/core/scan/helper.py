"""A process that digests batches for another one: `python -P -m catalog_tui.core.scan.helper`.

Both sides speak pickles over two pipes, one question and one answer at a time. The helper ends when its input does, so
it cannot outlive the process that started it.
"""

import os
import pickle
import signal
import sys
from collections.abc import Callable
from typing import Any

from catalog_tui.core.errors import CatalogError
from catalog_tui.core.scan.collector import no_collector
from catalog_tui.core.words import _


class HelperDiedError(CatalogError):
    """The helper process ended before it answered."""


class Helper:
    """One helper process; `run` is for one thread at a time."""

    def __init__(self) -> None:
        import subprocess  # here: 10 ms that a small scan and the helper itself do without

        # -P keeps the current folder off the path, so what can be imported here is said by name.
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The helper's process id."""
        return self._process.pid

    def run(self, function: Callable[..., Any], argument: Any) -> Any:
        """What `function(argument)` gives there; HelperDiedError when the process ends before."""
        questions, answers = self._process.stdin, self._process.stdout
        if questions is None or answers is None:
            raise HelperDiedError(_("the helper process has no pipes"))
        try:
            pickle.dump((function, argument), questions, protocol=pickle.HIGHEST_PROTOCOL)
            questions.flush()
            return pickle.load(answers)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            self._process.kill()
            self._process.wait()
            raise HelperDiedError(_("a helper process died: {reason}").format(reason=error)) from error

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Let the process end and wait for that."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # flushing to a helper that is gone already
                    continue
        self._process.wait()


def serve() -> None:
    """Answer questions until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group; the parent decides what it means
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            function, argument = pickle.load(questions)
        except EOFError:
            return
        pickle.dump(function(argument), answers, protocol=pickle.HIGHEST_PROTOCOL)
        answers.flush()


if __name__ == "__main__":
    with no_collector():
        serve()
