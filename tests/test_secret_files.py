"""Secrets that are kept: made once, whole, for their owner alone."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from catalog_tui.secret_files import SHORTEST, kept_secret


def test_many_who_make_it_at_once_have_the_same(tmp_path: Path) -> None:
    together = Barrier(8)

    def make(folder: Path) -> str:
        together.wait()
        return kept_secret(folder / "secret")

    with ThreadPoolExecutor(8) as threads:
        for number in range(50):
            made = set(threads.map(make, [tmp_path / str(number)] * 8))
            assert len(made) == 1 and len(made.pop()) >= SHORTEST
            assert os.listdir(tmp_path / str(number)) == ["secret"]


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    kept_secret(tmp_path / "secret")
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
