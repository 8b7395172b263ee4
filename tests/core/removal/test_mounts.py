"""An archive over several filesystems: each file goes to the trash of its own, by real mounts in a namespace."""

import json
from pathlib import Path

import pytest

from tests.core.removal.test_stale_plans import in_private_mounts
from tests.trees import make_archive

PROGRAM = """
import json, sys
from pathlib import Path
from catalog_tui.core.removal.executor import execute
from catalog_tui.core.removal.purge import purge
from catalog_tui.core.removal.undo import undo
from tests.core.removal.ground import age, plan_of, tree
from tests.trees import make_archive

root, action = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "trash"
make_archive(root, {path: b"same" for path in ("top/k.jpg", "top/1.jpg", "s/m/1.jpg", "s/m/deep/1.jpg")})
age(root)
before = tree(root)
plan = plan_of(root, *((path, "top/k.jpg") for path in ("top/1.jpg", "s/m/1.jpg", "s/m/deep/1.jpg")), action=ACTION)
report = execute(plan)
said = {"trash": sorted({done.trash_path.split(".catalog-trash")[0] for done in report.done})}
said["refused"] = {refusal.path: refusal.reason for refusal in report.refused}
undo(str(root))
said["undone"] = tree(root) == before
execute(plan_of(root, *((path, "top/k.jpg") for path in ("top/1.jpg", "s/m/1.jpg", "s/m/deep/1.jpg")), action=ACTION))
said["purged"] = sorted(purge(str(root)).purged)
said["left"] = sorted(path for path, seen in tree(root).items() if seen != "folder")
print(json.dumps(said))
"""

ALL = ["s/m/1.jpg", "s/m/deep/1.jpg", "top/1.jpg"]


@pytest.mark.parametrize(
    "mounting",
    ["mount -t tmpfs none $ROOT/s/m", "mkdir $ROOT/real && mount --bind $ROOT/real $ROOT/s/m"],
    ids=["another filesystem", "the same filesystem, mounted a second time"],
)
def test_each_file_goes_to_the_trash_of_its_own_mount(tmp_path: Path, mounting: str) -> None:
    make_archive(tmp_path, {"s/m/": b""})
    said = json.loads(in_private_mounts(mounting, PROGRAM.replace("ACTION", "'trash'"), tmp_path))
    assert said == {"trash": ["", "s/m/"], "refused": {}, "undone": True, "purged": ALL, "left": ["top/k.jpg"]} | (
        {"left": said["left"]} if "bind" in mounting else {}
    )


def test_where_the_system_does_not_tell_its_mounts_devices_tell_filesystems(tmp_path: Path) -> None:
    make_archive(tmp_path, {"s/m/": b""})
    blind = "from catalog_tui.core.removal import trash\ntrash.mount_points = frozenset\n"
    program = blind + PROGRAM.replace("ACTION", "'trash'")
    said = json.loads(in_private_mounts("mount -t tmpfs none $ROOT/s/m", program, tmp_path))
    assert (said["trash"], said["undone"]) == (["", "s/m/"], True)


def test_hard_links_cannot_reach_another_filesystem_and_it_is_said(tmp_path: Path) -> None:
    make_archive(tmp_path, {"s/m/": b""})
    program = PROGRAM.replace("ACTION", "'hardlink'")
    said = json.loads(in_private_mounts("mount -t tmpfs none $ROOT/s/m", program, tmp_path))
    reason = "it lies on another filesystem"
    assert said["refused"] == {"s/m/1.jpg": reason, "s/m/deep/1.jpg": reason}
    assert said["undone"]
    assert said["left"] == ["s/m/1.jpg", "s/m/deep/1.jpg", "top/1.jpg", "top/k.jpg"]


READ_ONLY = """
import sys
from pathlib import Path
from catalog_tui.core.removal.executor import execute
from tests.core.removal.ground import plan_of
import subprocess
root = Path(sys.argv[1])
plan = plan_of(root, ("s/m/1.jpg", "top/k.jpg"), ("top/1.jpg", "top/k.jpg"))
subprocess.run(["mount", "-o", "remount,ro", root / "s/m"], check=True)
report = execute(plan)
print([(refusal.path, refusal.reason) for refusal in report.refused], [done.path for done in report.done])
"""


def test_what_a_read_only_filesystem_holds_is_refused_by_file(tmp_path: Path) -> None:
    make_archive(tmp_path, {"s/m/": b"", "top/k.jpg": b"same", "top/1.jpg": b"same"})
    said = in_private_mounts("mount -t tmpfs none $ROOT/s/m; printf same > $ROOT/s/m/1.jpg", READ_ONLY, tmp_path)
    assert said == "[('s/m/1.jpg', 'Read-only file system')] ['top/1.jpg']\n"
