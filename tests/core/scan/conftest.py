"""Fixtures of the scan's tests."""

import time

import pytest

LATER_NS = 10_000_000_000


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the scan run ten seconds from now: files made just before it are old enough for the index to trust them."""
    for module in ("engine", "reading"):
        monkeypatch.setattr(f"catalog_tui.core.scan.{module}.time_ns", later_ns)


def later_ns() -> int:
    """The time ten seconds from now."""
    return time.time_ns() + LATER_NS
