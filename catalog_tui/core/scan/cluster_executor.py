"""The executor that hands batches to a Dask cluster, and notices when there is no cluster left."""

from __future__ import annotations

import asyncio
import os
import pickle
from collections import Counter
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any
from weakref import WeakSet

from distributed import Client, KilledWorker
from distributed import Future as DaskFuture
from distributed.client import ClosedClientError, FutureCancelledError

from catalog_tui.core.errors import CatalogError
from catalog_tui.core.names import display
from catalog_tui.core.scan.cluster_worker import run_batch
from catalog_tui.core.scan.hashing import CHANGED, INODE_MASK, Batch
from catalog_tui.core.scan.lanes import GivenUpError
from catalog_tui.core.words import _, ngettext

WATCH_EVERY_S = 2.0
BLIND_BATCHES = 3  # of one worker and filesystem, until it is said that the worker does not see what is here


class ClusterError(CatalogError, BrokenExecutor):
    """The cluster cannot be used, or not any more: the scan ends, and its text says why."""


class BlindWorkerError(CatalogError):
    """A worker could read no file of a batch that is here; another worker may."""


class ClusterExecutor(Executor):
    """Runs `function(batch)` on any worker of `client`, an asynchronous one whose loop is `loop`.

    The workers have the archive at `root`. A worker that dies costs a retry, which the scheduler sees to. A future
    raises ClusterError when the scheduler is gone, when there was no worker for `grace_s`, or when one is blind.
    """

    def __init__(
        self, client: Client, loop: asyncio.AbstractEventLoop, address: str, root: bytes, grace_s: float
    ) -> None:
        self._client = client
        self._loop = loop
        self._address = display(address)
        self._root = root
        self._grace_s = grace_s
        self._tasks: WeakSet[DaskFuture[tuple[str, Any]]] = WeakSet()
        self._blind: Counter[tuple[str, int]] = Counter()
        self._lost = ""
        self._watching = asyncio.run_coroutine_threadsafe(self._watch(), loop)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Queue the call; a cancelled future takes its task back."""
        return asyncio.run_coroutine_threadsafe(self._run(fn, args[0]), self._loop)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Stop watching the cluster."""
        self._watching.cancel()

    async def _run(self, function: Callable[..., Any], batch: Batch) -> Any:
        self._check_there()
        question = pickle.dumps((function, batch._replace(root=self._root)), protocol=pickle.HIGHEST_PROTOCOL)
        try:
            task = self._client.submit(run_batch, question, pure=False)
            self._tasks.add(task)
            worker, answer = await task
        except (FutureCancelledError, ClosedClientError) as error:
            self._check_there()
            gone = _("the connection to the Dask scheduler at {address} was lost")
            raise ClusterError(gone.format(address=self._address)) from error
        except KilledWorker as error:
            count = error.allowed_failures + 1
            died = ngettext("{count} worker died while it had it", "{count} workers died while they had it", count)
            raise GivenUpError(died.format(count=count)) from error
        except ImportError as error:  # from a worker that came later: the others were looked at
            unfit = _("a worker of the cluster cannot run catalog-tui: {reason}")
            raise ClusterError(unfit.format(reason=display(str(error)))) from error
        self._check_sight(worker, batch, answer.failures)
        return answer

    def _check_there(self) -> None:
        if self._lost:
            raise ClusterError(self._lost)

    def _check_sight(self, worker: str, batch: Batch, failures: list[tuple[int, int]]) -> None:
        """Complain of a worker that could read none of several files, though the first is here as the walk saw it.

        Its archive is not mounted, or a filesystem in it; said once, for all its files.
        """
        if len(failures) < max(2, len(batch.sizes)):
            return
        path = batch.paths()[0]
        try:
            seen = os.lstat(os.path.join(batch.root, path))
        except OSError:
            return
        if (seen.st_ino & INODE_MASK, seen.st_size, seen.st_mtime_ns) != (
            batch.inodes[0],
            batch.sizes[0],
            batch.mtimes_ns[0],
        ):
            return
        self._blind[worker, seen.st_dev] += 1
        number = failures[0][1]
        text = _("worker {worker} does not see what this machine sees: {path}: {reason}").format(
            worker=display(worker),
            path=display(os.fsdecode(os.path.join(self._root, path))),
            reason=_("not the same file") if number == CHANGED else os.strerror(number),
        )
        raise (ClusterError if self._blind[worker, seen.st_dev] >= BLIND_BATCHES else BlindWorkerError)(text)

    async def _watch(self) -> None:
        """Take all tasks back when there has been no worker, or no word from the scheduler, for `grace_s`."""
        heard_at = self._loop.time()
        while True:
            await asyncio.sleep(min(WATCH_EVERY_S, self._grace_s))
            if self._client.status == "closed":  # its tasks are cancelled, which says enough
                return
            why = _("the Dask cluster at {address} has had no workers for {seconds} seconds")
            try:
                async with asyncio.timeout(self._grace_s):
                    workers = await self._client.nthreads()
            except OSError:  # TimeoutError is one
                workers = {}
                why = _("the Dask scheduler at {address} has not answered for {seconds} seconds")
            if workers:
                heard_at = self._loop.time()
            elif self._loop.time() >= heard_at + self._grace_s:
                break
        self._lost = why.format(address=self._address, seconds=round(self._grace_s))
        await self._client.cancel(list(self._tasks))
