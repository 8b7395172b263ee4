"""Hashing on the workers of a Dask cluster, which mount the same archive; only this machine keeps the index.

Everything that may wait for the network has a time limit: a scan ends with one line that says what is wrong, never in
silence, and what was hashed until then is in the index. How to run a cluster, and whom to trust: docs/scale.md.
"""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import socket
import threading
import warnings
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit
from weakref import WeakSet

from catalog_tui.core.errors import CatalogError
from catalog_tui.core.names import display
from catalog_tui.core.scan.cluster_sight import complaints
from catalog_tui.core.scan.cluster_worker import look, run_batch
from catalog_tui.core.scan.hashing import CHANGED, INODE_MASK, Batch
from catalog_tui.core.scan.lanes import GivenUpError
from catalog_tui.core.scan.pool import Workers
from catalog_tui.core.words import _, ngettext

if TYPE_CHECKING:
    from distributed import Client
    from distributed import Future as DaskFuture

ANSWER_S = 5.0  # for a scheduler to answer at all
LOOK_S = 10.0  # for all workers to say what they are and see
GRACE_S = 30.0  # without any worker, or a word from the scheduler, in the midst of a scan: nannies start workers anew
WATCH_EVERY_S = 2.0
BLIND_BATCHES = 3  # of one worker and filesystem, until it is said that the worker does not see what is here
TASKS_A_THREAD = 2  # one is read while the next is on its way

_T = TypeVar("_T")


class ClusterError(CatalogError, BrokenExecutor):
    """The cluster cannot be used, or not any more: the scan ends, and its text says why."""


class BlindError(CatalogError):
    """A worker could read no file of a batch that is here: another one may."""


@contextmanager
def cluster_workers(address: str, archive: str, root: str = "", *, grace_s: float = GRACE_S) -> Iterator[Workers]:
    """The workers of the Dask scheduler at `address` (tcp://host:port), to scan the folder `archive` with.

    They have it at `root`, or at the same path. ClusterError where Dask is not installed, nobody answers, a worker
    does not see the archive or runs another version; from the futures too, when the cluster is lost during the scan.
    """
    _knock(address)
    _need_dask()
    there = os.fsencode(root or archive)
    with _quiet(), _background_loop() as run:
        client = run(_connect(address))
        try:
            threads = run(_check_workers(client, address, archive, there))
            yield Workers(run(_start(client, address, there, grace_s)), TASKS_A_THREAD * threads, same_machine=False)
        finally:
            run(_close(client))
