"""Runs the command line as a user's shell does: a process of its own, no terminal unless one is made."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.waiting import PATIENCE_S


def run_cli(
    *words: str, cwd: Path | None = None, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The finished process, its output as text."""
    return subprocess.run(
        [sys.executable, "-m", "catalog_tui", *words],
        cwd=cwd,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        check=False,
    )
