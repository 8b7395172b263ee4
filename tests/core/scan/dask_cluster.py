"""A real Dask scheduler and real workers: processes of their own, on loopback, at ports that the system chose."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from distributed import Client

from tests.waiting import PATIENCE_S

LOOPBACK = ("--host=127.0.0.1", "--no-dashboard")


class DaskCluster:
    """A scheduler and the workers that were started, with one thread each; all are killed at the end of the block."""

    def __init__(self, folder: Path, *, allowed_failures: int = 3) -> None:
        """Start the scheduler, which gives a task up when more workers than `allowed_failures` died while at it."""
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        contact = folder / "scheduler.json"
        environ = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(allowed_failures)}
        self._scheduler = self._start("scheduler", f"--scheduler-file={contact}", "--port=0", **environ)
        until(lambda: contact.exists() and contact.read_text().endswith("}"))
        self.address: str = json.loads(contact.read_text())["address"]
        self._client = Client(self.address, set_as_default=False)

    def __enter__(self) -> "DaskCluster":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()
        for process in self._processes:
            process.kill()
            process.wait()

    def start_worker(self, name: str, *, preload: str = "") -> subprocess.Popen[bytes]:
        """Start a worker, after the Python code `preload`, and wait until the scheduler knows it."""
        flags = [
            f"--name={name}",
            "--no-nanny",
            "--nthreads=1",
            "--memory-limit=0",
            f"--local-directory={self._folder}",
        ]
        worker = self._start("worker", self.address, *flags, *(["--preload", preload] if preload else []))
        until(lambda: name in self._addresses())
        return worker

    def kill_scheduler(self) -> None:
        """Kill the scheduler; what it knew cannot be asked any more."""
        self._client.close()
        self._scheduler.kill()

    def kill_workers(self) -> None:
        """Kill all workers."""
        for process in self._processes:
            if process is not self._scheduler:
                process.kill()

    def remove(self, worker: subprocess.Popen[bytes], name: str) -> None:
        """Kill a worker and wait until the scheduler has noticed."""
        worker.kill()
        worker.wait()
        until(lambda: name not in self._addresses())

    def tasks_of(self, name: str) -> int:
        """How many tasks the scheduler has given to this worker and not heard back of; none while it knows no such."""
        return len(self._client.processing().get(self._addresses().get(name, ""), ()))

    def _addresses(self) -> dict[str, str]:
        return {worker["name"]: address for address, worker in self._client.scheduler_info()["workers"].items()}

    def _start(self, kind: str, *flags: str, **environ: str) -> subprocess.Popen[bytes]:
        with open(self._folder / f"{kind}{len(self._processes)}.log", "wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", f"distributed.cli.dask_{kind}", *flags, *LOOPBACK],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "DASK_TEMPORARY_DIRECTORY": str(self._folder), **environ},
            )
        self._processes.append(process)
        return process


def until(so: Callable[[], bool]) -> None:
    """Wait until `so()`; fails after PATIENCE_S seconds."""
    deadline = time.monotonic() + PATIENCE_S
    while not so():
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.01)  # processes are starting up: they need the processor more than this question does
