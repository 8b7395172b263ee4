"""The archive that the tests of the screens browse."""

from pathlib import Path

import pytest

from tests.screens.driving import make_known_archive


@pytest.fixture
def known(tmp_path: Path) -> Path:
    """An archive of which every figure is known."""
    return make_known_archive(tmp_path / "archive")
