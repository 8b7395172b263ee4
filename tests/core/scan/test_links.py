"""Links to site and model folders are followed when that is asked for: as browsing follows them, each folder once."""

import os
import random
from contextlib import closing
from pathlib import Path

import pytest

from catalog_tui.core.archive import Archive
from catalog_tui.core.layout import LayoutRules, Link, folder_of
from catalog_tui.core.scan.events import Finished
from catalog_tui.core.scan.options import ScanOptions
from catalog_tui.core.scan.process import ScanProcess
from catalog_tui.core.scan.results import ScanResult
from tests.core.scan.command import scan as scan_by_command
from tests.core.scan.engine import Found, scan
from tests.trees import make_archive

COPY = b"the same everywhere" * 100


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An archive with one picture, beside a disk with three copies of it: in a model, and in a site of a model."""
    make_archive(tmp_path / "disk", {"fay/1.jpg": COPY, "site/gil/2.jpg": COPY, "site/gil/deep/3.jpg": COPY})
    return make_archive(tmp_path / "archive", {"insta/anna/a.jpg": COPY})


def followed(root: Path, *, everything: bool = False) -> Found:
    return scan(root, use_index=False, follow_links=True, everything=everything)


def names(found: Found) -> set[str]:
    """All names in all groups."""
    return {os.fsdecode(name) for group in found.names for name in group}


@pytest.mark.parametrize("everything", [False, True])
def test_what_lies_behind_links_to_sites_and_models_is_compared_with_the_rest(root: Path, everything: bool) -> None:
    os.symlink("../disk/site", root / "far")
    os.symlink("../../disk/fay", root / "insta/fay")
    found = followed(root, everything=everything)
    assert names(found) == {"insta/anna/a.jpg", "insta/fay/1.jpg", "far/gil/2.jpg", "far/gil/deep/3.jpg"}
    assert found.summary.total_waste_bytes == 3 * len(COPY)
    assert found.errors == {}


def test_links_are_not_followed_unless_that_is_asked_for(root: Path) -> None:
    os.symlink("../disk/site", root / "far")
    assert scan(root, use_index=False).summary.files == 1


def test_a_link_in_a_followed_site_is_one_to_a_model(root: Path) -> None:
    os.symlink("../disk/site", root / "far")
    os.symlink("../fay", root.parent / "disk/site/fay")
    assert "far/fay/1.jpg" in names(followed(root))


def test_links_below_a_model_and_to_files_are_not_followed(root: Path) -> None:
    os.symlink("../../../disk/fay", root / "insta/anna/fay")
    os.symlink("../../../disk/fay/1.jpg", root / "insta/anna/b.jpg")
    os.symlink("../disk/fay/1.jpg", root / "c.jpg")
    found = followed(root, everything=True)
    assert (found.summary.files, found.errors) == (1, {})


def test_how_deep_models_lie_says_how_deep_links_are_followed(root: Path) -> None:
    os.symlink("../../../disk/fay", root / "insta/anna/fay")
    found = scan(root, use_index=False, follow_links=True, depths=(("insta", 3),))
    assert names(found) == {"insta/anna/a.jpg", "insta/anna/fay/1.jpg"}


@pytest.mark.parametrize("target", [".", "..", "insta", "insta/anna", "../..", "/", "round", "nowhere"])
@pytest.mark.parametrize("place", ["round", "insta/round"])
def test_a_link_round_in_circles_is_not_followed(root: Path, place: str, target: str) -> None:
    (root / "insta/anna/b.jpg").write_bytes(COPY)
    os.symlink(target if target in ("nowhere", "round", "/") else root / target, root / place)
    found = followed(root)
    assert (names(found), found.summary.files) == ({"insta/anna/a.jpg", "insta/anna/b.jpg"}, 2)
    assert found.errors == {}


def test_a_folder_that_several_links_lead_to_is_met_once(root: Path) -> None:
    os.symlink("../disk/site", root / "far")
    for name in ("again", "once more"):
        os.symlink("../far", root / "insta" / name)
    os.symlink("../../disk/site/gil", root / "insta/gil")
    os.symlink("../disk", root / "whole disk")
    found = followed(root)
    assert names(found) == {"insta/anna/a.jpg", "far/gil/2.jpg", "far/gil/deep/3.jpg"}


def test_one_file_under_names_here_and_behind_a_link_is_no_waste(root: Path) -> None:
    os.link(root / "insta/anna/a.jpg", root.parent / "disk/fay/linked.jpg")
    os.remove(root.parent / "disk/fay/1.jpg")
    os.symlink("../../disk/fay", root / "insta/fay")
    found = followed(root)
    assert (found.summary.files, found.summary.duplicate_groups, found.summary.total_waste_bytes) == (2, 0, 0)


def test_a_folder_that_cannot_be_read_is_said_once(root: Path) -> None:
    os.symlink("../disk/site", root / "far")
    (root.parent / "disk/site").rename(root.parent / "disk/elsewhere")
    (root.parent / "disk/site").write_bytes(b"no folder any more")
    assert followed(root).errors == {}, "a link to a file is no site"


def test_the_trash_behind_a_link_is_left_out(root: Path) -> None:
    make_archive(root.parent / "disk", {"site/.catalog-trash/run/4.jpg": COPY})
    os.symlink("../disk/site", root / "far")
    assert not any(".catalog-trash" in name for name in names(followed(root, everything=True)))


def test_excluded_links_are_not_entered(root: Path) -> None:
    os.symlink("../disk/site", root / "far")
    assert scan(root, use_index=False, follow_links=True, exclude=("far",)).summary.files == 1


@pytest.mark.usefixtures("settled")
def test_a_result_with_links_is_not_given_for_one_without(root: Path) -> None:
    first = scan(root, follow_links=True)
    os.symlink("../disk/site", root / "far")
    assert scan(root, follow_links=True).summary.files == first.summary.files + 2
    assert scan(root).summary.files == first.summary.files
    again = scan(root, follow_links=True)
    assert (again.summary.files, again.summary.bytes_read) == (first.summary.files + 2, 0)


def test_the_command_follows_links_by_flag_or_settings(root: Path, tmp_path: Path) -> None:
    os.symlink("../disk/site", root / "far")
    os.symlink("../../../disk/fay", root / "insta/anna/fay")
    (tmp_path / "settings.toml").write_text("follow_links = true\n[depth]\ninsta = 2\n")
    settings = ("--config", str(tmp_path / "settings.toml"))
    assert scan_by_command(root).result["files"] == 1
    assert scan_by_command(root, "--follow-links").result["files"] == 3
    assert scan_by_command(root, *settings).result["files"] == 4
    assert scan_by_command(root, *settings, "--no-follow-links").result["files"] == 1


def test_a_scan_in_a_process_of_its_own_follows_them_too(root: Path) -> None:
    os.symlink("../../../disk/fay", root / "insta/anna/fay")
    with closing(ScanProcess(ScanOptions(str(root), follow_links=True, depths=(("insta", 3),)))) as process:
        process.start()
        *_, last = process.events()
    assert isinstance(last, Finished)
    with ScanResult.open(str(root)) as result:
        ((_group, files),) = result.everything()
    assert {file.path for file in files} == {"insta/anna/a.jpg", "insta/anna/fay/1.jpg"}


@pytest.mark.parametrize("seed", range(40))
def test_what_is_scanned_is_what_can_be_browsed(tmp_path: Path, seed: int) -> None:
    root = make_tangle(tmp_path, random.Random(seed))
    depths = (("site1", 3),)
    archive = Archive(str(root), rules=LayoutRules(dict(depths), follow_links=True))
    browsed = set()
    for site, link in zip((sites := archive.sites()).names, sites.links, strict=True):
        if link == Link.SHOWN:
            continue
        for model, kind in zip((models := archive.models(site)).names, models.links, strict=True):
            if kind != Link.SHOWN:
                folder = "/".join(filter(None, (site, folder_of(model))))
                listed = archive.media(site, model).names  # with links to folders, which are shown only
                browsed |= {f"{folder}/{name}" for name in listed if name.endswith(".jpg")}
    loose = {entry.name for entry in os.scandir(root) if entry.is_file(follow_symlinks=False)}
    found = scan(root, use_index=False, follow_links=True, depths=depths)
    assert names(found) == browsed | loose
    assert found.errors == {}


def make_tangle(parent: Path, rng: random.Random) -> Path:
    """An archive whose files are all alike, among folders elsewhere, with links from anywhere to anywhere."""
    homes = ["archive", "one", "two"]
    folders = [parent / home for home in homes]
    folders += [parent / home / f"site{rng.randrange(3)}" for home in homes for _ in range(2)]
    folders += [folder / f"model{rng.randrange(3)}" for folder in folders[3:] for _ in range(2)]
    folders += [folder / f"deep{rng.randrange(2)}" for folder in folders[9:]]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "a.jpg").write_bytes(COPY)
        (folder / "b.jpg").write_bytes(COPY)
    for number in range(rng.randrange(4, 20)):
        os.symlink(rng.choice(folders), rng.choice(folders) / f"link{number}")
    return parent / "archive"
