"""Hashing on the workers of a Dask cluster, which mount the same archive; only this machine keeps the index.

Everything that may wait for the network has a time limit: a scan ends with one line that says what is wrong, never in
silence, and what was hashed until then is in the index. How to run a cluster, and whom to trust: docs/scale.md.

Import this only where a cluster was asked for: Dask takes a third of a second.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import threading
import warnings
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager, suppress
from typing import Any, TypeVar
from urllib.parse import urlsplit

from distributed import Client
from distributed.versions import VersionMismatchWarning

from catalog_tui import __version__
from catalog_tui.core.errors import ArchiveError
from catalog_tui.core.names import display
from catalog_tui.core.scan.cluster_executor import ClusterError, ClusterExecutor
from catalog_tui.core.scan.cluster_worker import Sight, look
from catalog_tui.core.scan.crew import Workers
from catalog_tui.core.scan.hashing import INODE_MASK
from catalog_tui.core.words import _

ANSWER_S = 5.0  # for a scheduler to answer at all
LOOK_S = 10.0  # for all workers to say what they are and see
GRACE_S = 30.0  # without any worker in the midst of a scan: nannies start theirs anew, and clusters grow slowly
TASKS_A_THREAD = 4  # a message takes Dask 10 ms each way, and a thread a batch of small files no longer than that

_T = TypeVar("_T")


@contextmanager
def cluster_workers(address: str, archive: str, root: str = "", *, grace_s: float = GRACE_S) -> Iterator[Workers]:
    """The workers of the Dask scheduler at `address` (tcp://host:port), to scan the folder `archive` with.

    They have it at `root`, or at the same path. ClusterError where nobody answers, or a worker does not see the
    archive or runs another version; the futures raise it when the cluster is lost in the midst of a scan.
    """
    try:
        inode = os.stat(os.path.join(archive, ".")).st_ino & INODE_MASK
    except OSError as error:
        raise ArchiveError(_("{path} is not a folder").format(path=display(archive))) from error
    _knock(address)
    there = os.fsencode(root or archive)
    with _quiet(), _background_loop() as loop:

        def run(coroutine: Coroutine[Any, Any, _T]) -> _T:
            return asyncio.run_coroutine_threadsafe(coroutine, loop).result()

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", VersionMismatchWarning)  # said below, in a line instead of a table
            client = run(_connect(address))
        try:
            threads = run(_look_around(client, address, there, inode))
            with ClusterExecutor(client, loop, address, there, grace_s) as executor:
                yield Workers(executor, TASKS_A_THREAD * threads, same_machine=False)
        finally:
            run(_close(client))


def _knock(address: str) -> None:
    """See that there is somebody at the address: a refusal or a name unknown is better said in the system's words."""
    try:
        parts = urlsplit(address)
        place = (parts.hostname or "", parts.port or 0)
    except ValueError:
        place = ("", 0)
    if not all(place) or parts.scheme not in ("tcp", "tls"):
        raise ClusterError(_("{address} is no Dask scheduler: write tcp://host:port").format(address=display(address)))
    try:
        socket.create_connection(place, ANSWER_S).close()
    except OSError as error:
        raise _nobody(address, error) from error


async def _connect(address: str) -> Client:
    client = Client(address, asynchronous=True, set_as_default=False, timeout=ANSWER_S, name="catalog-tui")
    try:
        async with AsyncExitStack() as in_vain:
            in_vain.push_async_callback(_close, client)
            # A limit of our own: Dask's does not cover the greeting, so what is no scheduler would hold it for ever.
            async with asyncio.timeout(ANSWER_S):
                await client
            in_vain.pop_all()
    except (OSError, TypeError) as error:  # TypeError: tls:// without certificates in Dask's settings
        raise _nobody(address, error) from error
    return client


async def _close(client: Client) -> None:
    with suppress(OSError):  # TimeoutError is one
        await client.close()


def _nobody(address: str, error: Exception) -> ClusterError:
    text = _("no Dask scheduler answers at {address}: {reason}")
    return ClusterError(text.format(address=display(address), reason=_reason(error, ANSWER_S)))


def _reason(error: Exception, limit_s: float) -> str:
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return display(words) or _("nothing heard for {seconds} seconds").format(seconds=round(limit_s))


async def _look_around(client: Client, address: str, root: bytes, inode: int) -> int:
    """See that every worker can do its part, on the archive whose folder has this inode; gives their threads."""
    try:
        async with asyncio.timeout(LOOK_S):
            threads = await client.nthreads()
            versions = await client.get_versions()
            sights = await client.run(look, root, on_error="return")
    except OSError as error:
        text = _("the workers of the Dask scheduler at {address} do not answer: {reason}")
        raise ClusterError(text.format(address=display(address), reason=_reason(error, LOOK_S))) from error
    if not threads:
        text = _("the Dask scheduler at {address} has no workers; start some with: dask worker {address}")
        raise ClusterError(text.format(address=display(address)))
    complaints = [*_other_versions(versions), *_unfit_workers(sights, inode, display(os.fsdecode(root)))]
    if complaints:
        more = _("{complaint} (and {count} more)") if len(complaints) > 1 else "{complaint}"
        raise ClusterError(more.format(complaint=complaints[0], count=len(complaints) - 1))
    return sum(threads.values())


def _other_versions(versions: Mapping[str, Any]) -> Iterator[str]:
    """What runs another version of Dask than this machine: Dask promises nothing for a mixture."""
    ours = versions["client"]["packages"]["distributed"]
    scheduler = versions["scheduler"]["packages"]["distributed"]
    if scheduler != ours:
        yield _("the scheduler has Dask {theirs}, this machine {ours}").format(theirs=display(scheduler), ours=ours)
    for worker, found in versions["workers"].items():
        theirs = found["packages"]["distributed"]
        if theirs != ours:
            words = _("worker {worker} has Dask {theirs}, this machine {ours}")
            yield words.format(worker=display(worker), theirs=display(theirs), ours=ours)


def _unfit_workers(sights: Mapping[str, Sight | Exception], inode: int, root: str) -> Iterator[str]:
    """What keeps each worker from reading the archive, whose folder here has this inode."""
    for worker, sight in sights.items():
        if isinstance(sight, Exception):
            words = _("worker {worker} cannot run catalog-tui: {reason}; install catalog-tui[dask] there")
            yield words.format(worker=display(worker), reason=display(str(sight)))
        elif sight.version != __version__:
            words = _("worker {worker} has catalog-tui {theirs}, this machine {ours}")
            yield words.format(worker=display(worker), theirs=display(sight.version), ours=__version__)
        elif sight.error:
            words = _("worker {worker} does not have the archive at {root}: {reason}; say with --dask-root where it is")
            yield words.format(worker=display(worker), root=root, reason=os.strerror(sight.error))
        elif sight.inode & INODE_MASK != inode:
            words = _("worker {worker} has another folder at {root} than this machine: is the archive mounted there?")
            yield words.format(worker=display(worker), root=root)


@contextmanager
def _background_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop that runs in a thread of its own during the block; what is left on it then is cancelled."""
    # Tornado, which Dask stands on, wants this kind of loop on Windows too.
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        loop = runner.get_loop()
        thread = threading.Thread(target=loop.run_forever, name="dask")
        thread.start()
        try:
            yield loop
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's log off the terminal: what matters of it comes as an error, and is said once and in our words."""
    handlers = logging.getLogger("distributed").handlers  # Dask gives this one to all its loggers
    before = [handler.level for handler in handlers]
    for handler in handlers:
        handler.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for handler, level in zip(handlers, before, strict=True):
            handler.setLevel(level)
