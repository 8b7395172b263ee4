import os
import subprocess
import sys
from array import array
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from catalog_tui.core import folder as folder_module
from catalog_tui.core.errors import Cancelled
from catalog_tui.core.folder import Folder
from catalog_tui.core.kinds import Kind
from catalog_tui.core.listing import Listing, ModelInfo, read_info, read_listing
from catalog_tui.core.natural import natural_order
from tests.corpus import NASTY_NAMES

NOBODY = 65534
LONG_AGO_S = 1_500_000_000


def fill(top: Path, *paths: str, content: bytes = b"x") -> None:
    for path in paths:
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_bytes(content)


def names_in(top: Path) -> list[str]:
    return list(read_listing(str(top)).names)


def test_a_listing_is_recursive_and_in_natural_order(tmp_path: Path) -> None:
    fill(tmp_path, "img10.jpg", "img2.jpg", "IMG1.jpg", "set 10/1.jpg", "set 2/10.jpg", "set 2/9.jpg", "set.jpg")
    assert names_in(tmp_path) == [
        "IMG1.jpg",
        "img2.jpg",
        "img10.jpg",
        "set 2/9.jpg",
        "set 2/10.jpg",
        "set 10/1.jpg",
        "set.jpg",
    ]


def test_only_the_folder_itself_is_listed_when_asked_so(tmp_path: Path) -> None:
    fill(tmp_path, "a.jpg", "inner/b.jpg")
    listing = read_listing(str(tmp_path), recursive=False)
    assert list(listing.names) == ["a.jpg"]
    assert list(listing.stamps.folders) == [""]


def test_the_columns_belong_together(tmp_path: Path) -> None:
    for number in (10, 9, 8):
        fill(tmp_path, f"{number}.jpg", content=b"x" * number)
        os.utime(tmp_path / f"{number}.jpg", ns=(0, number))
    fill(tmp_path, "7.mp4", "6.zip")
    os.symlink("nowhere", tmp_path / "5.png")
    listing = read_listing(str(tmp_path))
    assert list(listing.names) == ["5.png", "6.zip", "7.mp4", "8.jpg", "9.jpg", "10.jpg"]
    assert listing.sizes == array("q", [7, 1, 1, 8, 9, 10])
    assert list(listing.mtimes_ns[3:]) == [8, 9, 10]
    assert listing.kinds == bytes([Kind.IMAGE, Kind.OTHER, Kind.VIDEO, Kind.IMAGE, Kind.IMAGE, Kind.IMAGE])
    assert listing.links == b"\1\0\0\0\0\0"


def test_hidden_things_unfinished_downloads_and_systems_folders_are_left_out(tmp_path: Path) -> None:
    fill(tmp_path, "a.jpg", ".b.jpg", ".git/c.jpg", "@eaDir/d.jpg", "#recycle/e.jpg", "f.mp4.part", "g.mp4.ytdl")
    fill(tmp_path, "h.part/i.jpg", "x.mp4.part-Frag7")
    assert names_in(tmp_path) == ["a.jpg", "h.part/i.jpg"]


def test_what_aria2_still_writes_to_is_left_out(tmp_path: Path) -> None:
    fill(tmp_path, "under way.mp4", "under way.mp4.aria2", "done.mp4")
    assert names_in(tmp_path) == ["done.mp4"]


def test_side_files_are_counted_and_not_listed(tmp_path: Path) -> None:
    fill(tmp_path, "a.jpg", "a.jpg.json", "b.mp4", "b.info.json", "inner/a.json", "inner/a.png", "letter.txt")
    listing = read_listing(str(tmp_path))
    assert list(listing.names) == ["a.jpg", "b.mp4", "inner/a.png", "letter.txt"]
    assert listing.kinds == bytes([Kind.IMAGE, Kind.VIDEO, Kind.IMAGE, Kind.OTHER])
    assert listing.side_files == 3


def test_files_without_a_telling_suffix_are_looked_into(tmp_path: Path) -> None:
    fill(tmp_path, "picture", "p.quux", content=b"\xff\xd8\xff\xe0")
    fill(tmp_path, "film.unknown", content=b"\x1a\x45\xdf\xa3webm")
    fill(tmp_path, "text")
    fill(tmp_path, "nothing", content=b"")
    listing = read_listing(str(tmp_path))
    assert dict(zip(listing.names, listing.kinds, strict=True)) == {
        "picture": Kind.IMAGE,
        "p.quux": Kind.IMAGE,
        "film.unknown": Kind.VIDEO,
        "text": Kind.OTHER,
        "nothing": Kind.OTHER,
    }


