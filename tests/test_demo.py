"""The demo archive: believable, the same every time, and never in the way of a person's own files."""

import hashlib
import os
import unicodedata
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import av
import pytest
from PIL import Image

from catalog_tui.core.errors import CatalogError, UsageError
from catalog_tui.demo import DemoSummary, make_demo
from catalog_tui.demo.items import Clip, Copy, Picture, Variant
from catalog_tui.demo.make import MARKER
from catalog_tui.demo.plan import plan_demo
from catalog_tui.demo.writing import write_original

PLAN = plan_demo()
PLATFORMS = ("linux", "darwin", "win32")


class Demo(NamedTuple):
    """A demo archive, and what making it said."""

    root: Path
    summary: DemoSummary
    steps: list[tuple[int, int]]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    root = tmp_path_factory.mktemp("demo") / "archive"
    steps: list[tuple[int, int]] = []
    return Demo(root, make_demo(root, progress=lambda done, total: steps.append((done, total))), steps)


def files(root: Path) -> list[Path]:
    return [Path(folder, name) for folder, _folders, names in os.walk(root) for name in names if name != MARKER]


def paths(platform: str) -> list[str]:
    plan = plan_demo(platform)
    return [item.path for item in (*plan.originals, *plan.derived)]


def test_it_has_several_sites_tens_of_models_and_hundreds_of_files(demo: Demo) -> None:
    models = [folder for folder in demo.root.glob("*/*") if folder.is_dir()]
    assert demo.summary.sites == len([site for site in demo.root.iterdir() if site.is_dir()]) >= 5
    assert demo.summary.models == len(models) >= 20
    assert demo.summary.files == len(files(demo.root)) >= 500
    assert demo.summary.size_bytes == sum(file.stat().st_size for file in files(demo.root))
    counts = sorted(len(files(model)) for model in models)
    assert counts[0] == 0
    assert counts[1] < 10
    assert counts[-1] > 100


def test_progress_counts_every_file_once(demo: Demo) -> None:
    assert demo.steps == [(done, demo.summary.files) for done in range(1, demo.summary.files + 1)]


def test_every_picture_decodes_and_is_what_its_plan_says(demo: Demo) -> None:
    pictures = [item for item in PLAN.originals if isinstance(item, Picture)]
    for item in pictures:
        with Image.open(demo.root / item.path) as picture:
            picture.load()
            assert (picture.format, picture.size) == (item.image_format, item.size)
    assert {item.image_format for item in pictures} == {"JPEG", "PNG", "WEBP"}


def test_every_clip_moves(demo: Demo) -> None:
    clips = [item for item in PLAN.originals if isinstance(item, Clip)]
    for item in clips:
        with av.open(str(demo.root / item.path)) as container:
            frames = [bytes(frame.planes[0]) for frame in container.decode(video=0)]
        assert len(frames) >= 6
        assert len(set(frames)) > len(frames) // 3
    assert {os.path.splitext(item.path)[1] for item in clips} == {".mp4", ".mkv", ".gif"}


def test_the_duplicates_are_those_planted_and_no_others(demo: Demo) -> None:
    planted: dict[str, set[str]] = defaultdict(set)
    for copy in PLAN.derived:
        if isinstance(copy, Copy):
            planted[copy.source] |= {copy.source, copy.path}
    by_content: dict[str, set[str]] = defaultdict(set)
    for item in (*PLAN.originals, *PLAN.derived):
        if isinstance(item, Picture | Clip | Copy | Variant):
            by_content[hashlib.sha256((demo.root / item.path).read_bytes()).hexdigest()].add(item.path)
    found = [group for group in by_content.values() if len(group) > 1]
    assert sorted(map(sorted, found)) == sorted(map(sorted, planted.values()))
    assert len(found) >= 40
    assert any(len(group) > 3 for group in found)
    assert any(len({path.split("/")[0] for path in group}) > 1 for group in found)


def test_hard_links_are_one_file_and_copies_are_not(demo: Demo) -> None:
    copies = [item for item in PLAN.derived if isinstance(item, Copy)]
    for item in copies:
        assert (demo.root / item.path).samefile(demo.root / item.source) == item.hard_link
    assert sum(item.hard_link for item in copies) == 8


