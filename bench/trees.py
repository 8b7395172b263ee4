"""Seeded archives to measure against: the same arguments give the same bytes under the same names, on any machine."""

import json
import os
import random
import statistics
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

FILES_PER_MODEL = 100
MODELS_PER_SITE = 75


@dataclass(frozen=True, slots=True)
class Shape:
    """What an archive is made of: sizes are log-normal, `copies` and `mutants` are shares of all files."""

    name: str
    files: int
    total_bytes: int
    copies: float
    mutants: float = 0.0
    spread: float = 1.0  # sigma of the log-normal sizes
    seed: int = 20260131


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file of an archive: the content is that of `original`, with the byte at `flipped` changed unless it is -1."""

    path: str
    size: int
    original: int
    flipped: int = -1


def media(scale: float = 1.0) -> Shape:
    """Few large files, as an archive of pictures and videos is: at scale 1, 4,000 files and 4 GB."""
    return Shape("media", round(4_000 * scale), round(4_000_000_000 * scale), copies=0.25, mutants=0.03)


def small(scale: float = 1.0) -> Shape:
    """Many small files: at scale 1, 150,000 files and 1.2 GB."""
    return Shape("small", round(150_000 * scale), round(1_200_000_000 * scale), copies=0.20)


def million(scale: float = 1.0) -> Shape:
    """Files so many and so small that nearly all share their size with another: the worst case for memory."""
    return Shape("million", round(1_000_000 * scale), round(1_000_000_000 * scale), copies=0.20)


def plan(shape: Shape) -> list[PlannedFile]:
    """Every file of the archive, in the order in which they are written; copies and originals stand mixed."""
    rng = random.Random(shape.seed)
    copies, mutants = round(shape.files * shape.copies), round(shape.files * shape.mutants)
    drawn = [rng.lognormvariate(0.0, shape.spread) for _ in range(shape.files - copies - mutants)]
    factor = shape.total_bytes / shape.files / statistics.fmean(drawn)
    sizes = [max(16, round(size * factor)) for size in drawn]

    contents = [(original, -1) for original in range(len(sizes))]
    contents += [(rng.randrange(len(sizes)), -1) for _ in range(copies)]
    mutated = [rng.randrange(len(sizes)) for _ in range(mutants)]
    contents += [(original, rng.randrange(sizes[original])) for original in mutated]
    rng.shuffle(contents)
    return [
        PlannedFile(_path(number), sizes[original], original, flipped)
        for number, (original, flipped) in enumerate(contents)
    ]


def _path(number: int) -> str:
    model, _ = divmod(number, FILES_PER_MODEL)
    site, model = divmod(model, MODELS_PER_SITE)
    kind = "mp4" if number % 20 == 0 else "jpg"
    return f"site{site:03}/model{model:03}/img_{number:07}.{kind}"


def make(shape: Shape, parent: Path, say: Callable[[str], None]) -> Path:
    """The archive of that shape below `parent`: written, or used again when it stands there whole."""
    root, marker = parent / shape.name, parent / f"{shape.name}.json"
    wanted = json.dumps(asdict(shape))
    if marker.exists() and marker.read_text() == wanted:
        return root
    if root.exists():
        raise SystemExit(f"{root} is there but is not the archive asked for: remove it, or give another --dir")
    say(f"making {root}: {shape.files:,} files, {shape.total_bytes:,} bytes")
    planned = plan(shape)
    for folder in sorted({os.path.dirname(file.path) for file in planned}):
        (root / folder).mkdir(parents=True)
    # Processes, so that the memory of one that wrote gigabytes is not the floor of what is measured next.
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(_write, *zip(*_batches(root, shape.seed, planned), strict=True)))
    marker.write_text(wanted)
    return root


def _batches(root: Path, seed: int, planned: list[PlannedFile]) -> Iterator[tuple[Path, int, list[PlannedFile]]]:
    for start in range(0, len(planned), 1_000):
        yield root, seed, planned[start : start + 1_000]


def _write(root: Path, seed: int, files: list[PlannedFile]) -> None:
    for file in files:
        content = random.Random(f"{seed} {file.original}").randbytes(file.size)
        if file.flipped >= 0:
            changed = bytearray(content)
            changed[file.flipped] ^= 0x01
            content = bytes(changed)
        with open(root / file.path, "xb") as stream:
            stream.write(content)
