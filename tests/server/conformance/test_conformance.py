"""Ours against the RFC; and the suite itself against nginx, with which it must mostly agree."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.conformance.asking import Subject
from tests.server.conformance.cases import CASES, CONTENT, Case
from tests.server.peers import nginx_serving
from tests.server.serving import serving
from tests.trees import make_archive

TOLERATED_IN_NGINX = 12


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = make_archive(tmp_path_factory.mktemp("conformance") / "archive", {"site/model/file.jpg": CONTENT})
    os.utime(root / "site/model/file.jpg", (1_700_000_000, 1_700_000_000))
    return root


@pytest.fixture(scope="module")
def ours(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Subject]:
    with serving(folder, home=tmp_path_factory.mktemp("home")) as server:
        yield Subject(f"http://127.0.0.1:{server.port}/media/site/model/file.jpg")


@pytest.mark.parametrize("case", CASES, ids=[f"{case.section} {case.name}" for case in CASES])
def test_ours(ours: Subject, case: Case) -> None:
    assert ours.fault(case) == ""


def test_nginx_passes_most_so_the_suite_asks_what_servers_do(folder: Path, tmp_path: Path) -> None:
    with nginx_serving(folder, tmp_path) as url:
        subject = Subject(f"{url}/site/model/file.jpg")
        faults = {case.name: fault for case in CASES if (fault := subject.fault(case))}
    assert len(faults) <= TOLERATED_IN_NGINX, faults
