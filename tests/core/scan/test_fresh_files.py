"""Files changed shortly before they are read: the index does not trust them ("racily clean")."""

import os
from pathlib import Path
from typing import Any

import pytest

from catalog_tui.core.scan.index import is_racy
from tests.core.scan.engine import scan

SECOND_NS = 1_000_000_000


@pytest.fixture
def at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the test takes, its files are read the moment after the last of them was written."""

    def now_ns() -> int:
        return max(os.lstat(path).st_ctime_ns for path in tmp_path.iterdir())

    for module in ("engine", "reading"):
        monkeypatch.setattr(f"catalog_tui.core.scan.{module}.time_ns", now_ns)


@pytest.mark.usefixtures("at_once")
def test_a_file_changed_less_than_two_seconds_before_is_read_again(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(b"x" * 1000)
    scan(tmp_path)
    again = scan(tmp_path)
    assert (again.summary.bytes_read, len(again.groups)) == (2000, 1)


@pytest.mark.usefixtures("settled")
def test_it_is_not_once_it_has_settled(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(b"x" * 1000)
    scan(tmp_path)
    assert scan(tmp_path).summary.bytes_read == 0


@pytest.mark.usefixtures("at_once")
def test_a_change_that_shows_in_no_stamp_is_still_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a filesystem whose clock stands still between two writes: the second leaves all stamps as they were."""
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(b"x" * 1000)
    assert len(scan(tmp_path).groups) == 1
    real = os.stat
    before = real(tmp_path / "b.jpg")
    (tmp_path / "b.jpg").write_bytes(b"y" * 1000)

    def standing_still(path: Any, **options: Any) -> os.stat_result:
        return before if path == "b.jpg" else real(path, **options)

    monkeypatch.setattr("catalog_tui.core.scan.walk.os.stat", standing_still)
    monkeypatch.setattr("catalog_tui.core.scan.hashing.os.fstat", lambda fd: before if _is_b(fd) else real(fd))
    assert scan(tmp_path).groups == []


def _is_b(descriptor: int) -> bool:
    return os.readlink(f"/proc/self/fd/{descriptor}").endswith("/b.jpg")


@pytest.mark.parametrize(
    ("mtime_ago_s", "ctime_ago_s", "racy"),
    [(10, 10, False), (10, 1, True), (1, 10, True), (10, -5, True), (-3600, 10, False), (-1, 10, True)],
)
def test_what_counts_as_fresh(mtime_ago_s: int, ctime_ago_s: int, racy: bool) -> None:
    now = 1_800_000_000 * SECOND_NS
    assert is_racy(now - mtime_ago_s * SECOND_NS, now - ctime_ago_s * SECOND_NS, now) is racy
