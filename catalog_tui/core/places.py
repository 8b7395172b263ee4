"""Where this program keeps its files: settings, what can be rebuilt, and what it remembers of the user.

Each folder is the system's own choice (platformdirs) unless `CATALOG_TUI_CONFIG_DIR`, `CATALOG_TUI_CACHE_DIR` or
`CATALOG_TUI_STATE_DIR` names another. None of them is made here: whoever writes makes the folder.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

APP_NAME = "catalog-tui"
VARIABLE_PREFIX = "CATALOG_TUI_"
"""What all variables of ours begin with: settings (config.py) and these folders."""
VARIABLES = tuple(f"{VARIABLE_PREFIX}{part}_DIR" for part in ("CONFIG", "CACHE", "STATE"))


def config_dir() -> Path:
    """The folder of `config.toml`."""
    return _path(_folder("CONFIG"))


def cache_dir() -> Path:
    """The folder of what can always be rebuilt: indexes and thumbnails."""
    return _path(_folder("CACHE"))


def state_dir() -> Path:
    """The folder of what the user did and decided: the last place, sort orders, keep decisions."""
    return _path(_folder("STATE"))


def config_file() -> str:
    """The settings' file; as text, because a scan that finds none starts without pathlib, which takes 5 ms to load."""
    return os.path.join(_folder("CONFIG"), "config.toml")


def archive_cache(root: str) -> Path:
    """The folder, inside the cache, of the archive at `root`: the same for every path that leads to it."""
    return cache_dir() / archive_slug(root)


def archive_slug(root: str) -> str:
    """A folder name for the archive at `root`: readable, plain ASCII, and different for different folders."""
    real = os.fsencode(os.path.realpath(root))
    readable = re.sub(r"[^a-z0-9]+", "-", os.fsdecode(os.path.basename(real)).lower()).strip("-")[:40]
    import hashlib  # 3 ms, and only where something is kept for an archive

    digest = hashlib.blake2b(real, digest_size=5).hexdigest()  # 40 bits: a clash needs about a million archives
    return f"{readable or 'archive'}-{digest}"


def _path(folder: str) -> Path:
    from pathlib import Path

    return Path(folder)


def _folder(part: str) -> str:
    """The folder for one part of VARIABLES: what the environment says, else the system's own choice."""
    named = os.environ.get(f"{VARIABLE_PREFIX}{part}_DIR", "")
    if named:
        return os.path.expanduser(named)
    if sys.platform == "linux":  # the XDG rules in three lines: platformdirs says the same and takes 20 ms to load
        usual = {"CONFIG": ".config", "CACHE": ".cache", "STATE": ".local/state"}[part]
        home = os.environ.get(f"XDG_{part}_HOME", "")
        return os.path.join(home if os.path.isabs(home) else os.path.expanduser(f"~/{usual}"), APP_NAME)
    from platformdirs import PlatformDirs

    dirs = PlatformDirs(APP_NAME, appauthor=False)
    return {"CONFIG": dirs.user_config_dir, "CACHE": dirs.user_cache_dir, "STATE": dirs.user_state_dir}[part]
