"""What differs from day to day is made the same for pictures."""

from dataclasses import replace

import pytest

from catalog_tui.core import facts
from catalog_tui.core.facts import FileFacts


@pytest.fixture(autouse=True)
def changed_when_modified(monkeypatch: pytest.MonkeyPatch) -> None:
    """When a file's record changed last cannot be set: let it be when the file was modified."""
    look = facts.file_facts

    def same_every_day(path: str) -> FileFacts:
        found = look(path)
        return replace(found, ctime_ns=found.mtime_ns)

    monkeypatch.setattr("catalog_tui.widgets.details_pane.file_facts", same_every_day)
