"""An archive of one pair and some company, and each way that systems hold folders."""

from collections.abc import Callable
from pathlib import Path

import pytest

from catalog_tui.core.removal.system import Folder
from tests.core.removal.ground import SYSTEMS, age
from tests.trees import make_archive


@pytest.fixture(params=SYSTEMS)
def open_archive(request: pytest.FixtureRequest) -> Callable[[str], Folder]:
    """One of the ways to hold folders."""
    return SYSTEMS[request.param]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An archive with the pair `keep.jpg` and `copy.jpg` in two models, and a file of its own."""
    root = make_archive(
        tmp_path / "archive",
        {"site/a/keep.jpg": b"same bytes", "site/b/copy.jpg": b"same bytes", "site/b/other.jpg": b"its own"},
    )
    (root / "site/b/copy.jpg").chmod(0o640)
    age(root)
    return root
