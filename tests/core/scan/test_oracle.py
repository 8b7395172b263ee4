"""What the scan finds is what SHA-256 and size say, on hundreds of archives made to mislead it."""

import hashlib
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
import xxhash

from catalog_tui.core.places import archive_cache
from catalog_tui.core.scan.options import ALGORITHMS
from catalog_tui.core.scan.results import RESULTS_NAME
from tests.core.scan.alone import run_alone
from tests.core.scan.command import scan as scan_by_command
from tests.core.scan.engine import Found, scan
from tests.core.scan.generator import Tree, generate
from tests.core.scan.oracle import inode_groups, names_of_groups, regular_files

DIGESTS: dict[str, Callable[[bytes], str]] = {
    "xxh128": lambda content: xxhash.xxh3_128_hexdigest(content),
    "md5": lambda content: hashlib.md5(content).hexdigest(),
    "sha256": lambda content: hashlib.sha256(content).hexdigest(),
    "blake2b": lambda content: hashlib.blake2b(content, digest_size=32).hexdigest(),
}


@pytest.mark.parametrize("first_seed", range(0, 400, 25))
def test_groups_are_those_of_sha256_and_size(tmp_path: Path, first_seed: int) -> None:
    for seed in range(first_seed, first_seed + 25):
        tree = generate(tmp_path / str(seed), seed)
        algorithm = ALGORITHMS[seed % len(ALGORITHMS)]
        plain = scan(tree.root, use_index=False, algorithm=algorithm)
        expect_groups(plain, tree.root, tree.media, seed)
        everything = scan(tree.root, use_index=False, algorithm=algorithm, everything=True)
        expect_groups(everything, tree.root, frozenset(regular_files(tree.root)), seed)
        expect_true_figures(everything, seed)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_algorithm_gives_the_digest_of_that_name(tmp_path: Path, algorithm: str) -> None:
    for seed in range(500, 520):
        tree = generate(tmp_path / str(seed), seed)
        found = scan(tree.root, use_index=False, algorithm=algorithm)
        expect_groups(found, tree.root, tree.media, seed)
        for group, files in found.groups:
            assert group.hash == DIGESTS[algorithm](content_of(tree, files[-1].path)), f"seed {seed}"


@pytest.mark.parametrize("first_seed", range(600, 640, 10))
def test_verifying_and_adding_md5_change_no_group(tmp_path: Path, first_seed: int) -> None:
    for seed in range(first_seed, first_seed + 10):
        tree = generate(tmp_path / str(seed), seed)
        found = scan(tree.root, use_index=False, verify=True, md5=True)
        expect_groups(found, tree.root, tree.media, seed)
        for group, files in found.groups:
            assert group.md5 == DIGESTS["md5"](content_of(tree, files[0].path)), f"seed {seed}"


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("first_seed", range(700, 800, 25))
def test_a_second_scan_reads_nothing_and_says_the_same(tmp_path: Path, first_seed: int) -> None:
    for seed in range(first_seed, first_seed + 25):
        tree = generate(tmp_path / str(seed), seed)
        first = scan(tree.root)
        expect_groups(first, tree.root, tree.media, seed)
        again = scan(tree.root)
        forget_last_result(tree.root)
        from_index = scan(tree.root)
        for second in (again, from_index):
            assert second.groups == first.groups, f"seed {seed}"
            assert (second.summary.bytes_read, second.summary.cache_misses) == (0, 0), f"seed {seed}"
            assert second.summary.cache_hits == first.summary.candidates, f"seed {seed}"


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("first_seed", range(800, 900, 25))
def test_the_index_misleads_no_scan_after_the_archive_changed(tmp_path: Path, first_seed: int) -> None:
    for seed in range(first_seed, first_seed + 25):
        tree = generate(tmp_path / str(seed), seed)
        scan(tree.root, everything=True)
        for turn in range(3):
            disturb(tree.root, random.Random(f"{seed} {turn}"))
            found = scan(tree.root, everything=True)
            expect_groups(found, tree.root, frozenset(regular_files(tree.root)), seed)


@pytest.mark.parametrize("seed", range(900, 906))
def test_the_command_finds_the_same(tmp_path: Path, seed: int) -> None:
    tree = generate(tmp_path / "archive", seed)
    expected = names_of_groups(tree.root, tree.media, inode_groups(tree.root, tree.media))
    for flags in (["--no-index"], [], ["--verify"], ["--hash", ALGORITHMS[seed % 4], "--md5"]):
        answer = scan_by_command(tree.root, *flags)
        assert answer.names == expected, f"seed {seed} {flags}"
        assert answer.exit_code == 0
    everything = frozenset(regular_files(tree.root))
    answer = scan_by_command(tree.root, "--all")
    assert answer.names == names_of_groups(tree.root, everything, inode_groups(tree.root, everything))


