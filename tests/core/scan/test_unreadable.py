"""Files and folders that may not be read: named in `errors`, exit code 3, and everything else found all the same."""

import os
from pathlib import Path

from tests.core.scan.command import scan
from tests.core.scan.generator import generate
from tests.core.scan.oracle import inode_groups

# Root may read anything unless it gives up the capabilities to.
AS_ANYBODY = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()


def test_an_unreadable_file_is_an_error_and_in_no_group(tmp_path: Path) -> None:
    for name in ("a", "b", "locked"):
        (tmp_path / "site/model").mkdir(parents=True, exist_ok=True)
        (tmp_path / f"site/model/{name}.jpg").write_bytes(b"same content")
    (tmp_path / "site/model/locked.jpg").chmod(0)
    answer = scan(tmp_path, before=AS_ANYBODY)
    assert answer.groups == [[b"site/model/a.jpg", b"site/model/b.jpg"]]
    assert answer.errors == {b"site/model/locked.jpg": "Permission denied"}
    assert answer.exit_code == 3


def test_an_unreadable_folder_is_an_error_and_the_rest_is_scanned(tmp_path: Path) -> None:
    for model in ("one", "two", "locked"):
        (tmp_path / "site" / model).mkdir(parents=True)
        (tmp_path / "site" / model / "a.jpg").write_bytes(b"same content")
    (tmp_path / "site/locked").chmod(0)
    answer = scan(tmp_path, before=AS_ANYBODY)
    (tmp_path / "site/locked").chmod(0o700)
    assert answer.groups == [[b"site/one/a.jpg", b"site/two/a.jpg"]]
    assert answer.errors == {b"site/locked": "Permission denied"}
    assert answer.exit_code == 3


def test_locked_files_among_hostile_ones_cost_only_their_own_groups(tmp_path: Path) -> None:
    for seed in range(3):
        root = tmp_path / str(seed)
        media = sorted(generate(root, seed).media)
        locked = set(media[::4])
        inodes = {os.lstat(os.path.join(os.fsencode(root), path)).st_ino for path in locked}
        readable = [path for path in media if os.lstat(os.path.join(os.fsencode(root), path)).st_ino not in inodes]
        expected = inode_groups(root, readable)
        for path in locked:
            os.chmod(os.path.join(os.fsencode(root), path), 0)
        answer = scan(root, before=AS_ANYBODY)
        assert answer.inode_groups(root) == expected, f"seed {seed}"
        assert set(answer.errors.values()) == {"Permission denied"}