def test_near_duplicates_are_smaller_or_damaged_but_never_the_same(demo: Demo) -> None:
    variants = [item for item in PLAN.derived if isinstance(item, Variant)]
    assert {item.scale for item in variants} == {0, 0.35, 0.5, 0.75, 1.0}
    for item in variants:
        original, variant = (demo.root / item.source).read_bytes(), (demo.root / item.path).read_bytes()
        assert original != variant
        if item.scale == 0:
            assert original[:-1] == variant[:-1]


def test_dates_are_spread_over_years_and_lie_in_the_past(demo: Demo) -> None:
    years = {datetime.fromtimestamp(file.stat().st_mtime, UTC).year for file in files(demo.root)}
    assert years == set(range(2016, 2026))
    for item in PLAN.originals:
        assert (demo.root / item.path).stat().st_mtime == item.mtime_s


def test_it_holds_what_grown_archives_hold(demo: Demo) -> None:
    for name in (
        "tidepool/saved 3.jpg",
        "northlight/fjordlines/Fjord at night [b7Qx].mp4.part",
        "northlight/fjordlines/.thumbnails/small.jpg",
        "northlight/aster.field/no extension",
        "quiet_machines/dial tone/dial tone.wav",
        "paper.cranes/fold-and-cut/extras",
        "tidepool/empty shelf",
    ):
        assert (demo.root / name).exists(), name
    names = [file.name for file in files(demo.root)]
    for ending in (".jpg.json", ".info.json", "_UTC.txt"):
        assert any(name.endswith(ending) for name in names), ending
    assert (demo.root / "northlight/aster.field/really-a-png.jpg").read_bytes().startswith(b"\x89PNG")


def test_a_file_comes_out_the_same_when_made_again(demo: Demo, tmp_path: Path) -> None:
    for item in PLAN.originals[::40]:
        (tmp_path / item.path).parent.mkdir(parents=True, exist_ok=True)
        write_original(str(tmp_path), item)
        assert (tmp_path / item.path).read_bytes() == (demo.root / item.path).read_bytes(), item.path
    assert plan_demo() == PLAN


@pytest.mark.parametrize("platform", PLATFORMS)
def test_no_two_files_share_a_name_on_any_platform(platform: str) -> None:
    folded = [unicodedata.normalize("NFC", path).casefold() for path in paths(platform)]
    assert len(set(folded)) == len(folded)


def test_names_that_a_platform_cannot_hold_are_left_out_there() -> None:
    everywhere, mac, windows = ("".join(paths(platform)) for platform in PLATFORMS)
    assert {"\n", "\x1b", "\u202e", "\udce9"} <= set(everywhere)
    assert set(mac) == set(everywhere) - {"\udce9"}
    assert not set(windows) & set('<>:"|?*\\\n\x1b\udce9')
    assert "\u202e" in windows


def test_a_demo_made_before_is_left_as_it_is_now(demo: Demo, tmp_path: Path) -> None:
    (tmp_path / MARKER).write_bytes((demo.root / MARKER).read_bytes())  # all its files removed since
    assert make_demo(tmp_path) == replace(demo.summary, reused=True)
    assert os.listdir(tmp_path) == [MARKER]


@pytest.mark.parametrize("files_left", [900, 1])
def test_an_interrupted_demo_is_finished_by_the_next_call(tmp_path: Path, files_left: int) -> None:
    def interrupt(done: int, total: int) -> None:
        if total - done == files_left:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_demo(tmp_path / "demo", progress=interrupt)
    made = len(files(tmp_path))
    summary = make_demo(tmp_path / "demo")
    assert not summary.reused
    assert made < summary.files == len(files(tmp_path))


def test_a_folder_with_something_else_in_it_is_refused_untouched(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("mine")
    for folder in (tmp_path, tmp_path / "diary.txt"):
        with pytest.raises(UsageError, match="name a new folder"):
            make_demo(folder)
    assert files(tmp_path) == [tmp_path / "diary.txt"]


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file\n").touch()
    with pytest.raises(CatalogError, match=r"cannot make the demo in .*file\\n/demo: Not a directory") as failure:
        make_demo(tmp_path / "file\n" / "demo")
    assert "\n" not in str(failure.value)