@pytest.mark.parametrize(
    ("test", "first_seed"),
    [
        *((test_groups_are_those_of_sha256_and_size, seed) for seed in range(1000, 1100, 25)),
        (test_verifying_and_adding_md5_change_no_group, 1100),
        (test_a_second_scan_reads_nothing_and_says_the_same, 1125),
        (test_the_index_misleads_no_scan_after_the_archive_changed, 1150),
    ],
)
def test_helpers_that_are_forked_find_the_same(
    tmp_path: Path, test: Callable[[Path, int], None], first_seed: int
) -> None:
    run_alone(test, tmp_path, first_seed)


def expect_groups(found: Found, root: Path, paths: frozenset[bytes], seed: int) -> None:
    """The scan found the groups of these files, under all their names, without an error."""
    expected = inode_groups(root, paths)
    assert found.names == names_of_groups(root, paths, expected), f"seed {seed}"
    assert found.inode_groups == expected, f"seed {seed}"
    assert found.errors == {}, f"seed {seed}"


def expect_true_figures(found: Found, seed: int) -> None:
    """The summary and the order fit the groups, and no more was read than the files that share their size."""
    groups = [group for group, _ in found.groups]
    summary = found.summary
    assert summary.duplicate_groups == len(groups)
    assert summary.duplicate_files == sum(group.copies - 1 for group in groups)
    assert summary.total_waste_bytes == sum(group.size * (group.copies - 1) for group in groups)
    assert [group.waste for group in groups] == sorted((group.waste for group in groups), reverse=True), f"seed {seed}"
    assert all(group.copies == len(files) for group, files in found.groups)
    assert summary.hashed_files <= summary.candidates <= summary.files
    assert summary.bytes_read <= summary.bytes + 8192 * summary.candidates, f"seed {seed}: ends at most are read twice"


def content_of(tree: Tree, path: str) -> bytes:
    """What stands in a file of the archive."""
    with open(os.path.join(tree.root, path), "rb") as stream:
        return stream.read()


def forget_last_result(root: Path) -> None:
    """Leave the next scan nothing but the index."""
    (archive_cache(str(root)) / RESULTS_NAME).unlink()


def disturb(root: Path, rng: random.Random) -> None:
    """What happens to an archive between two scans: files renamed, linked, rewritten, replaced, cut, gone, new."""
    top = os.fsencode(root)
    paths = sorted(regular_files(root))
    for path in rng.sample(paths, min(8, len(paths))):
        absolute = os.path.join(top, path)
        if os.path.exists(absolute) and os.path.getsize(absolute):  # its other name may have been through it
            rng.choice(DISTURBANCES)(absolute, os.path.join(top, rng.choice(paths)), rng)


def _rename(path: bytes, _other: bytes, rng: random.Random) -> None:
    os.rename(path, os.path.join(os.path.dirname(path), b"renamed%d" % rng.randrange(10**9)))


def _link(path: bytes, _other: bytes, rng: random.Random) -> None:
    os.link(path, os.path.join(os.path.dirname(path), b"link%d" % rng.randrange(10**9)))


def _chmod(path: bytes, _other: bytes, _rng: random.Random) -> None:
    os.chmod(path, 0o640)


def _flip(path: bytes, _other: bytes, rng: random.Random) -> None:
    with open(path, "r+b") as stream:
        content = bytearray(stream.read())
        content[rng.randrange(len(content))] ^= 1
        stream.seek(0)
        stream.write(content)


def _flip_in_disguise(path: bytes, _other: bytes, _rng: random.Random) -> None:
    """Change the first byte and put the modification time back: only the ctime shows that the index must look again."""
    before = os.stat(path)
    with open(path, "r+b") as stream:
        first = stream.read(1)
        stream.seek(0)
        stream.write(bytes([first[0] ^ 1]))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _cut(path: bytes, _other: bytes, _rng: random.Random) -> None:
    os.truncate(path, os.path.getsize(path) // 2)


def _become(path: bytes, other: bytes, _rng: random.Random) -> None:
    """Take the content of another file, under an inode number that may have been another file's before."""
    if os.path.exists(other) and not os.path.samefile(path, other):
        with open(other, "rb") as stream:
            content = stream.read()
        os.remove(path)
        with open(path, "xb") as stream:
            stream.write(content)


def _remove(path: bytes, _other: bytes, _rng: random.Random) -> None:
    os.remove(path)


DISTURBANCES = (_rename, _link, _chmod, _flip, _flip_in_disguise, _cut, _become, _remove)