def test_a_pipe_among_the_files_holds_nothing_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert names_in(tmp_path) == ["pipe"]


def test_links_are_shown_and_not_followed(tmp_path: Path) -> None:
    fill(tmp_path, "outside/far.jpg", "model/a.jpg")
    os.symlink("../outside", tmp_path / "model/away")
    os.symlink("../outside/far.jpg", tmp_path / "model/near.jpg")
    os.symlink(".", tmp_path / "model/circle")
    os.symlink("loop", tmp_path / "model/loop")
    listing = read_listing(str(tmp_path / "model"))
    assert list(listing.names) == ["a.jpg", "away", "circle", "loop", "near.jpg"]
    assert listing.links == b"\0\1\1\1\1"
    assert listing.kinds[-1] == Kind.IMAGE


def test_hostile_names_are_listed_exactly(tmp_path: Path) -> None:
    for name in NASTY_NAMES:
        (tmp_path / os.fsdecode(name)).write_bytes(b"text")
    shown = sorted(name for name in os.listdir(os.fsencode(tmp_path)) if not name.startswith(b"."))
    listing = read_listing(str(tmp_path))
    assert sorted(listing.names.raw(index) for index in range(len(listing))) == shown
    assert natural_order(list(listing.names)) == list(range(len(listing)))


def test_a_path_of_a_thousand_folders_is_listed(tmp_path: Path) -> None:
    bottom = deep_folders(tmp_path, 1000)
    listing = old_listing(tmp_path)
    assert list(listing.names) == [f"{bottom}/deep.jpg"]
    assert listing.errors == ()
    assert listing.stamps.hold(str(tmp_path))
    clear_deep_folders(tmp_path)


