"""Killed with SIGKILL at any moment, a scan loses at most a second of hashing, and the next one is right."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from catalog_tui.core.scan.hashing import SMALL_BYTES
from tests.core.scan.command import SCAN
from tests.core.scan.command import scan as scan_by_command
from tests.core.scan.engine import scan
from tests.core.scan.killed_scan import BATCHES_A_SECOND
from tests.core.scan.oracle import inode_groups, regular_files

IN_FLIGHT = 2  # batches: one being read, one read but not yet told to the index
FILES = 300


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("size", [3_000, SMALL_BYTES + 1])
@pytest.mark.parametrize("seed", range(6))
def test_a_killed_scan_repeats_at_most_a_second_of_hashing(tmp_path: Path, seed: int, size: int) -> None:
    rng = random.Random(seed)
    root = make_archive(tmp_path, size, rng)
    undisturbed = scan(root, use_index=False)
    read = may_be_lost = 0
    for last_batch in (rng.randint(1, 18) for _ in range(3)):
        batches = run_until_killed(root, last_batch)
        read += sum(batches)
        may_be_lost += sum(batches[-BATCHES_A_SECOND - IN_FLIGHT :])
    found = scan(root)
    assert found.inode_groups == inode_groups(root, regular_files(root))
    assert found.groups == undisturbed.groups
    repeated = read + found.summary.bytes_read - undisturbed.summary.bytes_read
    assert 0 <= repeated <= may_be_lost


@pytest.mark.parametrize("seed", range(3))
def test_a_command_killed_at_random_moments_ends_in_the_same_result(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    root = make_archive(tmp_path, 100_000, rng)
    for number in range(8):  # a second of MD5 that takes no room on the disk
        film = root / f"site/model/film{number}.mp4"
        film.touch()
        os.truncate(film, 64 * 1024 * 1024)
    expected = scan_by_command(root, "--no-index").names
    for _ in range(4):
        kill_after(rng.uniform(0.05, 0.8), root)
    answer = scan_by_command(root, "--hash", "md5")
    assert answer.names == expected
    assert answer.words == ""


def kill_after(seconds: float, root: Path) -> None:
    """Start the command and kill it at that moment, it alone: its helpers must end by themselves."""
    process = subprocess.Popen(
        [*SCAN, str(root), "--hash", "md5", "--format", "null"], stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    wait_until_empty(process.pid)


def wait_until_empty(process_group: int) -> None:
    """Return when no process of the group is left; one that outlives its scan makes this run into the time limit."""
    while True:
        try:
            os.killpg(process_group, 0)
        except ProcessLookupError:
            return


def run_until_killed(root: Path, last_batch: int) -> list[int]:
    """Bytes read by each batch of a scan that dies when it comes to that one."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.core.scan.killed_scan", str(root), str(last_batch)],
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    return [int(line) for line in done.stdout.split()]


def make_archive(root: Path, size: int, rng: random.Random) -> Path:
    """FILES files of one size, all candidates, a fifth of them copies."""
    (root / "site/model").mkdir(parents=True)
    contents = [rng.randbytes(size) for _ in range(FILES * 4 // 5)]
    contents += rng.sample(contents, FILES - len(contents))
    for number, content in enumerate(contents):
        (root / f"site/model/{number:03}.jpg").write_bytes(content)
    return root
