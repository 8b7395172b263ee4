"""A Redis for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.sharing.redis_server import RedisServer


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A real Redis, running, with nothing in it."""
    server = RedisServer(tmp_path / "redis")
    server.start()
    yield server
    server.close()
