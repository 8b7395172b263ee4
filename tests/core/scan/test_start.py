"""What a small scan does not load: every millisecond of its start is one of the hundred that a large one takes."""

import os
import subprocess
import sys
from pathlib import Path

NOT_USED = {
    "catalog_tui.config",
    "catalog_tui.core.names",
    "catalog_tui.core.scan.cluster",
    "catalog_tui.core.scan.comparing",
    "catalog_tui.core.scan.executor_crew",
    "catalog_tui.core.scan.index",
    "catalog_tui.core.scan.lock",
    "catalog_tui.core.scan.results",
    "catalog_tui.core.scan.shared_walk",
    "catalog_tui.core.side_files",
    "concurrent.futures",
    "dataclasses",
    "fnmatch",
    "hashlib",
    "pathlib",
    "random",
    "shutil",
    "socket",
    "sqlite3",
    "subprocess",
    "tempfile",
}

LOOK = """
import sys
before = set(sys.modules)
from typing import ForwardRef
from catalog_tui.cli import main
main(["scan", sys.argv[1], "--no-index", "--format", sys.argv[2]])
loaded = {name: module for name, module in sys.modules.items() if name not in before}
for name, module in loaded.items():
    classes = [each for each in vars(module).values() if isinstance(each, type) and each.__module__ == name]
    for each in classes if name.startswith("catalog_tui.") else ():
        if hasattr(each, "_fields") and any(isinstance(hint, ForwardRef) for hint in each.__annotations__.values()):
            print("quoted", f"{name}.{each.__name__}", file=sys.stderr)
    print("loaded", name, file=sys.stderr)
"""


def said_of_a_scan(tmp_path: Path, form: str) -> list[list[str]]:
    folder = tmp_path / "archive/site/model"
    folder.mkdir(parents=True)
    for name in ("a.jpg", "b.jpg"):
        (folder / name).write_bytes(b"x")
    argv = [sys.executable, "-P", "-c", LOOK, str(tmp_path / "archive"), form]
    done = subprocess.run(argv, capture_output=True, encoding="utf-8", env=os.environ, check=True)
    assert "a.jpg" in done.stdout
    return [line.split() for line in done.stderr.splitlines()]


def test_a_small_scan_loads_nothing_that_it_does_not_use(tmp_path: Path) -> None:
    loaded = {name for word, name in said_of_a_scan(tmp_path, "json") if word == "loaded"}
    assert "catalog_tui.core.scan.engine" in loaded
    assert not loaded & NOT_USED


def test_a_scan_whose_result_is_not_written_loads_nothing_that_writes_it() -> None:
    code = "import sys, catalog_tui.scan_command, catalog_tui.core.scan.engine; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert not {"json", "catalog_tui.scan_report"} & set(loaded.stdout.split())


def test_the_fields_of_its_tuples_are_not_quoted(tmp_path: Path) -> None:
    """A NamedTuple compiles each type that is text: the first use of the compiler takes 0.7 ms, each field 0.01."""
    assert not [name for word, name in said_of_a_scan(tmp_path, "null") if word == "quoted"]
