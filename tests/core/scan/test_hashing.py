"""The task that digests a batch: exact about which file it read, however the batch is run."""

import os
import pickle
import shutil
from array import array
from errno import ENOENT
from pathlib import Path

import pytest
import xxhash

from catalog_tui.core.scan import hashing
from catalog_tui.core.scan.hashing import CHANGED, ENDS, SMALL_BYTES, WHOLE, Batch, hash_batch
from catalog_tui.core.scan.records import Files
from catalog_tui.core.scan.walk import Walk, Wanted


def batch_of(root: Path, stage: str = WHOLE, algorithm: str = "xxh128") -> Batch:
    files = Files()
    errors: list[tuple[bytes, OSError]] = []
    for _step in Walk(os.fsencode(root), Wanted(), files, lambda path, error: errors.append((path, error))):
        pass
    assert errors == []
    positions = sorted(range(len(files)), key=files.path)
    columns = (files.inodes, files.sizes, files.mtimes_ns, files.ctimes_ns)
    inodes, sizes, mtimes_ns, ctimes_ns = (
        array(column.typecode, [column[position] for position in positions]) for column in columns
    )
    runs = files.runs(files.spans(positions))
    return Batch(os.fsencode(root), stage, algorithm, runs, inodes, sizes, mtimes_ns, ctimes_ns)


def test_a_batch_and_its_answer_can_be_sent_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"abc")
    answer = hash_batch(pickle.loads(pickle.dumps(batch_of(tmp_path))))
    assert pickle.loads(pickle.dumps(answer)) == answer
    assert answer.digests == xxhash.xxh3_128_digest(b"abc")
    assert answer.bytes_read == 3


@pytest.mark.parametrize("size", [SMALL_BYTES - 1, SMALL_BYTES, SMALL_BYTES + 1, 3 * 512 * 1024 + 7])
def test_the_digest_is_the_same_at_once_and_in_chunks(tmp_path: Path, size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    (tmp_path / "a.jpg").write_bytes(content)
    assert hash_batch(batch_of(tmp_path)).digests == xxhash.xxh3_128_digest(content)


def test_a_system_that_cannot_read_into_a_buffer_gets_the_same_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bytes(number % 251 for number in range(3 * 1024 * 1024 + 7))
    (tmp_path / "a.jpg").write_bytes(content)
    monkeypatch.setattr(hashing, "_read_into", hashing._read_and_copy)
    assert hash_batch(batch_of(tmp_path)).digests == xxhash.xxh3_128_digest(content)


def test_ends_are_the_first_and_last_bytes(tmp_path: Path) -> None:
    content = os.urandom(SMALL_BYTES * 2)
    (tmp_path / "a.jpg").write_bytes(content)
    answer = hash_batch(batch_of(tmp_path, ENDS))
    assert answer.digests == xxhash.xxh3_64_digest(content[:4096]) + xxhash.xxh3_64_digest(content[-4096:])
    assert answer.bytes_read == 8192


def test_names_of_all_kinds_come_in_runs(tmp_path: Path) -> None:
    paths = [b"a.jpg", b"b\xff\n.jpg", "é/ü.jpg".encode(), b"s/m/1.jpg", b"s/m/2.jpg"]
    for path in paths:
        full = os.path.join(os.fsencode(tmp_path), path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as file:
            file.write(path)
    batch = batch_of(tmp_path)
    assert sorted(batch.paths()) == sorted(paths)
    assert hash_batch(batch).failures == []


def test_many_files_of_a_folder_are_digested_each_with_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "real" / "m").mkdir(parents=True)
    for number in range(20):
        (tmp_path / "real" / f"{number}.jpg").write_bytes(b"loose %d" % number)
        (tmp_path / "real" / "m" / f"{number}.jpg").write_bytes(b"in a model %d" % number)
    (tmp_path / "archive").symlink_to("real")
    batch = batch_of(tmp_path / "archive")
    contents = [(tmp_path / "real" / os.fsdecode(path)).read_bytes() for path in batch.paths()]
    answer = hash_batch(batch)
    assert answer.failures == []
    assert answer.digests == b"".join(map(xxhash.xxh3_128_digest, contents))


def test_a_folder_that_is_gone_fails_all_its_files_and_no_other(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        for number in range(5):
            (tmp_path / folder / f"{number}.jpg").write_bytes(b"%d" % number)
    batch = batch_of(tmp_path)
    shutil.rmtree(tmp_path / "a")
    answer = hash_batch(batch)
    assert answer.failures == [(position, ENOENT) for position in range(5)]
    assert answer.digests == bytes(80) + b"".join(xxhash.xxh3_128_digest(b"%d" % number) for number in range(5))


def test_a_link_in_a_files_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"abc")
    batch = batch_of(tmp_path)
    (tmp_path / "a.jpg").rename(tmp_path / "b.jpg")
    (tmp_path / "a.jpg").symlink_to("b.jpg")
    assert [position for position, _number in hash_batch(batch).failures] == [0]


def test_a_pipe_in_a_files_place_does_not_hang(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"abc")
    batch = batch_of(tmp_path)
    (tmp_path / "a.jpg").unlink()
    os.mkfifo(tmp_path / "a.jpg")
    assert hash_batch(batch).failures == [(0, CHANGED)]


def test_another_file_in_its_place_is_not_taken_for_it(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"abc")
    batch = batch_of(tmp_path)
    before = (tmp_path / "a.jpg").stat()
    (tmp_path / "b.tmp").write_bytes(b"xyz")
    os.utime(tmp_path / "b.tmp", ns=(before.st_atime_ns, before.st_mtime_ns))
    (tmp_path / "b.tmp").replace(tmp_path / "a.jpg")
    assert hash_batch(batch).failures == [(0, CHANGED)]


def test_a_batch_that_has_to_wait_for_a_disk_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.jpg").write_bytes(b"abc")
    assert not hash_batch(batch_of(tmp_path)).cold

    def not_in_memory(*_arguments: object) -> int:
        raise BlockingIOError

    monkeypatch.setattr("catalog_tui.core.scan.hashing.os.preadv", not_in_memory)
    answer = hash_batch(batch_of(tmp_path))
    assert answer.cold
    assert answer.failures == []
