"""The program on a system without what only Unix has: no folder descriptors, no positioned reads, no such modules.

Not the proof that Windows itself would be, but of every branch that is taken there for want of a call.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import run_cli
from tests.core.removal.ground import tree
from tests.server.serving import serving
from tests.trees import make_archive

ELSEWHERE = str(Path(__file__).parent / "other_system")
LARGE = bytes(range(256)) * 4096  # read in pieces

IMPORT_ALL = """
import importlib, pkgutil, textual.app, catalog_tui
for module in pkgutil.walk_packages(catalog_tui.__path__, "catalog_tui."):
    if not module.name.endswith(SKIPPED):
        importlib.import_module(module.name)
"""

ONLY_HERE = ("__main__", "graphics.asking_driver", "core.scan.cluster", "core.scan.cluster_executor")
"""Programs, a driver of Textual's for Unix terminals, and Dask, which asks for `resource` where it finds Linux."""


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    places = {f"CATALOG_TUI_{part}_DIR": str(tmp_path / part.lower()) for part in ("CONFIG", "CACHE", "STATE")}
    return {**os.environ, **places, "PYTHONPATH": ELSEWHERE, "LANGUAGE": "en"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {"s/a/1.jpg": b"xx", "s/b/2.jpg": b"xx", "s/b/own.jpg": b"yy", "s/a/large.mp4": LARGE}
    return make_archive(tmp_path / "archive", {**files, "t/c/copy.mp4": LARGE, "t/c/other.mp4": LARGE[:-1] + b"!"})


def test_what_is_taken_away_is_away(environ: dict[str, str]) -> None:
    words = "import os; assert not os.supports_dir_fd and not hasattr(os, 'preadv'); import termios"
    done = subprocess.run([sys.executable, "-c", words], env=environ, capture_output=True, text=True, check=False)
    assert "import of termios halted" in done.stderr


def test_every_module_can_be_imported(environ: dict[str, str]) -> None:
    words = IMPORT_ALL.replace("SKIPPED", repr(ONLY_HERE))
    done = subprocess.run([sys.executable, "-c", words], env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_scan_finds_the_same_and_the_second_reads_nothing(root: Path, environ: dict[str, str]) -> None:
    first = run_cli("scan", str(root), "--format", "json", environ=environ)
    assert (first.returncode, first.stderr) == (0, "")
    found = json.loads(first.stdout)
    paths = [[file["path"] for file in group["files"]] for group in found["groups"]]
    assert paths == [["s/a/large.mp4", "t/c/copy.mp4"], ["s/a/1.jpg", "s/b/2.jpg"]]
    again = run_cli("scan", str(root), "--format", "json", environ=environ)
    assert json.loads(again.stdout)["groups"] == found["groups"]


def test_what_is_removed_comes_back(root: Path, environ: dict[str, str]) -> None:
    before = tree(root)
    done = run_cli("dedupe", str(root), "--keep", "prefer:s/a", "--apply", environ=environ)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (root / "s/b/2.jpg").exists() and not (root / "t/c/copy.mp4").exists()
    assert run_cli("undo", str(root), environ=environ).returncode == 0
    assert tree(root) == before


def test_the_demo_gets_its_thumbnails(tmp_path: Path, environ: dict[str, str]) -> None:
    assert run_cli("demo", "--no-open", str(tmp_path / "demo"), environ=environ).returncode == 0
    done = run_cli("thumbs", str(tmp_path / "demo"), environ=environ)
    assert done.returncode == run_cli("thumbs", str(tmp_path / "demo")).returncode
    assert "thumbnails made" in done.stderr and "Traceback" not in done.stderr


def test_the_server_answers_lists_and_parts_of_files(root: Path, tmp_path: Path) -> None:
    with serving(root, home=tmp_path / "home", environ={"PYTHONPATH": ELSEWHERE}) as server:
        sites = server.ask("/api/sites").json["sites"]
        assert [(site["name"], site["models"]) for site in sites] == [("s", 2), ("t", 1)]
        part = server.ask("/media/s/a/large.mp4", headers={"range": "bytes=300000-300009"})
        assert (part.status, part.body) == (206, LARGE[300000:300010])
        assert server.ask("/media/s/a/large.mp4").body == LARGE
        assert server.ask("/media/s/../s/a/1.jpg").status in (400, 404)
