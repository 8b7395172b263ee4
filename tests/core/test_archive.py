import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_tui.core.archive import LOOSE, Archive
from catalog_tui.core.errors import ArchiveError, Cancelled, NotFollowed, Unreadable, UsageError, Vanished
from catalog_tui.core.layout import Folders, LayoutRules, Link, read_folders
from catalog_tui.core.listing import Listing, ModelInfo, never, read_info, read_listing
from catalog_tui.core.reader import DirectReader
from catalog_tui.core.stamps import Stamps
from tests.trees import make_archive

FAR_AHEAD_NS = 10**19


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class CountingReader(DirectReader):
    """Counts what is really read, and finds every folder old enough to be trusted."""

    def __init__(self) -> None:
        self.reads = 0

    def folders(
        self, top: str, *, levels: int = 1, loose: bool = False, cancelled: Callable[[], bool] = never
    ) -> Folders:
        self.reads += 1
        return read_folders(top, levels=levels, loose=loose, cancelled=cancelled, clock=lambda: FAR_AHEAD_NS)

    def listing(self, top: str, *, recursive: bool = True, cancelled: Callable[[], bool] = never) -> Listing:
        self.reads += 1
        return read_listing(top, recursive=recursive, cancelled=cancelled, clock=lambda: FAR_AHEAD_NS)

    def info(
        self, top: str, *, recursive: bool = True, cancelled: Callable[[], bool] = never
    ) -> tuple[ModelInfo, Stamps]:
        self.reads += 1
        return read_info(top, recursive=recursive, cancelled=cancelled, clock=lambda: FAR_AHEAD_NS)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_archive(
        tmp_path / "archive",
        {
            "insta/anna/1.jpg": b"123",
            "insta/anna/1.jpg.json": b"{}",
            "insta/anna/clips/2.mp4": b"4567",
            "insta/bea/a.zip": b"",
            "insta/loose.png": b"",
            "kemono/fanbox/carla/1.jpg": b"",
            "kemono/fanbox/stray.jpg": b"",
            ".hidden/x/1.jpg": b"",
        },
    )


@pytest.fixture
def reader() -> CountingReader:
    return CountingReader()


@pytest.fixture
def archive(root: Path, reader: CountingReader) -> Archive:
    return Archive(str(root), rules=LayoutRules({"kemono": 3}), reader=reader)


def test_an_archive_is_sites_models_and_media(archive: Archive) -> None:
    assert list(archive.sites().names) == ["insta", "kemono"]
    assert list(archive.models("insta").names) == [LOOSE, "anna", "bea"]
    assert list(archive.media("insta", "anna").names) == ["1.jpg", "clips/2.mp4"]
    info = archive.info("insta", "anna")
    assert info[:4] == (1, 1, 0, 7)
    assert info.side_files == 1


def test_loose_files_are_a_model_of_their_own_without_what_lies_deeper(archive: Archive) -> None:
    assert list(archive.media("insta", LOOSE).names) == ["loose.png"]


def test_figures_of_loose_files_are_of_them_alone(archive: Archive) -> None:
    assert archive.info("insta", LOOSE).images == 1


def test_models_of_a_deeper_site_and_the_loose_files_above_them(archive: Archive) -> None:
    assert list(archive.models("kemono").names) == ["fanbox/", "fanbox/carla"]
    assert list(archive.media("kemono", "fanbox/carla").names) == ["1.jpg"]
    assert list(archive.media("kemono", "fanbox/").names) == ["stray.jpg"]


def test_paths_are_absolute_and_stay_within(archive: Archive, root: Path) -> None:
    assert archive.path("insta", "anna", "clips/2.mp4") == str(root / "insta/anna/clips/2.mp4")
    assert archive.path("insta", LOOSE, "loose.png") == str(root / "insta/loose.png")
    assert archive.path("kemono", "fanbox/", "stray.jpg") == str(root / "kemono/fanbox/stray.jpg")


@pytest.mark.parametrize(
    "place",
    [
        ("..",),
        ("insta", ".."),
        ("insta", "anna", "../../x"),
        ("",),
        ("a/b",),
        (".hidden",),
        ("insta", "a\0b"),
        ("insta", "anna", "x/y.mp4.part"),
    ],
)
def test_no_name_leads_out_of_the_archive_or_to_what_is_left_out(archive: Archive, place: tuple[str, ...]) -> None:
    with pytest.raises(Vanished):
        archive.path(*place)


@pytest.mark.parametrize("ask", ["media", "info"])
def test_what_did_not_change_is_read_once(archive: Archive, reader: CountingReader, ask: str) -> None:
    first = getattr(archive, ask)("insta", "anna")
    assert reader.reads == 1
    assert getattr(archive, ask)("insta", "anna") is first
    assert reader.reads == 1


def test_sites_and_models_that_did_not_change_are_read_once(archive: Archive, reader: CountingReader) -> None:
    for _ in range(3):
        archive.sites()
        archive.models("kemono")
    assert reader.reads == 2


