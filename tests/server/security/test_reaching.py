"""A file is opened folder by folder, or by one call where the system has one: the same is reached, and no more."""

import os
from pathlib import Path

import pytest

from catalog_tui.core.archive import Archive
from catalog_tui.server.one_call import OpenBeneath, one_call
from catalog_tui.server.presence import Presence
from catalog_tui.server.problems import Refused
from catalog_tui.server.reaching import Reacher
from tests.trees import make_archive

DEEP = "/".join(["d" * 200] * 25)  # 5,025 bytes: more than one call takes


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An archive with every kind of thing that is no file of it."""
    root = make_archive(tmp_path / "archive", {"site/model/deep/er/a.jpg": b"inside", "site/model/caf\udce9.jpg": b"x"})
    make_archive(tmp_path / "outside", {"model/a.jpg": b"outside"})
    (root / "site/model/final.jpg").symlink_to(tmp_path / "outside/model/a.jpg")
    (root / "site/model/within.jpg").symlink_to(root / "site/model/deep/er/a.jpg")
    (root / "site/model/short").symlink_to("deep/er")
    (root / "site/linked").symlink_to(tmp_path / "outside/model")
    (root / "linked").symlink_to(tmp_path / "outside")
    os.mkfifo(root / "site/model/pipe.jpg")
    here = os.open(root / "site", os.O_RDONLY)
    for name in DEEP.split("/"):
        os.mkdir(name, dir_fd=here)
        below = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(os.open("a.jpg", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)
    return root


@pytest.fixture(params=["one call", "step by step"])
def reacher(request: pytest.FixtureRequest, root: Path) -> Reacher:
    """One of each kind; this system has both."""
    beneath: OpenBeneath | None = one_call() if request.param == "one call" else None
    assert (beneath is None) == (request.param == "step by step")
    return Reacher(Archive(str(root)), Presence(str(root), os.stat(root).st_dev), follow_links=False, beneath=beneath)


@pytest.mark.parametrize(
    "path",
    ["site/model/deep/er/a.jpg", "site/model/caf\udce9.jpg", f"site/{DEEP}/a.jpg"],
    ids=["plain", "bytes", "very long"],
)
def test_what_is_there_is_reached(reacher: Reacher, path: str) -> None:
    file = reacher.open(path)
    assert os.path.samestat(os.fstat(file.descriptor), file.status)
    assert not os.get_inheritable(file.descriptor)
    os.close(file.descriptor)


@pytest.mark.parametrize(
    "path",
    [
        "site/model/final.jpg",
        "site/model/within.jpg",
        "site/model/short/a.jpg",
        "site/linked/a.jpg",
        "linked/model/a.jpg",
        "site/model/deep",
        "site/model/deep/er/a.jpg/b.jpg",
        "site/model/pipe.jpg",
        "site/model/missing.jpg",
        "site/../../outside/model/a.jpg",
        "site/model/deep/../deep/er/a.jpg",
    ],
)
def test_nothing_else_is(reacher: Reacher, path: str) -> None:
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(Refused) as refused:
        reacher.open(path)
    assert refused.value.status == 404
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("beneath", [one_call(), None], ids=["one call", "step by step"])
def test_where_another_filesystem_stands_in_the_archive_s_place_it_is_away(
    root: Path, beneath: OpenBeneath | None
) -> None:
    elsewhere = Presence(str(root), os.stat(root).st_dev + 1)
    reacher = Reacher(Archive(str(root)), elsewhere, follow_links=False, beneath=beneath)
    with pytest.raises(Refused) as refused:
        reacher.open("site/model/deep/er/a.jpg")
    assert (refused.value.status, refused.value.code) == (503, "archive_away")


def test_the_call_itself_goes_through_no_link_and_never_up(root: Path) -> None:
    beneath = one_call()
    assert beneath is not None
    here = os.open(root / "site", os.O_RDONLY)
    for path in (b"linked/a.jpg", b"model/short/a.jpg", b"../site/model/deep/er/a.jpg", os.fsencode(root / "x")):
        with pytest.raises(OSError, match=r"Too many levels|cross-device"):
            beneath(here, path)
    os.close(here)
