"""What is settled before the screen's code is loaded."""

import subprocess
import sys
from pathlib import Path

import pytest

from catalog_tui.browsing import FRAMES_PER_S
from tests.waiting import PATIENCE_S

BROWSE_WITHOUT_SCREEN = """
import sys, types
from catalog_tui.browsing import browse
from catalog_tui.config import Settings

class App:
    def __init__(self, *_):
        from textual.constants import MAX_FPS
        sys.exit(f"{MAX_FPS} frames")

sys.modules["catalog_tui.app"] = types.SimpleNamespace(CatalogApp=App)
browse(sys.argv[1], Settings(), [])
"""


@pytest.mark.parametrize(("wish", "frames"), [(None, FRAMES_PER_S), ("30", 30)])
def test_textual_draws_as_many_frames_as_keys_need_unless_the_user_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wish: str | None, frames: int
) -> None:
    monkeypatch.delenv("TEXTUAL_FPS", raising=False)
    if wish is not None:
        monkeypatch.setenv("TEXTUAL_FPS", wish)
    command = [sys.executable, "-P", "-c", BROWSE_WITHOUT_SCREEN, str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=PATIENCE_S, check=False)
    assert ended.stderr.splitlines()[-1:] == [f"{frames} frames"]
