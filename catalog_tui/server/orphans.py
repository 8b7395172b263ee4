"""A worker ends when the process that started it is gone, however that came: nobody else would end it."""

import multiprocessing
import os
import threading


def end_with_parent() -> None:
    """From now on let this process end with its parent; for a process that `multiprocessing` started."""
    if multiprocessing.parent_process() is not None:
        threading.Thread(target=_outlive_nobody, name="parent", daemon=True).start()


def _outlive_nobody() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
