"""What the tests of pictures share."""

from collections.abc import Iterator

import pytest

from catalog_tui.core.thumbnails import Thumbnails


@pytest.fixture(scope="module")
def thumbnails(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Thumbnails]:
    """Two real workers and a store, for all tests of a module."""
    with Thumbnails(tmp_path_factory.mktemp("thumbnails"), workers=2) as thumbnails:
        yield thumbnails
