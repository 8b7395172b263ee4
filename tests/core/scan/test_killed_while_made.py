"""A database whose maker is killed at any moment is one that the next scan can use."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog_tui.core.scan.events import Summary
from catalog_tui.core.scan.index import Index
from catalog_tui.core.scan.results import ScanResult, save

ENOUGH = 40  # statements: more than making and filling either takes

# Ends, as if killed, before the statement of this number; with 0 where there are not so many.
DYING = """
import os, sqlite3, sys
connect, left = sqlite3.connect, int(sys.argv[2])

def count(_statement):
    global left
    left -= 1
    if left < 0:
        os._exit(9)

def connect_and_count(*arguments, **options):
    connection = connect(*arguments, **options)
    connection.set_trace_callback(count)
    return connection

sqlite3.connect = connect_and_count
"""
MAKE_INDEX = "from catalog_tui.core.scan.index import Index; Index(sys.argv[1]).close()"
KEEP_RESULT = (
    "from catalog_tui.core.scan.events import Summary; from catalog_tui.core.scan.results import save;"
    "save(sys.argv[1], Summary('/a', 'xxh128'), [])"
)


def make_and_die(program: str, folder: Path, statements: int) -> bool:
    """Whether it died before its end."""
    argv = [sys.executable, "-c", DYING + program, str(folder), str(statements)]
    done = subprocess.run(argv, check=False, capture_output=True, text=True)
    assert done.returncode in (0, 9), done.stderr
    return done.returncode == 9


def use_index(folder: Path) -> None:
    index = Index(folder)
    assert index.is_empty()
    assert index.set_aside is None
    index.close()


def use_results(folder: Path) -> None:
    save(folder, Summary("/b", "xxh128"), [])
    with ScanResult.in_folder(folder) as result:
        assert result.summary.archive == "/b"
    assert not [name for name in os.listdir(folder) if name.endswith(".set-aside")]


@pytest.mark.parametrize(("program", "use"), [(MAKE_INDEX, use_index), (KEEP_RESULT, use_results)])
def test_a_database_can_be_used_whenever_its_maker_died(
    tmp_path: Path, program: str, use: Callable[[Path], None]
) -> None:
    deaths = 0
    while make_and_die(program, tmp_path / str(deaths), deaths):
        use(tmp_path / str(deaths))
        deaths += 1
        assert deaths < ENOUGH
    assert deaths > 4
