"""The archive that the tests of the screens browse."""

from pathlib import Path

import pytest

from tests.screens.driving import make_known_archive


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pilot look more often whether the app is idle: it looks twice for every key."""
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 0.004)


@pytest.fixture
def known(tmp_path: Path) -> Path:
    """An archive of which every figure is known."""
    return make_known_archive(tmp_path / "archive")
