"""What runs on a worker of a Dask cluster: the same tasks as here, and a look at what the worker is and sees."""

import asyncio
import os
import pickle
from typing import Any, NamedTuple

from catalog_tui import __version__


class Sight(NamedTuple):
    """A worker's version of this program and the inode of its archive folder, or the errno of why it has none."""

    version: str
    inode: int
    error: int


async def look(root: bytes) -> Sight:
    """Look at the folder `root`; in a thread, as a network mount that hangs must not hang the worker's loop."""
    return await asyncio.to_thread(_look, root)


def _look(root: bytes) -> Sight:
    try:
        return Sight(__version__, os.stat(root + b"/.").st_ino, 0)
    except OSError as error:
        return Sight(__version__, 0, error.errno or 0)


def run_batch(question: bytes) -> tuple[str, Any]:
    """Run a pickled (function, batch); gives the worker's address and the answer.

    Pickled by us, as Dask would take the batch apart in search of futures.
    """
    from distributed import get_worker

    function, batch = pickle.loads(question)
    return get_worker().address, function(batch)
