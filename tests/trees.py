"""Builders of folders for tests."""

import os
from collections.abc import Mapping
from pathlib import Path


def make_archive(root: Path, spec: Mapping[str, bytes | int]) -> Path:
    """Make the archive `root` of `spec`: `site/model/name` to its content, or its size in bytes (a sparse file).

    A key that ends in `/` is an empty folder. Keys may hold bytes that are not UTF-8, as os.fsdecode gives them.
    """
    root.mkdir(parents=True, exist_ok=True)
    for name, content in spec.items():
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            if isinstance(content, int):
                file.truncate(content)
            else:
                file.write(content)
    return root


def make_flat_model(root: Path, count: int, *, site: str = "site", model: str = "model") -> Path:
    """Make the archive `root` with one model of `count` empty pictures `img0.jpg` ..., quickly; gives its folder."""
    folder = root / site / model
    folder.mkdir(parents=True)
    prefix = f"{folder}{os.sep}img"
    for number in range(count):
        os.close(os.open(f"{prefix}{number}.jpg", os.O_CREAT | os.O_WRONLY))
    return folder
