"""What a scan is asked to do."""

import re
from typing import NamedTuple

from catalog_tui.core.errors import UsageError
from catalog_tui.core.words import _

ALGORITHMS = ("xxh128", "md5", "sha256", "blake2b")
TRASH_NAME = ".catalog-trash"


class ScanOptions(NamedTuple):
    """One scan of the folder `archive`: an absolute path. Sizes are bytes; `exclude` holds shell patterns.

    `depths` are pairs of a site and the levels of its models below the archive: links to folders are followed that far.
    """

    archive: str
    algorithm: str = "xxh128"
    min_size: int = 1
    everything: bool = False
    exclude: tuple[str, ...] = ()
    use_index: bool = True
    verify: bool = False
    md5: bool = False
    follow_links: bool = False
    depths: tuple[tuple[str, int], ...] = ()

    def scope(self) -> str:
        """The part that decides which groups come out: equal for two scans whose results may stand for each other."""
        links = self.depths if self.follow_links else None
        return repr(
            (self.algorithm, max(1, self.min_size), self.everything, self.exclude, self.verify, self.md5, links)
        )


def parse_size(text: str) -> int:
    """Bytes from `4096`, `10K`, `5MB` or `1.5GiB` (1024-based, as sizes are shown); UsageError for anything else."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGTP]?)(?:I?B)?\s*", text.upper())
    if not found:
        raise UsageError(_("{text} is not a size: write bytes, or 10K, 5MB, 1.5G").format(text=text))
    return int(float(found[1]) * 1024 ** " KMGTP".index(found[2] or " "))


def exclusion(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    """One expression for all `patterns`, to be matched against a path in the archive with a slash put before it.

    A pattern with a slash is held against the whole path, any other against names.
    """
    if not patterns:
        return None
    from fnmatch import translate  # here: most scans exclude nothing

    parts = []
    for pattern in patterns:
        inner = translate(pattern.strip("/"))
        parts.append(f"/{inner}" if "/" in pattern.strip("/") else f".*/{inner}")
    return re.compile("|".join(f"(?:{part})" for part in parts))
