import os
from pathlib import Path

import pytest

from catalog_tui.core.errors import Cancelled
from catalog_tui.core.layout import (
    LOOSE,
    Folders,
    LayoutRules,
    Link,
    folder_of,
    follow,
    is_loose,
    is_name_within,
    read_folders,
)
from tests.corpus import NASTY_NAMES
from tests.trees import make_archive


def names(folders: Folders) -> list[str]:
    return list(folders.names)


def test_folders_are_listed_in_natural_order_with_their_dates(tmp_path: Path) -> None:
    make_archive(tmp_path, {"m10/a.jpg": b"", "m2/a.jpg": b"", "M1/": b"", "file.jpg": b""})
    os.utime(tmp_path / "m10", ns=(0, 7))
    folders = read_folders(str(tmp_path))
    assert names(folders) == ["M1", "m2", "m10"]
    assert folders.mtimes_ns[2] == 7
    assert folders.links == b"\0\0\0"
    assert list(folders.stamps.folders) == [""]


def test_hidden_and_systems_folders_are_no_models(tmp_path: Path) -> None:
    make_archive(tmp_path, {".hidden/": b"", "@eaDir/": b"", "#recycle/": b"", ".catalog-trash/": b"", "real/": b""})
    assert names(read_folders(str(tmp_path))) == ["real"]


def test_loose_files_come_first(tmp_path: Path) -> None:
    make_archive(tmp_path, {"!/": b"", "loose.jpg": b""})
    assert names(read_folders(str(tmp_path), loose=True)) == [LOOSE, "!"]


@pytest.mark.parametrize("name", [".hidden.jpg", "clip.mp4.part", "x.info.json", "info.json"])
def test_what_would_not_be_listed_makes_no_loose_files(tmp_path: Path, name: str) -> None:
    make_archive(tmp_path, {name: b"", "model/": b""})
    assert names(read_folders(str(tmp_path), loose=True)) == ["model"]


def test_a_lone_document_is_a_loose_file(tmp_path: Path) -> None:
    make_archive(tmp_path, {"letter.txt": b"", "x.info.json": b""})
    assert names(read_folders(str(tmp_path), loose=True)) == [LOOSE]


def test_models_may_lie_deeper_and_loose_files_on_the_way_are_not_lost(tmp_path: Path) -> None:
    make_archive(tmp_path, {"b/2/x.jpg": b"", "b/10/y/z.jpg": b"", "b/loose.jpg": b"", "a/1/": b"", "top.jpg": b""})
    folders = read_folders(str(tmp_path), levels=2, loose=True)
    assert names(folders) == ["", "b/", "a/1", "b/2", "b/10"]
    assert sorted(folders.stamps.folders) == ["", "a", "b"]


def test_the_depth_is_a_rule_of_a_site() -> None:
    rules = LayoutRules({"kemono": 3, "flat": 1})
    assert [rules.levels_in(site) for site in ("kemono", "instagram", "flat")] == [2, 1, 1]


def test_no_folder_can_bear_the_name_of_loose_files() -> None:
    assert is_loose(LOOSE)
    assert is_loose("a/")
    assert not is_loose("(loose files)")
    assert (folder_of(LOOSE), folder_of("a/"), folder_of("a/b")) == ("", "a", "a/b")


def test_links_to_folders_are_shown_and_not_entered(tmp_path: Path) -> None:
    make_archive(tmp_path, {"real/deep/a.jpg": b""})
    os.symlink("real", tmp_path / "link")
    os.symlink("nowhere", tmp_path / "broken")
    os.symlink("circle", tmp_path / "circle")
    assert names(read_folders(str(tmp_path), levels=2)) == ["link", "real/deep"]
    assert read_folders(str(tmp_path)).errors == ()
    folders = read_folders(str(tmp_path), loose=True)
    assert names(folders) == [LOOSE, "link", "real"]
    assert folders.links == bytes([Link.NONE, Link.SHOWN, Link.NONE])


def test_a_link_is_followed_to_each_real_folder_once(tmp_path: Path) -> None:
    make_archive(tmp_path / "disk", {"x/inner/a.jpg": b"", "y/": b""})
    archive = make_archive(tmp_path / "archive", {"site/": b""})
    for name, target in {
        "1 first": "../disk/x",
        "2 again": "../disk/x",
        "3 within": "../disk/x/inner",
        "4 around": "../disk",
        "5 home": ".",
        "6 up": "..",
        "7 own": "site",
        "8 taken": "../disk/y",
    }.items():
        os.symlink(target, archive / name)
    taken = [os.path.realpath(tmp_path / "disk/y")]
    folders = follow(read_folders(str(archive)), str(archive), str(archive), taken)
    followed = [name for name, link in zip(folders.names, folders.links, strict=True) if link == Link.FOLLOWED]
    assert followed == ["1 first"]


def test_hostile_folder_names_are_listed_exactly(tmp_path: Path) -> None:
    for name in NASTY_NAMES:
        (tmp_path / os.fsdecode(name)).mkdir()
    folders = read_folders(str(tmp_path))
    shown = {name for name in NASTY_NAMES if not name.startswith(b".")}
    assert {folders.names.raw(index) for index in range(len(folders))} == shown


@pytest.mark.parametrize(
    "path", ["", ".", "..", "a/..", "../a", "/", "/a", "a//b", "a/", "a\0", ".x", "a/.x", "@eaDir/a"]
)
def test_a_path_that_leads_elsewhere_is_not_within(path: str) -> None:
    assert not is_name_within(path)


@pytest.mark.parametrize("path", ["a", "a/b c", "…", "a..", "a.part/b.part", "\udcff"])
def test_plain_names_are_within(path: str) -> None:
    assert is_name_within(path)


def test_what_is_not_there_is_an_error_and_what_is_unwanted_given_up(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_folders(str(tmp_path / "gone"))
    with pytest.raises(Cancelled):
        read_folders(str(tmp_path), cancelled=lambda: True)
