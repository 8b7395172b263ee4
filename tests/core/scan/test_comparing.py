"""Comparing byte by byte: several groups of files in one batch, each within itself."""

import os
from array import array
from errno import ENOENT
from pathlib import Path

import pytest

from catalog_tui.core.scan.comparing import compare_batch
from catalog_tui.core.scan.hashing import CHANGED, CHUNK_BYTES, COMPARE, Batch


def batch_of(folder: Path, *groups: list[bytes]) -> Batch:
    """Files of these contents, named by their number."""
    contents = [content for group in groups for content in group]
    for number, content in enumerate(contents):
        (folder / str(number)).write_bytes(content)
    seen = [os.stat(folder / str(number)) for number in range(len(contents))]
    return Batch(
        os.fsencode(folder),
        COMPARE,
        "",
        [(b"", b"\0".join(b"%d" % number for number in range(len(contents))))],
        array("Q", [status.st_ino for status in seen]),
        array("q", [status.st_size for status in seen]),
        array("q", [status.st_mtime_ns for status in seen]),
        array("q"),
        tuple(map(len, groups)),
    )


def test_every_file_is_told_which_one_of_its_group_it_equals(tmp_path: Path) -> None:
    batch = batch_of(tmp_path, [b"a", b"b", b"a", b"b"], [b"a", b"a"], [b"cc", b"cd", b"cc"], [b"cc"])
    compared = compare_batch(batch)
    assert compared.same_as == [0, 1, 0, 1, 4, 4, 6, 7, 6, 9]
    assert compared.failures == []


@pytest.mark.parametrize("size", [CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES])
def test_the_last_byte_counts(tmp_path: Path, size: int) -> None:
    content = bytes(size - 1)
    compared = compare_batch(batch_of(tmp_path, [content + b"x", content + b"y", content + b"x"]))
    assert compared.same_as == [0, 1, 0]
    assert compared.bytes_read == 4 * size


def test_what_became_of_one_group_touches_no_other(tmp_path: Path) -> None:
    batch = batch_of(tmp_path, [b"a", b"a", b"a"], [b"b", b"b"], [b"c", b"c", b"c"])
    os.remove(tmp_path / "0")
    (tmp_path / "7").write_bytes(b"longer by now")
    compared = compare_batch(batch)
    assert compared.same_as[1:7] == [1, 1, 3, 3, 5, 5]
    assert compared.failures == [(0, ENOENT), (7, CHANGED)]
