"""What a scan found, as it is handed on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from catalog_tui.core.names import json_path
from catalog_tui.core.scan.events import Finished, Summary
from catalog_tui.core.scan.grouping import groups_of
from catalog_tui.core.scan.matching import DigestMatcher
from catalog_tui.core.scan.outcome import DuplicateFile, DuplicateGroup
from catalog_tui.core.scan.records import Files
from catalog_tui.core.scan.results import ROWS_AT_ONCE, KeptOutcome, ScanResult, save
from catalog_tui.scan_report import as_json, as_null
from tests.core.scan.engine import scan

NAMES = ("a.jpg", "é/ü.jpg", 'b"\\u0000.jpg', "c/\x1b\x7f.jpg", "d/\udcff.jpg", "日本/語.jpg")


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


def test_the_first_collection_after_a_scan_does_not_go_through_what_it_left() -> None:
    program = (
        "import gc; from catalog_tui.core.scan.collector import no_collector\n"
        "with no_collector(): left = [[] for _ in range(10_000)]\n"
        "print(len(gc.get_objects()) < 10_000)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def files_of(*inodes: int) -> Files:
    """Files of one size and device, called by their positions."""
    files = Files()
    files.device_number(1, None)
    files.folders.append(b"m")
    files.inodes.extend(inodes)
    files.add_names([f"{position}.jpg" for position in range(len(inodes))])
    for column, value in ((files.sizes, 5), (files.mtimes_ns, 0), (files.ctimes_ns, 0)):
        column.extend([value] * len(inodes))
    files.folder_of.extend([0] * len(inodes))
    files.device_of.extend([0] * len(inodes))
    return files


@pytest.mark.parametrize(
    ("inodes", "found"),
    [((7, 7), []), ((7, 8, 8), [0, 1]), ((7, 8, 7), [0, 1]), ((7, 8, 9), [0, 1, 2]), ((7, 7, 7), [])],
)
def test_a_file_that_is_met_twice_is_one(inodes: tuple[int, ...], found: list[int]) -> None:
    files = files_of(*inodes)
    matcher = DigestMatcher(files)
    matcher.add_all(range(len(inodes)), [b"d" * 16] * len(inodes))
    assert list(groups_of(files, matcher.shared({})).members) == found


def test_two_sizes_with_one_digest_are_two_groups_with_that_digest() -> None:
    files = files_of(1, 2, 3, 4, 5)
    files.sizes[2] = files.sizes[4] = 6
    matcher = DigestMatcher(files)
    matcher.add_all(range(5), [b"d" * 16] * 5)
    groups = groups_of(files, matcher.shared({}))
    assert list(groups.by_group()) == [(0, 1, 3), (2, 4)]
    assert groups.digests == [b"d" * 16] * 2
    assert groups.waste == 2 * 5 + 6


def kept(folder: Path, groups: list[tuple[DuplicateGroup, list[DuplicateFile]]]) -> KeptOutcome:
    """These groups as they come back from a scan that was kept."""
    save(folder, Summary("/", "xxh128"), groups)
    return KeptOutcome(ScanResult.in_folder(folder))


def some_groups(names: tuple[str, ...] = NAMES) -> list[tuple[DuplicateGroup, list[DuplicateFile]]]:
    """Groups of a few names, of more than are taken from the database at once, with links, and without."""
    groups = []
    for number, copies in enumerate((2, 3, ROWS_AT_ONCE * 2 + 1, 2, *[2] * ROWS_AT_ONCE)):
        files = [
            DuplicateFile(f"{number}/{at:04}-{names[(number + at) % len(names)]}", 1, 2**63 + at, number, at)
            for at in range(copies)
        ]
        if number < 3:
            files[-1] = files[-1]._replace(links=names)
        groups.append((DuplicateGroup(number, f"{number:032x}", 10, copies), files))
    return groups


def test_what_was_kept_comes_back_as_it_was(tmp_path: Path) -> None:
    outcome = kept(tmp_path, some_groups())
    assert list(outcome.groups()) == some_groups()
    outcome.close()


TEXT = tuple(name for name in NAMES if "\udcff" not in name)


@pytest.mark.parametrize("names", [NAMES, TEXT, NAMES[:1]], ids=["bytes", "text", "ascii"])
def test_json_says_each_file_as_the_json_module_would(tmp_path: Path, names: tuple[str, ...]) -> None:
    outcome = kept(tmp_path, some_groups(names))
    answer = json.loads(b"".join(as_json(Finished(Summary("/", "xxh128"), 0, outcome), [])))
    for said, (group, files) in zip(answer["groups"], some_groups(names), strict=True):
        assert (said["hash"], said["count"], said["waste"]) == (group.hash, group.copies, group.waste)
        for file_said, file in zip(said["files"], files, strict=True):
            links = [json_path(link) for link in file.links]
            assert file_said.pop("links") == [link if "path_b64" in link else link["path"] for link in links]
            assert file_said == {**json_path(file.path), "mtime_ns": file.mtime_ns}
    outcome.close()


def test_no_groups_at_all_are_no_error(tmp_path: Path) -> None:
    outcome = kept(tmp_path, [])
    finished = Finished(Summary("/", "xxh128"), 0, outcome)
    assert json.loads(b"".join(as_json(finished, [])))["groups"] == []
    assert b"".join(as_null(finished, [])) == b""
    outcome.close()
    assert scan(tmp_path, use_index=False).groups == []