@pytest.mark.parametrize("place", ["anna", "anna/clips"])
def test_a_new_download_appears_without_waiting_for_the_ttl(archive: Archive, root: Path, place: str) -> None:
    assert len(archive.media("insta", "anna")) == 2
    (root / "insta" / place / "new.jpg").write_bytes(b"")
    assert len(archive.media("insta", "anna")) == 3


def test_figures_follow_a_new_download_at_once_or_within_a_second_deeper_down(root: Path) -> None:
    clock = Clock()
    archive = Archive(str(root), reader=CountingReader(), clock=clock)
    assert archive.info("insta", "anna").images == 1
    (root / "insta/anna/new.jpg").write_bytes(b"")
    assert archive.info("insta", "anna").images == 2
    (root / "insta/anna/clips/new.jpg").write_bytes(b"")
    assert archive.info("insta", "anna").images == 2
    clock.now_s = 1.0
    assert archive.info("insta", "anna").images == 3
    clock.now_s = 2.0
    assert archive.info("insta", "anna").images == 3
    (root / "insta/anna/clips/newer.jpg").write_bytes(b"")
    clock.now_s = 2.5
    assert archive.info("insta", "anna").images == 3


def test_a_new_site_and_a_new_model_appear_at_once(archive: Archive, root: Path) -> None:
    assert len(archive.sites()) == 2
    assert len(archive.models("insta")) == 3
    make_archive(root, {"tiktok/dora/1.mp4": b"", "insta/emma/": b""})
    assert "tiktok" in archive.sites().names
    assert "emma" in archive.models("insta").names


def test_figures_come_from_a_listing_that_is_there(archive: Archive, reader: CountingReader) -> None:
    listing = archive.media("insta", "anna")
    assert archive.info("insta", "anna") == listing.info()
    assert reader.reads == 1


def test_figures_do_not_come_from_a_listing_that_is_out_of_date(archive: Archive, root: Path) -> None:
    archive.media("insta", "anna")
    (root / "insta/anna/new.jpg").write_bytes(b"")
    assert archive.info("insta", "anna").images == 2


def test_a_model_may_be_called_like_an_unfinished_download(archive: Archive, root: Path) -> None:
    make_archive(root, {"insta/dora.part/1.jpg": b""})
    assert list(archive.media("insta", "dora.part").names) == ["1.jpg"]


def test_what_is_gone_is_told_as_vanished(archive: Archive, root: Path) -> None:
    archive.media("insta", "anna")
    (root / "insta/anna").rename(root / "insta/renamed")
    for ask in (archive.media, archive.info):
        with pytest.raises(Vanished, match="anna is not there"):
            ask("insta", "anna")
    with pytest.raises(Vanished):
        archive.models("nowhere")


def test_no_archive_at_all_is_told(tmp_path: Path) -> None:
    with pytest.raises(Vanished, match="nowhere is not there"):
        Archive(str(tmp_path / "nowhere")).sites()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Unreadable, match="file is not a folder"):
        Archive(str(tmp_path / "file")).sites()


def test_other_words_of_the_system_are_passed_on(root: Path) -> None:
    (root / "insta/anna").rename(root / "insta/anne")
    os.symlink("anna", root / "insta/anna")  # a link to itself
    with pytest.raises(ArchiveError, match="anna"):
        Archive(str(root), rules=LayoutRules(follow_links=True)).media("insta", "anna")

    class Denied(DirectReader):
        def listing(self, top: str, *, recursive: bool = True, cancelled: Callable[[], bool] = never) -> Listing:
            raise PermissionError(13, "Permission denied", top)

    with pytest.raises(Unreadable, match="may not be read"):
        Archive(str(root), reader=Denied()).media("insta", "bea")

    class Failing(DirectReader):
        def listing(self, top: str, *, recursive: bool = True, cancelled: Callable[[], bool] = never) -> Listing:
            raise OSError(5, "Input/output error", top)

    with pytest.raises(Unreadable, match="Input/output error"):
        Archive(str(root), reader=Failing()).media("insta", "bea")


def test_many_models_are_each_what_one_alone_would_be(archive: Archive, reader: CountingReader) -> None:
    models = ["anna", "no such", LOOSE, "bea", "../x"]
    found = list(archive.media_of("insta", models))
    reads = reader.reads
    for model, listing in zip(models, found, strict=True):
        if isinstance(listing, ArchiveError):
            with pytest.raises(type(listing)) as told:
                archive.media("insta", model)
            assert str(told.value) == str(listing)
        else:
            assert archive.media("insta", model) is listing
    assert [isinstance(listing, ArchiveError) for listing in found] == [False, True, False, False, True]
    assert isinstance(found[2], Listing) and list(found[2].names) == ["loose.png"]
    again = list(archive.media_of("insta", models))
    assert [one is other for one, other in zip(found, again, strict=True)] == [True, False, True, True, False]
    assert reader.reads == reads + 2  # the model that is not there was looked for, once alone and once among them


