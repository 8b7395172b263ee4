"""The index: unchanged files are never read again, and what it says is never believed too long."""

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog_tui.core.places import archive_cache
from catalog_tui.core.scan.hashing import SMALL_BYTES
from catalog_tui.core.scan.index import INDEX_NAME, Index, Row
from tests.core.scan.engine import Found, scan

LARGE = SMALL_BYTES * 3
pytestmark = pytest.mark.usefixtures("settled")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Two pairs of equal files, one small and one large, and a large file that only begins like its fellows."""
    model = tmp_path / "archive" / "site" / "model"
    model.mkdir(parents=True)
    for name, content in (
        ("small1.jpg", b"s" * 1000),
        ("small2.jpg", b"s" * 1000),
        ("large1.mp4", b"l" * LARGE),
        ("large2.mp4", b"l" * LARGE),
        ("other.mp4", b"l" * (LARGE - 1) + b"!"),
    ):
        (model / name).write_bytes(content)
    return tmp_path / "archive"


def alone(archive: Path) -> Path:
    """A new file without an equal: it makes the archive another one, so that the next scan goes to the index."""
    model = archive / "site" / "model"
    number = len(os.listdir(model))
    path = model / f"new{number}.jpg"
    path.write_bytes(b"n" * (2000 + number))
    return path


def rescan(archive: Path, change: Callable[[Path], object]) -> Found:
    scan(archive)
    change(archive)
    return scan(archive)


def test_an_unchanged_archive_is_rescanned_without_reading_a_byte(archive: Path) -> None:
    first = scan(archive)
    again = scan(archive)
    assert (again.summary.bytes_read, again.summary.hashed_files) == (0, 0)
    assert again.summary.cache_hits == again.summary.candidates == 5
    assert again.groups == first.groups


def test_no_content_is_opened_in_a_rescan(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scan(archive)
    alone(archive)
    monkeypatch.setattr("catalog_tui.core.scan.reading.hash_batch", None)  # whoever hashes now fails
    again = scan(archive)
    assert (again.summary.bytes_read, again.errors) == (0, {})
    assert len(again.groups) == 2


def test_one_changed_file_is_the_only_one_read(archive: Path) -> None:
    again = rescan(archive, lambda root: (root / "site/model/small2.jpg").write_bytes(b"t" * 1000))
    assert (again.summary.hashed_files, again.summary.bytes_read) == (1, 1000)
    assert len(again.groups) == 1


def test_renames_and_moves_within_the_filesystem_keep_what_is_known(archive: Path) -> None:
    def move(root: Path) -> None:
        (root / "other site").mkdir()
        (root / "site").rename(root / "other site" / "moved")

    again = rescan(archive, move)
    assert again.summary.bytes_read == 0
    assert len(again.groups) == 2


@pytest.mark.parametrize("name", ["large1.mp4", "large2.mp4"])
def test_a_changed_ctime_alone_costs_the_two_ends_of_a_large_file(archive: Path, name: str) -> None:
    again = rescan(archive, lambda root: (root / "site/model" / name).chmod(0o600))
    assert again.summary.bytes_read == 2 * 4096
    assert len(again.groups) == 2


def test_a_rewrite_that_restores_mtime_is_seen_by_its_ctime(archive: Path) -> None:
    def rewrite(root: Path) -> None:
        path = root / "site/model/large2.mp4"
        before = path.stat()
        path.write_bytes(b"?" + b"l" * (LARGE - 1))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    again = rescan(archive, rewrite)
    assert [group.size for group, _files in again.groups] == [1000]


def test_each_algorithm_has_its_own_digests(archive: Path) -> None:
    scan(archive)
    md5 = scan(archive, algorithm="md5")
    assert md5.summary.cache_hits == 0
    alone(archive)
    assert scan(archive).summary.bytes_read == scan(archive, algorithm="md5").summary.bytes_read == 0


def test_rows_of_unplugged_files_are_kept(archive: Path, tmp_path: Path) -> None:
    scan(archive)
    (archive / "site").rename(tmp_path / "away")
    assert scan(archive).summary.files == 0
    (tmp_path / "away").rename(archive / "site")
    assert scan(archive).summary.bytes_read <= 2 * 4096  # the folder's rename touched none of the files


def test_without_the_index_everything_is_read_and_nothing_is_written(archive: Path) -> None:
    scan(archive, use_index=False)
    assert scan(archive, use_index=False).summary.bytes_read > 2 * LARGE
    assert not archive_cache(str(archive)).exists()


def test_two_indexes_at_once_lose_nothing(tmp_path: Path) -> None:
    one, other = Index(tmp_path), Index(tmp_path)
    for number in range(100):
        for index, first in ((one, 0), (other, 1000)):
            index.store("fs", "xxh128", [Row(first + number, 1, 1, 1, b"", b"d" * 16)])
            index.commit(now=True)
    one.close()
    other.close()
    third = Index(tmp_path)
    assert len(list(third.rows("fs", "xxh128"))) == 200
    third.close()


def test_an_inode_of_64_bits_is_remembered(tmp_path: Path) -> None:
    index = Index(tmp_path)
    index.store("fs", "md5", [Row((1 << 64) - 1, 1, 1, 1, b"h" * 8 + b"t" * 8, b"")])
    assert list(index.rows("fs", "md5")) == [(-1, 1, 1, 1, b"h" * 8 + b"t" * 8, b"")]
    index.forget("fs", (1 << 64) - 1)
    assert list(index.rows("fs", "md5")) == []
    index.close()


def test_what_is_stored_is_committed_within_a_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    monkeypatch.setattr("catalog_tui.core.scan.index.time.monotonic", lambda: now)
    index, reader = Index(tmp_path), Index(tmp_path)
    index.store("fs", "md5", [Row(1, 1, 1, 1, b"", b"d" * 16)])
    index.commit()
    assert reader.is_empty()
    now += 0.9
    index.commit()
    assert not reader.is_empty()
    index.close()
    reader.close()


def broken(path: Path) -> None:
    path.write_bytes(b"this is no database" * 100)


def foreign(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE recipe (name TEXT)")
    connection.close()


def damaged(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)


@pytest.mark.parametrize("harm", [broken, foreign, damaged])
def test_an_index_that_is_broken_or_not_ours_is_set_aside_and_rebuilt(
    archive: Path, harm: Callable[[Path], None]
) -> None:
    scan(archive)
    path = archive_cache(str(archive)) / INDEX_NAME
    if harm is foreign:
        path.unlink()
    harm(path)
    alone(archive)
    found = scan(archive)
    assert len(found.groups) == 2
    assert found.summary.bytes_read > 0
    assert any("set-aside" in text for text in found.notices)
    assert path.with_name(path.name + ".set-aside").exists()
    alone(archive)
    assert scan(archive).summary.bytes_read == 0
