"""What others' tools say of the server: schemathesis of all that the OpenAPI document promises, redbot of its HTTP."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from catalog_tui.server.operations import OPERATIONS
from tests.server.conftest import SPEC, grow_old
from tests.server.serving import RunningServer, serving
from tests.trees import make_archive

SETTINGS = Path(__file__).with_name("schemathesis.toml")
TOOLS = Path(sys.executable).parent
PATIENCE_S = 250  # 10 s alone on two cores


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One that lets everything be done, over an archive of its own with a duplicate in it."""
    root = make_archive(tmp_path_factory.mktemp("told") / "archive", {**SPEC, "alpha/anna/copy.mp4": bytes(5000)})
    Image.effect_noise((800, 600), 50).save(root / "alpha/anna/photo.jpg")
    grow_old(root)
    with serving(root, "--allow-delete", home=tmp_path_factory.mktemp("told-home")) as running:
        yield running


@pytest.mark.timeout(PATIENCE_S + 50)
def test_every_operation_keeps_what_the_document_promises(server: RunningServer, tmp_path: Path) -> None:
    # One worker and a seed: the same requests in the same order every time.
    asked = ("--phases", "coverage,fuzzing", "--max-examples", "3", "--seed", "1", "--continue-on-failure")
    document = f"http://127.0.0.1:{server.port}/openapi.json"
    said = tool(tmp_path, "schemathesis", "--config-file", os.fspath(SETTINGS), "run", document, *asked)
    assert f"Tested: {len(OPERATIONS)}" in said


@pytest.mark.parametrize(
    "path",
    [
        "/api/sites",
        "/api/models?site=alpha",
        "/api/model?site=alpha&model=anna",
        "/media/alpha/anna/photo.jpg",
        "/thumb/alpha/anna/photo.jpg?size=320",
    ],
)
def test_redbot_has_nothing_to_complain_of(server: RunningServer, tmp_path: Path, path: str) -> None:
    told = json.loads(tool(tmp_path, "redbot", "-o", "har", f"http://127.0.0.1:{server.port}{path}"))
    (entry, *_more) = told["log"]["entries"]
    notes = entry["_red_messages"]
    assert entry["response"]["status"] == 200
    assert notes and [note["summary"] for note in notes if note["level"] not in ("GOOD", "INFO")] == []


def tool(folder: Path, name: str, *arguments: str) -> str:
    """What an installed program prints; it must succeed. `folder` takes what it leaves behind."""
    done = subprocess.run(
        [TOOLS / name, *arguments], cwd=folder, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-20_000:]
    return done.stdout
