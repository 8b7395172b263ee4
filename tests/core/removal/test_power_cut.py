"""A power cut after a purge: what stays must be on the disk before anything goes, seen in the real command's calls."""

import subprocess
import sys
from pathlib import Path

from catalog_tui.core.removal.executor import execute
from tests.core.removal.ground import plan_of

KEEPER, VICTIM = "site/a/keep.jpg", "site/b/copy.jpg"


def test_the_copy_that_stays_is_on_the_disk_before_the_other_is_deleted(root: Path) -> None:
    execute(plan_of(root, (VICTIM, KEEPER)))
    trace = ["strace", "-f", "-y", "-s", "200", "-e", "trace=fsync,fdatasync,unlinkat"]
    command = [*trace, sys.executable, "-m", "catalog_tui", "trash", "purge", str(root), "--yes"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=True)
    calls = done.stderr.splitlines()
    (deleted,) = (at for at, call in enumerate(calls) if "unlinkat(" in call and '"copy.jpg"' in call)
    assert any("sync(" in call and f"{KEEPER}>" in call for call in calls[:deleted])
