"""Importing the core, whole or in part, loads no screen and no server: other front ends share it."""

import subprocess
import sys
from pathlib import Path

import pytest

import catalog_tui.core

CORE = Path(catalog_tui.core.__file__).parent
MODULES = ["catalog_tui.core", *sorted(f"catalog_tui.core.{path.stem}" for path in CORE.glob("[a-z]*.py"))]
FOREIGN = ("textual", "starlette", "granian", "rich.console")
CHILD_NEEDS_NO = ("rich", "gettext", "msgspec", "rapidfuzz", "subprocess", "json", "tempfile", "hashlib")


def loaded_by(module: str) -> set[str]:
    code = f"import {module}, sys; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.parametrize("module", MODULES)
def test_a_module_of_the_core_loads_no_screen_and_no_server(module: str) -> None:
    assert not loaded_by(module) & set(FOREIGN)


def test_the_reading_child_loads_little_because_the_first_listing_waits_for_it() -> None:
    assert not loaded_by("catalog_tui.core.reader_child") & set(CHILD_NEEDS_NO)
