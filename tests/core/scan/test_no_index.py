"""A cache folder that cannot be used: the scan goes on without the index, and says so once."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from catalog_tui.core.names import display
from tests.core.scan.command import SCAN, scan
from tests.core.scan.engine import scan as scan_here

PRIVATE_MOUNTS = ("unshare", "--user", "--map-root-user", "--mount")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    model = tmp_path / "archive" / "site" / "model"
    model.mkdir(parents=True)
    for number in range(400):
        (model / f"{number}.jpg").write_bytes(b"%d" % (number // 2) * 100)
    return tmp_path / "archive"


def test_a_cache_folder_below_a_file(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "fi\x1ble"
    file.write_bytes(b"")
    monkeypatch.setenv("CATALOG_TUI_CACHE_DIR", str(file / "cache"))
    answer = scan(archive)
    assert (answer.exit_code, len(answer.groups)) == (0, 200)
    assert answer.words.count("without the index") == 1
    assert f"{display(str(file))}/cache: Not a directory\n" in answer.words


@pytest.mark.parametrize("mount", ["mount -t tmpfs -o ro none $CACHE", "mount -t tmpfs -o size=16k none $CACHE"])
def test_a_cache_on_a_read_only_or_full_filesystem(archive: Path, tmp_path: Path, mount: str) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    script = f'set -e; {mount}; exec "$@"'
    argv = [*PRIVATE_MOUNTS, "sh", "-c", script, "sh", *SCAN, str(archive), "--format", "null", "--progress", "none"]
    environment = {**os.environ, "CACHE": str(cache), "CATALOG_TUI_CACHE_DIR": str(cache)}
    done = subprocess.run(argv, capture_output=True, env=environment, check=False)
    words = done.stderr.decode()
    assert (done.returncode, done.stdout.count(b"\0\0")) == (0, 200), words
    assert words.count("without the index") == 1


def test_an_index_that_fails_while_it_is_written(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the disk fills up: from some file size on, every write fails."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal_before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        found = scan_here(archive)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, signal_before)
    assert len(found.groups) == 200
    assert sum("without the index" in text for text in found.notices) == 1


def test_a_scan_without_the_index_loads_no_sqlite(archive: Path) -> None:
    code = (
        "import sys; from catalog_tui.core.scan.engine import scan;"
        "from catalog_tui.core.scan.options import ScanOptions;"
        "list(scan(ScanOptions(sys.argv[1], use_index=False)));"
        "sys.exit(','.join({'sqlite3', 'rich', 'textual', 'asyncio', 'hashlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code, str(archive)], capture_output=True, check=False)
    assert done.stderr.decode().strip() in ("", "hashlib")
