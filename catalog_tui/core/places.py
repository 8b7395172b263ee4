"""Where this program keeps its files: settings, what can be rebuilt, and what it remembers of the user.

Each folder is the system's own choice (platformdirs) unless `CATALOG_TUI_CONFIG_DIR`, `CATALOG_TUI_CACHE_DIR` or
`CATALOG_TUI_STATE_DIR` names another. None of them is made here: whoever writes makes the folder.
"""

import os
import re
from pathlib import Path

APP_NAME = "catalog-tui"


def config_dir() -> Path:
    """The folder of `config.toml`."""
    return _override("CATALOG_TUI_CONFIG_DIR") or _platform_dirs()[0]


def cache_dir() -> Path:
    """The folder of what can always be rebuilt: indexes and thumbnails."""
    return _override("CATALOG_TUI_CACHE_DIR") or _platform_dirs()[1]


def state_dir() -> Path:
    """The folder of what the user did and decided: the last place, sort orders, keep decisions."""
    return _override("CATALOG_TUI_STATE_DIR") or _platform_dirs()[2]


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


def _override(variable: str) -> Path | None:
    value = os.environ.get(variable, "")
    return Path(value).expanduser() if value else None


def _platform_dirs() -> tuple[Path, Path, Path]:
    from platformdirs import PlatformDirs  # here, so that importing this module costs nothing

    dirs = PlatformDirs(APP_NAME, appauthor=False)
    return Path(dirs.user_config_dir), Path(dirs.user_cache_dir), Path(dirs.user_state_dir)
