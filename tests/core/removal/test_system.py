"""The ways to hold a folder, each asked to overwrite something, to follow a link, and to do without hard links."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog_tui.core.removal.system import Folder, HeldFolder, NamedFolder, mount_points, open_top, renameat2

System = Callable[[str], Folder]


@pytest.fixture
def folders(tmp_path: Path, open_archive: System) -> tuple[Folder, Folder]:
    for name, content in (("a/one", b"1"), ("b/two", b"2")):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(content)
    top = open_archive(str(tmp_path))
    return top.child("a"), top.child("b")


def test_nothing_is_overwritten(tmp_path: Path, folders: tuple[Folder, Folder]) -> None:
    here, there = folders
    for move in (here.take, here.put):
        with pytest.raises(FileExistsError):
            move("one", there, "two")
    assert ((tmp_path / "a/one").read_bytes(), (tmp_path / "b/two").read_bytes()) == (b"1", b"2")
    here.take("one", there, "new")
    there.put("new", here, "one")
    assert (tmp_path / "a/one").read_bytes() == b"1"
    assert os.listdir(tmp_path / "b") == ["two"]


def test_what_has_gone_cannot_be_moved(folders: tuple[Folder, Folder]) -> None:
    here, there = folders
    for move in (here.take, here.put):
        with pytest.raises(FileNotFoundError):
            move("none", there, "new")


def test_links_are_moved_as_links_and_never_entered_or_read(tmp_path: Path, folders: tuple[Folder, Folder]) -> None:
    here, there = folders
    (tmp_path / "a/link").symlink_to(tmp_path / "b")
    with pytest.raises(OSError, match=r"Not a directory|Too many levels"):
        here.child("link")
    with pytest.raises(OSError, match=r"Too many levels"):
        here.open_file("link")
    here.take("link", there, "moved")
    there.put("moved", here, "back")
    assert (tmp_path / "a/back").is_symlink()
    assert here.folder_names() == []


class HeldWithoutLinks(HeldFolder):
    """As on FAT."""

    def link(self, name: str, other: HeldFolder, new: str) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    def child(self, name: str) -> "HeldWithoutLinks":
        return HeldWithoutLinks(os.dup(super().child(name)._descriptor), None)


class NamedWithoutLinks(NamedFolder):
    """As on FAT."""

    def link(self, name: str, other: NamedFolder, new: str) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    def child(self, name: str) -> "NamedWithoutLinks":
        return NamedWithoutLinks(super().child(name)._path)


@pytest.mark.parametrize("top", [lambda path: HeldWithoutLinks.top(path, None), NamedWithoutLinks])
def test_without_hard_links_nothing_is_overwritten_either(tmp_path: Path, top: System) -> None:
    for name, content in (("a/one", b"1"), ("b/two", b"2")):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(content)
    archive = top(str(tmp_path))
    with pytest.raises(FileExistsError):
        archive.child("a").put("one", archive.child("b"), "two")
    archive.child("a").put("one", archive.child("b"), "one")
    assert sorted(os.listdir(tmp_path / "b")) == ["one", "two"]


def test_this_system_is_used_at_its_best(tmp_path: Path) -> None:
    assert isinstance(open_top(str(tmp_path)), HeldFolder)
    assert renameat2() is not None


def test_mounts_are_known_by_path() -> None:
    assert "/" in mount_points()
    assert "/proc" in mount_points()
