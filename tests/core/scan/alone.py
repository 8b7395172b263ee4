"""Tests in a process with a single thread, as the command is one: there, scans fork their helpers.

python -m tests.core.scan.alone MODULE TEST FOLDER SEED
"""

import importlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from catalog_tui.core.scan.helper import can_fork
from tests.core.scan.conftest import later_ns


def run_alone(test: Callable[[Path, int], None], folder: Path, seed: int) -> None:
    """Call this test of folder and seed in a process of its own; what it says there is said of its failure here."""
    argv = [sys.executable, "-m", __name__, test.__module__, test.__name__, str(folder), str(seed)]
    done = subprocess.run(argv, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def main(module: str, test: str, folder: str, seed: str) -> None:
    """Call the test, with files that were just made as if they were old (see the fixture `settled`)."""
    assert can_fork()
    where = "catalog_tui.core.scan"
    with patch(f"{where}.engine.time_ns", later_ns), patch(f"{where}.reading.time_ns", later_ns):
        getattr(importlib.import_module(module), test)(Path(folder), int(seed))


if __name__ == "__main__":
    main(*sys.argv[1:])
