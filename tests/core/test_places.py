"""Where things are kept."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from platformdirs import PlatformDirs

from catalog_tui.core import places


def test_the_environment_names_each_folder(isolated: Path) -> None:
    assert places.config_dir() == isolated / "config"
    assert places.cache_dir() == isolated / "cache"
    assert places.state_dir() == isolated / "state"


def test_without_it_the_system_s_convention_holds(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for part in ("CONFIG", "CACHE", "STATE"):
        monkeypatch.delenv(f"CATALOG_TUI_{part}_DIR")
    for folder in (places.config_dir(), places.cache_dir(), places.state_dir()):
        assert folder.is_relative_to(isolated)
        assert "catalog-tui" in folder.parts


@pytest.mark.parametrize("named", [None, "", "relative/path", "/elsewhere", "/with a space "])
def test_the_convention_is_that_of_platformdirs(
    named: str | None, isolated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part in ("CONFIG", "CACHE", "STATE"):
        monkeypatch.delenv(f"CATALOG_TUI_{part}_DIR")
        monkeypatch.delenv(f"XDG_{part}_HOME", raising=False)
        if named is not None:
            monkeypatch.setenv(f"XDG_{part}_HOME", named)
    theirs = PlatformDirs("catalog-tui", appauthor=False)
    assert places.config_dir() == theirs.user_config_path
    assert places.cache_dir() == theirs.user_cache_path
    assert places.state_dir() == theirs.user_state_path
    assert places.config_file() == str(theirs.user_config_path / "config.toml")


def test_a_tilde_is_the_home(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CATALOG_TUI_CACHE_DIR", "~/kept")
    assert places.cache_dir() == isolated / "kept"


def test_a_slug_reads_like_its_archive_and_tells_archives_apart() -> None:
    first, second = places.archive_slug("/a/Archive Downloader"), places.archive_slug("/b/Archive Downloader")
    assert first.startswith("archive-downloader-")
    assert first != second


def test_every_path_to_an_archive_gives_one_slug(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    slugs = {places.archive_slug(f"{tmp_path}/{path}") for path in ("real", "real/", "link", "./link/../real")}
    assert len(slugs) == 1


@given(st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"])))
def test_a_slug_is_a_plain_file_name_whatever_the_archive_is_called(name: str) -> None:
    slug = places.archive_slug("/" + name)
    assert slug.isascii()
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert 0 < len(slug) <= 60


def test_importing_it_loads_nothing_that_is_not_needed_yet() -> None:
    code = "import sys, catalog_tui.core.places; sys.exit('platformdirs' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
