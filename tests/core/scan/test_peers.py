"""Other duplicate finders as witnesses: on every generated archive they and we find the same sets of inodes.

They must be installed (Debian packages jdupes and rmlint): where one is missing these tests fail, they are not skipped.
"""

import os
import subprocess
from pathlib import Path

import pytest

from bench import peers
from tests.core.scan.engine import scan
from tests.core.scan.generator import generate
from tests.core.scan.oracle import TRASH, InodeGroups, inode_of


@pytest.mark.parametrize("first_seed", range(0, 200, 20))
def test_jdupes_finds_the_same_sets_of_inodes(tmp_path: Path, first_seed: int) -> None:
    _check(peers.JDUPES, tmp_path, range(first_seed, first_seed + 20))


@pytest.mark.parametrize("first_seed", range(1_000, 1_050, 10))  # fewer: it takes a tenth of a second for any tree
def test_rmlint_finds_the_same_sets_of_inodes(tmp_path: Path, first_seed: int) -> None:
    _check(peers.RMLINT, tmp_path, range(first_seed, first_seed + 10))


def _check(peer: peers.Peer, folder: Path, seeds: range) -> None:
    found = 0
    for seed in seeds:
        root = folder / str(seed)
        generate(root, seed)
        theirs = _groups_of(peer, root)
        assert scan(root, everything=True).inode_groups == theirs, f"seed {seed}"
        found += len(theirs)
    assert found > len(seeds), "archives without duplicates prove nothing"


def _groups_of(peer: peers.Peer, root: Path) -> InodeGroups:
    """What the other program finds, but for the archive's trash, of which it knows nothing."""
    output = subprocess.run([*peer.argv, str(root)], cwd=root.parent, capture_output=True, check=True).stdout
    trash = os.path.join(os.fsencode(root), TRASH, b"")
    sets = (frozenset(inode_of(path) for path in group if not path.startswith(trash)) for group in peer.groups(output))
    return frozenset(inodes for inodes in sets if len(inodes) > 1)
