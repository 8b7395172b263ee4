"""Different contents with one MD5: grouped by `--hash md5` alone, as its help says, and never otherwise."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from tests.core.scan import collision
from tests.core.scan.command import SCAN, scan


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    (tmp_path / "site/model").mkdir(parents=True)
    (tmp_path / "site/model/first.jpg").write_bytes(collision.FIRST)
    (tmp_path / "site/model/second.jpg").write_bytes(collision.SECOND)
    return tmp_path


def test_the_two_contents_do_have_one_md5() -> None:
    assert collision.FIRST != collision.SECOND
    assert hashlib.md5(collision.FIRST).digest() == hashlib.md5(collision.SECOND).digest()


def test_md5_alone_takes_them_for_duplicates_and_its_help_warns(archive: Path) -> None:
    assert scan(archive, "--hash", "md5", "--no-index").result["duplicate_groups"] == 1
    words = subprocess.run([*SCAN, "--help"], capture_output=True, text=True, check=True).stdout
    assert "add --verify to md5" in " ".join(words.split())


def test_md5_with_verify_never_does(archive: Path) -> None:
    answer = scan(archive, "--hash", "md5", "--verify")
    assert answer.groups == []
    assert answer.result["total_waste_bytes"] == 0
    again = scan(archive, "--hash", "md5", "--verify")
    assert again.groups == []


def test_verify_splits_them_from_their_true_copies(archive: Path) -> None:
    for number in (1, 2):
        (archive / f"site/model/first-{number}.jpg").write_bytes(collision.FIRST)
    (archive / "site/model/second-copy.jpg").write_bytes(collision.SECOND)
    answer = scan(archive, "--hash", "md5", "--verify")
    assert answer.names == {
        frozenset({b"site/model/first.jpg", b"site/model/first-1.jpg", b"site/model/first-2.jpg"}),
        frozenset({b"site/model/second.jpg", b"site/model/second-copy.jpg"}),
    }


@pytest.mark.parametrize("algorithm", ["xxh128", "sha256", "blake2b"])
def test_no_other_algorithm_ever_does(archive: Path, algorithm: str) -> None:
    assert scan(archive, "--hash", algorithm, "--no-index").groups == []
    assert scan(archive, "--hash", algorithm, "--md5").groups == []
