"""What a scan found, as it is handed on."""

import os
import subprocess
import sys
from pathlib import Path

from tests.core.scan.engine import scan


def test_names_that_end_within_a_character_stay_apart(tmp_path: Path) -> None:
    names = [b"a\xc3", b"b\xe2\x82", b"c\xf0\x9f\x98", b"\x80d", "é".encode()]
    for name in names:
        with open(os.path.join(os.fsencode(tmp_path), name), "xb") as file:
            file.write(b"same")
    assert scan(tmp_path, everything=True, use_index=False).names == {frozenset(names)}


def test_more_groups_than_are_made_at_once_come_each_with_its_own_files(tmp_path: Path) -> None:
    for model in "ba":  # folders are walked in the order in which they were made
        (tmp_path / model).mkdir()
        for number in range(1_203):
            path = tmp_path / model / f"{number:04}.jpg"
            path.write_bytes(b"%04d" % number)
            os.utime(path, ns=(0, number))
    found = scan(tmp_path, use_index=False)
    assert [group.id for group, _files in found.groups] == list(range(1_203))
    assert found.names == {frozenset({b"a/%04d.jpg" % number, b"b/%04d.jpg" % number}) for number in range(1_203)}
    for _group, files in found.groups:
        assert [file.path for file in files] == sorted(file.path for file in files)
        for file in files:
            seen = (tmp_path / file.path).stat()
            now = (file.device, file.inode, file.mtime_ns, file.ctime_ns)
            assert now == (seen.st_dev, seen.st_ino, seen.st_mtime_ns, seen.st_ctime_ns)


def test_a_process_that_scans_does_not_look_for_cycles_at_its_end() -> None:
    program = (
        "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count() > 0));"
        "from catalog_tui.core.scan.collector import no_collector\n"
        "with no_collector(): pass"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
