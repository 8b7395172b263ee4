"""How much is read of which file: its ends where these tell files apart, and all at once where they do not."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest

from catalog_tui.core.scan.crew import Workers
from catalog_tui.core.scan.hashing import BOTH, END_BYTES, ENDS, SMALL_BYTES, WHOLE
from catalog_tui.core.scan.matching import ENOUGH
from catalog_tui.core.scan.stages import LARGE_BYTES
from tests.core.scan.engine import Found, scan

MANY = 10 * ENOUGH


class Noting(Executor):
    """Works at once, and notes how many files were read how."""

    def __init__(self) -> None:
        self.read: Counter[str] = Counter()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Make the call before the next one comes."""
        self.read[args[0].stage] += len(args[0].sizes)
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def film(number: int, middle: bytes = b"m", size: int = 2 * SMALL_BYTES) -> bytes:
    """Content of that size, whose ends are of this number."""
    end = b"%08d" % number * (END_BYTES // 8)
    return end + middle * (size - 2 * END_BYTES) + end


def made(folder: Path, contents: list[bytes]) -> Path:
    """A model folder with these files."""
    for number, content in enumerate(contents):
        (folder / f"{number:04}.mp4").write_bytes(content)
    return folder


def scanned(root: Path, **options: Any) -> tuple[Found, Counter[str]]:
    """What a scan finds, and how many files it read how."""
    executor = Noting()
    return scan(root, workers=Workers(executor, 1), **options), executor.read


def test_of_files_that_their_ends_tell_apart_no_more_is_read(tmp_path: Path) -> None:
    found, read = scanned(made(tmp_path, [film(number) for number in range(MANY)]), use_index=False)
    assert found.groups == []
    assert read == {ENDS: MANY}
    assert found.summary.bytes_read == MANY * 2 * END_BYTES


def test_where_equal_ends_are_the_rule_all_is_read_at_once(tmp_path: Path) -> None:
    contents = [film(number // 2) for number in range(MANY)]
    odd = [film(MANY), film(MANY, b"n")]
    found, read = scanned(made(tmp_path, contents + odd), use_index=False)
    assert [len(files) for _, files in found.groups] == [2] * (MANY // 2)
    assert read[BOTH] + read[ENDS] == MANY + len(odd)
    assert read[ENDS] == read[WHOLE] < MANY // 4
    assert found.summary.hashed_files == MANY + len(odd)
    assert found.summary.bytes_read == (MANY + len(odd)) * (len(odd[0]) + 2 * END_BYTES)


def test_of_a_large_film_the_ends_are_read_first_in_any_archive(tmp_path: Path) -> None:
    contents = [film(number // 2) for number in range(MANY)]
    large = [film(MANY, size=LARGE_BYTES + 1), film(MANY + 1, size=LARGE_BYTES + 1)]
    _found, read = scanned(made(tmp_path, contents + large), use_index=False)
    assert read[ENDS] == read[WHOLE] + len(large)


@pytest.mark.usefixtures("settled")
def test_what_was_read_at_once_is_known_by_its_ends_and_as_a_whole(tmp_path: Path) -> None:
    first, read = scanned(made(tmp_path, [film(number // 2) for number in range(MANY)]))
    assert read[BOTH] > 0
    (tmp_path / "new.mp4").write_bytes(film(MANY))
    again, read = scanned(tmp_path)
    assert again.groups == first.groups
    assert read == {BOTH: 1}, "what the index knows of ends counts too"
