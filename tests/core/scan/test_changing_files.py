"""A file that changes while the scan runs ends in `errors`, never in a group; all other groups are found."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog_tui.core.scan.crew import Workers
from catalog_tui.core.scan.hashing import CHUNK_BYTES, COMPARE, ENDS, SMALL_BYTES, WHOLE
from tests.core.scan import meddling
from tests.core.scan.engine import scan
from tests.core.scan.generator import generate
from tests.core.scan.meddling import EVERYTHING
from tests.core.scan.oracle import inode_groups

Meddle = Callable[[bytes], None]

# What is read through an open descriptor is what the walk saw, even when its name leads elsewhere by now.
THROUGH_THE_DESCRIPTOR = (
    meddling.grow,
    meddling.shrink,
    meddling.empty,
    meddling.be_rewritten,
    meddling.be_rewritten_in_disguise,
)


@pytest.mark.parametrize("meddle", EVERYTHING)
@pytest.mark.parametrize(("stage", "size"), [(WHOLE, 5), (WHOLE, SMALL_BYTES), (ENDS, SMALL_BYTES + 1)])
def test_a_change_before_the_first_reading(tmp_path: Path, meddle: Meddle, stage: str, size: int) -> None:
    expect_victim_left_out(tmp_path, meddle, stage, size)


@pytest.mark.parametrize("meddle", EVERYTHING)
def test_a_change_between_reading_the_ends_and_the_whole(tmp_path: Path, meddle: Meddle) -> None:
    expect_victim_left_out(tmp_path, meddle, WHOLE, SMALL_BYTES + 1)


@pytest.mark.parametrize("meddle", [one for one in EVERYTHING if one is not meddling.be_rewritten_in_disguise])
def test_a_change_before_the_byte_comparison(tmp_path: Path, meddle: Meddle) -> None:
    expect_victim_left_out(tmp_path, meddle, COMPARE, SMALL_BYTES + 1, verify=True)


@pytest.mark.parametrize("meddle", THROUGH_THE_DESCRIPTOR)
def test_a_change_while_the_file_is_read(tmp_path: Path, meddle: Meddle) -> None:
    size = 8 * 1024 * 1024  # a batch of its own, in chunks
    assert size > CHUNK_BYTES
    root = make_triplet(tmp_path, size)
    executor = meddling.MeddlingMeanwhile(b"site/model/b.mp4", meddle)
    found = scan(root, use_index=False, workers=Workers(executor, 1))
    executor.shutdown()
    assert executor.happened
    assert found.names == {frozenset({b"site/model/a.mp4", b"site/model/c.mp4"})}
    assert list(found.errors) == ["site/model/b.mp4"]


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("first_seed", range(2_000, 2_060, 15))
def test_one_changing_file_among_hostile_ones(tmp_path: Path, first_seed: int) -> None:
    happened = 0
    for seed in range(first_seed, first_seed + 15):
        rng = random.Random(seed)
        root, media = (tree := generate(tmp_path / str(seed), seed)).root, tree.media
        victim, stage = rng.choice(sorted(media)), rng.choice((WHOLE, WHOLE, ENDS))
        inode = os.stat(os.path.join(os.fsencode(root), victim)).st_ino
        rest = [path for path in media if os.stat(os.path.join(os.fsencode(root), path)).st_ino != inode]
        before, without = inode_groups(root, media), inode_groups(root, rest)
        executor = meddling.Meddling(victim, stage, rng.choice(EVERYTHING))
        found = scan(root, workers=Workers(executor, 1))
        executor.shutdown()
        happened += executor.happened
        assert found.inode_groups == (without if executor.happened else before), f"seed {seed}"
        assert list(found.errors) == ([os.fsdecode(victim)] if executor.happened else []), f"seed {seed}"
    assert happened, "nothing was read while it changed: this proved nothing"


def expect_victim_left_out(root: Path, meddle: Meddle, stage: str, size: int, *, verify: bool = False) -> None:
    make_triplet(root, size)
    executor = meddling.Meddling(b"site/model/b.mp4", stage, meddle)
    found = scan(root, use_index=False, verify=verify, workers=Workers(executor, 1))
    executor.shutdown()
    assert executor.happened
    assert found.names == {frozenset({b"site/model/a.mp4", b"site/model/c.mp4"})}
    assert list(found.errors) == ["site/model/b.mp4"]


def make_triplet(root: Path, size: int) -> Path:
    """Three files alike, of which one has a bad time before it."""
    (root / "site/model").mkdir(parents=True)
    content = random.Random(size).randbytes(size)
    for name in "abc":
        (root / f"site/model/{name}.mp4").write_bytes(content)
    return root
