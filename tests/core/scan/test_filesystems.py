"""Archives that span filesystems: mounts made in a namespace of the test's own, by real mount calls."""

import json
import os
import subprocess
from pathlib import Path

from tests.core.scan.command import SCAN, Answer

PRIVATE_MOUNTS = ("unshare", "--user", "--map-root-user", "--mount")


def scan_behind(script: str, root: Path) -> Answer:
    """Run the scan after the shell commands of `script`, which may mount what they like below $ROOT."""
    command = f'set -e; {script}; cd /; exec "$@"'
    argv = [*PRIVATE_MOUNTS, "sh", "-c", command, "sh", *SCAN, str(root), "--format", "json", "--progress", "none"]
    done = subprocess.run(argv, capture_output=True, env={**os.environ, "ROOT": str(root)}, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return Answer(done.returncode, json.loads(done.stdout), done.stderr.decode())


def make_mount_points(root: Path) -> None:
    for model in ("first", "second"):
        (root / "site" / model).mkdir(parents=True)


def test_equal_inode_numbers_on_two_filesystems_are_two_files(tmp_path: Path) -> None:
    make_mount_points(tmp_path)
    answer = scan_behind(
        "for model in first second; do mount -t tmpfs none $ROOT/site/$model; echo 1 > $ROOT/site/$model/a.jpg; done;"
        "[ $(stat -c %i $ROOT/site/first/a.jpg) = $(stat -c %i $ROOT/site/second/a.jpg) ]",
        tmp_path,
    )
    assert [set(group) for group in answer.groups] == [{b"site/first/a.jpg", b"site/second/a.jpg"}]


def test_equal_inode_numbers_with_other_content_are_no_duplicates_even_with_the_index(tmp_path: Path) -> None:
    make_mount_points(tmp_path)
    answer = scan_behind(
        "for model in first second; do mount -t tmpfs none $ROOT/site/$model; echo $model | head -c 5 "
        '> $ROOT/site/$model/a.jpg; touch -d @1 $ROOT/site/$model/a.jpg; done; "$@" > /dev/null',
        tmp_path,
    )
    assert answer.groups == []


def test_a_folder_mounted_at_a_second_place_makes_no_file_its_own_duplicate(tmp_path: Path) -> None:
    make_mount_points(tmp_path)
    (tmp_path / "site/first/a.jpg").write_bytes(b"once")
    answer = scan_behind("mount --bind $ROOT/site/first $ROOT/site/second", tmp_path)
    assert answer.groups == []


def test_a_file_mounted_over_another_is_not_its_own_duplicate(tmp_path: Path) -> None:
    make_mount_points(tmp_path)
    (tmp_path / "site/first/a.jpg").write_bytes(b"once")
    (tmp_path / "site/second/b.jpg").write_bytes(b"else")
    answer = scan_behind("mount --bind $ROOT/site/first/a.jpg $ROOT/site/second/b.jpg", tmp_path)
    assert answer.groups == []


def test_the_archive_mounted_inside_itself_does_not_loop(tmp_path: Path) -> None:
    make_mount_points(tmp_path)
    (tmp_path / "site/first/a.jpg").write_bytes(b"same")
    (tmp_path / "site/second/b.jpg").write_bytes(b"same")
    (tmp_path / "site/loop").mkdir()
    answer = scan_behind("mount --rbind $ROOT $ROOT/site/loop", tmp_path)
    assert answer.result["duplicate_groups"] == 1
    assert answer.result["duplicate_files"] == 1
