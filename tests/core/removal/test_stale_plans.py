"""The archive changes between the plan and its execution: nothing is lost, and each refusal says what is the matter.

The first seven events are those that destroy the only copy with other programs (bench/safety.py runs them); `None` as
the reason means that removing is right all the same, because the content stands twice still.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog_tui.core.removal.executor import execute
from catalog_tui.core.removal.plan import ACTIONS, HARDLINK, TRASH
from catalog_tui.core.removal.system import Folder
from catalog_tui.core.removal.undo import undo
from tests.core.removal.ground import contents, plan_of, tree

KEEPER, VICTIM = "site/a/keep.jpg", "site/b/copy.jpg"
CHANGED = "it has changed since the scan"
REPLACED = "another file has taken its place since the scan"


def of_keeper(reason: str) -> str:
    return f"the copy to keep, {KEEPER}: {reason}"


def rewrite(path: Path) -> None:
    path.write_bytes(b"else bytes")


def rewrite_in_disguise(path: Path) -> None:
    """As a program does that sets the date of what it saves."""
    status = path.stat()
    rewrite(path)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def link_in_place(path: Path, target: Path) -> None:
    path.unlink()
    path.symlink_to(target)


def hard_link_in_place(path: Path, target: Path) -> None:
    path.unlink()
    os.link(target, path)


def fold_in_place(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "inside.jpg").write_bytes(b"inside")


def swap_parent(path: Path) -> None:
    """The folder becomes a link to a folder with other content under the same name."""
    elsewhere = path.parent.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / path.name).write_bytes(b"not the same")
    path.parent.rename(path.parent.with_name("moved"))
    path.parent.symlink_to(elsewhere)


def link_to_moved_parent(path: Path) -> None:
    """The folder becomes a link to itself under another name: content and inode are right, the way is not."""
    moved = path.parent.with_name("moved")
    path.parent.rename(moved)
    path.parent.symlink_to(moved)


WAY = "a folder on the way to it is a link now, or no folder"
EVENTS: dict[str, tuple[Callable[[Path], object], str | None]] = {
    "keeper rewritten": (lambda root: rewrite(root / KEEPER), of_keeper(CHANGED)),
    "keeper rewritten, mtime restored": (lambda root: rewrite_in_disguise(root / KEEPER), of_keeper(CHANGED)),
    "keeper deleted": (lambda root: (root / KEEPER).unlink(), of_keeper("it is gone")),
    "keeper a symlink to the victim": (
        lambda root: link_in_place(root / KEEPER, root / VICTIM),
        of_keeper("a link has taken its place, and links are not followed"),
    ),
    "keeper a hard link of the victim": (
        lambda root: hard_link_in_place(root / KEEPER, root / VICTIM),
        CHANGED,  # the victim's ctime: it got a name
    ),
    "victim rewritten": (lambda root: rewrite(root / VICTIM), CHANGED),
    "victim rewritten, mtime restored": (lambda root: rewrite_in_disguise(root / VICTIM), CHANGED),
    "victim deleted": (lambda root: (root / VICTIM).unlink(), "it is gone"),
    "victim a symlink to the keeper": (
        lambda root: link_in_place(root / VICTIM, root / KEEPER),
        "a link has taken its place, and links are not followed",
    ),
    "victim a hard link of the keeper": (lambda root: hard_link_in_place(root / VICTIM, root / KEEPER), REPLACED),
    "victim a folder": (lambda root: fold_in_place(root / VICTIM), "it is no regular file any more"),
    "keeper a folder": (lambda root: fold_in_place(root / KEEPER), of_keeper("it is no regular file any more")),
    "victim a pipe": (lambda root: pipe_in_place(root / VICTIM), "it is no regular file any more"),
    "victim's folder a symlink": (lambda root: swap_parent(root / VICTIM), WAY),
    "victim's folder a symlink to itself": (lambda root: link_to_moved_parent(root / VICTIM), WAY),
    "keeper's folder a symlink": (lambda root: swap_parent(root / KEEPER), of_keeper(WAY)),
    "victim replaced by an equal file": (lambda root: copy_in_place(root / VICTIM), REPLACED),
    "both swapped": (lambda root: swap(root / VICTIM, root / KEEPER), REPLACED),
    "victim renamed": (lambda root: (root / VICTIM).rename(root / "site/b/new.jpg"), "it is gone"),
    "keeper renamed": (lambda root: (root / KEEPER).rename(root / "site/a/new.jpg"), of_keeper("it is gone")),
    "victim unreadable path": (lambda root: shutil.rmtree(root / "site/b"), "it is gone"),
    "another file changed": (lambda root: rewrite(root / "site/b/other.jpg"), None),
}


def pipe_in_place(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def copy_in_place(path: Path) -> None:
    shutil.copy2(path, path.with_name("new"))
    path.with_name("new").rename(path)


def swap(one: Path, other: Path) -> None:
    one.rename(one.with_name("aside"))
    other.rename(one)
    one.with_name("aside").rename(other)


@pytest.mark.parametrize("action", [TRASH, HARDLINK])
@pytest.mark.parametrize("event", EVENTS)
def test_no_content_is_lost_whatever_happens_before(
    event: str, action: str, root: Path, open_archive: Callable[[str], Folder]
) -> None:
    happen, reason = EVENTS[event]
    plan = plan_of(root, (VICTIM, KEEPER), action=action)
    happen(root)
    before, there = tree(root), contents(root)
    report = execute(plan, open_archive=open_archive)
    assert [refusal.reason for refusal in report.refused] == ([reason] if reason else [])
    assert contents(root) >= there
    if reason:
        assert tree(root) == before
    undo(str(root), open_archive=open_archive)
    assert tree(root) == before


@pytest.mark.parametrize("path", [VICTIM, KEEPER])
@pytest.mark.parametrize("action", ACTIONS)
def test_a_file_that_is_being_written_is_left_alone(root: Path, path: str, action: str) -> None:
    plan = plan_of(root, (VICTIM, KEEPER), action=action)
    with (root / path).open("r+b"):
        report = execute(plan)
    reason = "some program has it open for writing"
    assert [refusal.reason for refusal in report.refused] == [reason if path == VICTIM else of_keeper(reason)]


def test_a_file_that_is_only_read_is_removed(root: Path) -> None:
    plan = plan_of(root, (VICTIM, KEEPER))
    with (root / VICTIM).open("rb"), (root / KEEPER).open("rb"):
        assert len(execute(plan).done) == 1


def test_different_bytes_are_seen_even_where_all_dates_and_sizes_are_as_planned(
    root: Path, open_archive: Callable[[str], Folder]
) -> None:
    rewrite_in_disguise(root / VICTIM)
    report = execute(plan_of(root, (VICTIM, KEEPER)), open_archive=open_archive)
    assert [refusal.reason for refusal in report.refused] == ["its content is not that of the copy to keep"]


@pytest.mark.parametrize("spelling", ["site/b", "site", ".", "..", "{root}/site/b", "link", "/"])
def test_a_protected_folder_holds_in_the_executor_however_it_is_spelt(
    root: Path, spelling: str, open_archive: Callable[[str], Folder]
) -> None:
    if spelling == "/":
        spelling = str(root.parent)  # all folders below it are read, which for the real top takes a while
    (root / "link").symlink_to(root / "site/b")
    plan = plan_of(root, (VICTIM, KEEPER))
    report = execute(plan, protected=[spelling.format(root=root)], open_archive=open_archive)
    assert [refusal.reason for refusal in report.refused] == ["it is in a protected folder"]


def test_files_at_the_very_top_are_protected_with_the_archive(root: Path) -> None:
    shutil.copy(root / VICTIM, root / "top.jpg")
    plan = plan_of(root, ("top.jpg", KEEPER))
    for folder in (".", ".."):
        report = execute(plan, protected=[folder])
        assert [refusal.reason for refusal in report.refused] == ["it is in a protected folder"]
    assert len(execute(plan, protected=["site"]).done) == 1


MOUNTED = """
import sys
from pathlib import Path
from catalog_tui.core.removal.executor import execute
from tests.core.removal.ground import plan_of
root = Path(sys.argv[1])
report = execute(plan_of(root, ("site/c/copy.jpg", "site/a/keep.jpg"), protected=("site/b",)))
print([refusal.reason for refusal in report.refused])
"""


@pytest.mark.parametrize("source", ["site/b", "site/b/below"])
def test_a_protected_folder_reached_by_a_second_mount_is_protected(root: Path, source: str) -> None:
    (root / "site/b/below").mkdir()
    shutil.copy(root / VICTIM, root / "site/b/below/copy.jpg")
    (root / "site/c").mkdir()
    said = in_private_mounts(f"mount --bind $ROOT/{source} $ROOT/site/c", MOUNTED, root)
    assert said == "['it is in a protected folder']\n"


KEEPER_MOVED = """
import shutil, sys
from pathlib import Path
from catalog_tui.core.removal.executor import execute
from tests.core.removal.ground import contents, plan_of
root = Path(sys.argv[1])
plan = plan_of(root, ("site/b/copy.jpg", "site/a/keep.jpg"))
shutil.move(root / "site/a/keep.jpg", root / "site/c/keep.jpg")
(root / "site/a/keep.jpg").symlink_to(root / "site/c/keep.jpg")
report = execute(plan)
print([refusal.reason for refusal in report.refused], (root / "site/b/copy.jpg").exists())
"""


def test_a_keeper_that_moved_to_another_filesystem_is_no_copy_to_rely_on(root: Path) -> None:
    (root / "site/c").mkdir()
    said = in_private_mounts("mount -t tmpfs none $ROOT/site/c", KEEPER_MOVED, root)
    reason = of_keeper("a link has taken its place, and links are not followed")
    assert said == f"{[reason]} True\n"


def in_private_mounts(mounting: str, program: str, root: Path) -> str:
    """What a Python program prints that runs behind mounts of its own."""
    script = f'set -e; {mounting}; exec "$@"'
    argv = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]
    argv += [sys.executable, "-c", program, str(root)]
    done = subprocess.run(argv, capture_output=True, text=True, env={**os.environ, "ROOT": str(root)}, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