def deep_folders(top: Path, depth: int) -> str:
    """Folders in folders with a picture in the innermost, made step by step: no call takes so long a path."""
    here = os.open(top, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("folder", dir_fd=here)
        there = os.open("folder", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = there
    os.close(os.open("deep.jpg", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)
    return "/".join(["folder"] * depth)


def clear_deep_folders(top: Path) -> None:
    """What pytest's own clearing up cannot do."""
    subprocess.run(["rm", "-rf", str(top / "folder")], check=True)


def test_where_folders_have_no_descriptors_they_are_read_by_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, "a.jpg", "inner/b", content=b"\xff\xd8\xff\xe0")
    by_descriptor = read_listing(str(tmp_path))
    monkeypatch.setattr(folder_module, "BY_DESCRIPTOR", False)
    assert read_listing(str(tmp_path)) == by_descriptor


def test_a_folder_that_may_not_be_read_is_told_and_the_rest_is_listed(tmp_path: Path) -> None:
    fill(tmp_path, "a.jpg", "secret/b.jpg", "unsearchable/c.jpg", "open/d.jpg")
    (tmp_path / "secret").chmod(0)
    (tmp_path / "unsearchable").chmod(0o444)
    told = as_nobody(tmp_path, "list(r.names), sorted(map(tuple, r.errors)), r.info().errors, info.errors")
    denied = "Permission denied"
    errors = [("secret", denied), ("unsearchable/c.jpg", denied)]
    assert told == repr((["a.jpg", "open/d.jpg"], errors, 2, 2))
    assert as_nobody(tmp_path, "r.stamps.hold(top)") == "True"  # what cannot be read is not read again and again


def as_nobody(top: Path, expression: str) -> str:
    """What `expression` gives of what a user reads who owns nothing (the tests may run as root)."""
    for folder in [top, *top.parents][:-2]:
        folder.chmod(folder.stat().st_mode | 0o055)
    code = (
        "import os\nfrom catalog_tui.core.listing import read_info, read_listing\n"
        f"if os.geteuid() == 0: os.setgroups([]); os.setegid({NOBODY}); os.seteuid({NOBODY})\n"
        f"top = {str(top)!r}\nr = read_listing(top, clock=lambda: 10**19)\ninfo, _ = read_info(top)\n"
        f"print(({expression}))"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("read", [read_listing, read_info])
def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path, read: Callable[[str], object]) -> None:
    with pytest.raises(FileNotFoundError):
        read(str(tmp_path / "gone"))
    fill(tmp_path, "file.jpg")
    with pytest.raises(NotADirectoryError):
        read(str(tmp_path / "file.jpg"))


def test_the_figures_are_those_of_the_listing(tmp_path: Path) -> None:
    fill(tmp_path, "a.jpg", "b/c.mp4", "b/c.mp4.json", "d.zip", content=b"four")
    os.utime(tmp_path / "a.jpg", ns=(0, 2 * 10**18))
    listing = read_listing(str(tmp_path))
    info, stamps = read_info(str(tmp_path))
    assert info == listing.info() == ModelInfo(1, 1, 1, 12, 2 * 10**18, 1, 0)
    assert stamps == listing.stamps


def test_an_empty_folder_has_an_empty_listing(tmp_path: Path) -> None:
    assert len(read_listing(str(tmp_path))) == 0
    assert read_listing(str(tmp_path)).info() == ModelInfo(0, 0, 0, 0, 0, 0, 0)


def test_a_file_that_vanishes_while_its_folder_is_read_is_no_error(tmp_path: Path) -> None:
    fill(tmp_path, "a.jpg", "b.jpg")

    def remove_one() -> bool:  # asked when the names are known and their stats are not
        (tmp_path / "a.jpg").unlink()
        return False

    listing = read_listing(str(tmp_path), cancelled=remove_one)
    assert list(listing.names) == ["b.jpg"]
    assert listing.errors == ()


def test_a_folder_that_turned_into_a_link_is_not_entered(tmp_path: Path) -> None:
    fill(tmp_path, "model/a.jpg")
    os.symlink("model", tmp_path / "link")
    with pytest.raises(NotADirectoryError):
        Folder(str(tmp_path / "link"))
    with Folder(str(tmp_path / "link"), follow=True) as folder:
        assert [entry.name for batch in folder.batches() for entry in batch] == ["a.jpg"]


def test_the_head_of_a_pipe_is_empty_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with Folder(str(tmp_path)) as folder:
        assert folder.head("pipe", 10) == b""
        assert folder.head("gone", 10) == b""


@pytest.mark.parametrize("read", [read_listing, read_info])
def test_reading_is_given_up_when_nobody_wants_it(tmp_path: Path, read: Callable[..., object]) -> None:
    fill(tmp_path, "a.jpg")
    with pytest.raises(Cancelled):
        read(str(tmp_path), cancelled=lambda: True)


def old_listing(top: Path) -> Listing:
    """A listing read when its folders had long been left alone."""
    return read_listing(str(top), clock=lambda: 10**19)


def test_stamps_hold_while_nothing_changes(tmp_path: Path) -> None:
    fill(tmp_path, "a.jpg", "inner/b.jpg")
    stamps = old_listing(tmp_path).stamps
    assert list(stamps.folders) == ["", "inner"]
    assert stamps.hold(str(tmp_path))


@pytest.mark.parametrize("change", ["add", "remove", "rename", "chmod", "vanish"])
def test_stamps_do_not_hold_when_a_folder_below_changed(tmp_path: Path, change: str) -> None:
    fill(tmp_path, "a.jpg", "inner/b.jpg")
    os.utime(tmp_path / "inner", (LONG_AGO_S, LONG_AGO_S))
    stamps = old_listing(tmp_path).stamps
    inner = tmp_path / "inner"
    if change == "add":
        fill(inner, "c.jpg")
    elif change == "remove":
        (inner / "b.jpg").unlink()
    elif change == "rename":
        (inner / "b.jpg").rename(inner / "c.jpg")
    elif change == "chmod":
        inner.chmod(0o700)
    else:
        inner.rename(tmp_path.parent / "elsewhere")
    assert not stamps.hold(str(tmp_path))
    assert stamps.hold(str(tmp_path), only_top=True) == (change != "vanish")


def test_a_long_reading_does_not_make_a_young_folder_old(tmp_path: Path) -> None:
    fill(tmp_path, "a.jpg")
    changed_ns = max(tmp_path.stat().st_mtime_ns, tmp_path.stat().st_ctime_ns)
    looks = iter((changed_ns + 10**9, changed_ns + 10**10))
    assert not read_listing(str(tmp_path), clock=lambda: next(looks)).stamps.hold(str(tmp_path))


def test_a_folder_changed_a_moment_ago_is_not_trusted(tmp_path: Path) -> None:
    fill(tmp_path, "a.jpg")
    changed_ns = max(tmp_path.stat().st_mtime_ns, tmp_path.stat().st_ctime_ns)
    for age_ns, trusted in ((0, False), (1_999_999_999, False), (2_000_000_000, True)):
        clock = partial(int, changed_ns + age_ns)
        assert read_listing(str(tmp_path), clock=clock).stamps.hold(str(tmp_path)) is trusted