def test_of_many_models_only_what_changed_is_read_again(archive: Archive, root: Path, reader: CountingReader) -> None:
    models = [f"{number:03}" for number in range(150)]  # several times what is asked for at once
    make_archive(root, {f"many/{model}/1.jpg": b"" for model in models})
    assert [len(listing) for listing in archive.media_of("many", models) if isinstance(listing, Listing)] == [1] * 150
    (root / "many/149/2.jpg").touch()
    reads = reader.reads
    counts = [len(listing) for listing in archive.media_of("many", models) if isinstance(listing, Listing)]
    assert counts == [1] * 149 + [2]
    assert reader.reads == reads + 1


def test_a_hostile_name_in_a_message_is_made_visible(root: Path) -> None:
    with pytest.raises(Vanished) as told:
        Archive(str(root)).models("\x1b]0;owned\x07\n")
    assert str(told.value).isprintable()


def test_reading_is_given_up_when_nobody_wants_it(archive: Archive) -> None:
    for ask in (archive.media, archive.info):
        with pytest.raises(Cancelled):
            ask("insta", "anna", cancelled=lambda: True)
    assert len(archive.media("insta", "anna")) == 2


def test_removing_a_model_forgets_its_site_and_the_list_of_sites(archive: Archive) -> None:
    ask_all(archive)
    archive.forget_model("insta", "anna")
    assert sizes(archive) == {"sites_list": 0, "models_cache": 1, "model_info_cache": 1, "media_list_cache": 1}


def test_removing_a_file_forgets_its_models_lists_and_its_sites_models(archive: Archive) -> None:
    ask_all(archive)
    archive.forget_file("insta", "anna", "1.jpg")
    assert sizes(archive) == {"sites_list": 1, "models_cache": 1, "model_info_cache": 2, "media_list_cache": 2}


@pytest.mark.parametrize(
    ("place", "left"), [((), [0, 0, 0, 0]), (("insta",), [1, 1, 1, 1]), (("insta", "anna"), [1, 2, 2, 2])]
)
def test_reloading_forgets_what_is_looked_at(archive: Archive, place: tuple[str, ...], left: list[int]) -> None:
    ask_all(archive)
    archive.reload(*place)
    names = ("sites_list", "models_cache", "model_info_cache", "media_list_cache")
    assert [sizes(archive)[name] for name in names] == left


def test_clearing_forgets_everything(archive: Archive) -> None:
    ask_all(archive)
    archive.clear_caches()
    assert set(sizes(archive).values()) == {0}


def ask_all(archive: Archive) -> None:
    archive.sites()
    for site, model in (("insta", "anna"), ("insta", "bea"), ("kemono", "fanbox/carla")):
        archive.models(site)
        archive.info(site, model)
        archive.media(site, model)


def sizes(archive: Archive) -> dict[str, int]:
    return {name: figures["size"] for name, figures in archive.cache_stats().items()}


@given(st.lists(st.integers(), max_size=60), st.integers(1, 70))
def test_the_pages_of_a_list_are_the_list(items: list[int], limit: int) -> None:
    first = Archive.page(items, 1, limit)
    pages = [Archive.page(items, number, limit) for number in range(1, first.pages + 1)]
    assert [item for page in pages for item in page.items] == items
    assert all(page.total == len(items) and len(page.items) <= limit for page in pages)
    assert Archive.page(items, first.pages + 1, limit).items == []


@pytest.mark.parametrize(("page", "limit"), [(0, 1), (-1, 5), (1, 0)])
def test_a_page_that_cannot_be_is_refused(page: int, limit: int) -> None:
    with pytest.raises(UsageError):
        Archive.page([], page, limit)


@pytest.fixture
def spread(root: Path, tmp_path: Path) -> Path:
    """An archive that is spread over disks by links."""
    make_archive(tmp_path / "disk", {"fay/1.jpg": b"", "site/gil/2.jpg": b"", "site/gil/3.jpg": b""})
    os.symlink(tmp_path / "disk/fay", root / "insta/fay")
    os.symlink(tmp_path / "disk/fay", root / "kemono/fay again")
    os.symlink(tmp_path / "disk/site", root / "far")
    os.symlink(root, root / "insta/loop")
    os.symlink("insta", root / "again")
    return root


def test_links_are_shown_and_not_followed(spread: Path) -> None:
    archive = Archive(str(spread))
    sites, models = archive.sites(), archive.models("insta")
    assert dict(zip(sites.names, sites.links, strict=True)) == {"again": 1, "far": 1, "insta": 0, "kemono": 0}
    assert models.links[models.names.position("fay") or 0] == Link.SHOWN
    for ask in (
        lambda: archive.models("far"),
        lambda: archive.media("insta", "fay"),
        lambda: archive.info("far", "gil"),
    ):
        with pytest.raises(NotFollowed, match="is a link"):
            ask()


def test_links_are_followed_when_asked_each_real_folder_once(spread: Path) -> None:
    archive = Archive(str(spread), rules=LayoutRules(follow_links=True))
    assert list(archive.models("far").names) == ["gil"]
    assert len(archive.media("far", "gil")) == 2
    assert list(archive.media("insta", "fay").names) == ["1.jpg"]
    for site, model in (("kemono", "fay again"), ("insta", "loop")):
        with pytest.raises(NotFollowed):
            archive.media(site, model)
