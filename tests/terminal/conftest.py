"""Archives to walk in, and the installed command started in terminals that are closed when the test ends."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.terminal.harness import COMMAND, Terminal
from tests.trees import make_archive

Start = Callable[..., Terminal]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Two sites, two models each, three pictures each."""
    names = ("a.jpg", "b.jpg", "c.jpg")
    spec = {f"{site}/{model}/{name}": 100 for site in ("one", "two") for model in ("ann", "bea") for name in names}
    return make_archive(tmp_path / "archive", spec)


@pytest.fixture
def start(isolated: Path) -> Iterator[Start]:
    """Starts `catalog-tui WORDS…` in a terminal (keywords: its size, the environment)."""
    with ExitStack() as stack:

        def start(*words: object, **terminal: object) -> Terminal:
            return stack.enter_context(Terminal([COMMAND, *map(str, words)], **terminal))  # type: ignore[arg-type]

        yield start
