"""The server beside others over the same files, all in one run: JSON, 304, files, thumbnails; a cold listing; a soak.

    python -m bench.server [--rows json,same,large,small,thumb,cold,soak] [--seconds 3] [--dir DIR]

Needs wrk and nginx; copyparty (PyPI) is compared where it is installed. "stdlib" is a ThreadingTCPServer that lists and
sends as a plain script would. Ours answers with all its checks and a token. nginx sends ready files: what it does for
JSON and thumbnails is the bound, not a rival.
"""

import argparse
import os
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Final

from PIL import Image

from bench.measuring import machine, markdown_table, require
from bench.servers import TOKEN, Contender, ask, ours, start
from bench.soak import soak

MODELS: Final = 60
PICTURES: Final = 40
SMALL_BYTES: Final = 40 << 10
LARGE_BYTES: Final = 64 << 20
COLD_MODELS: Final = 1000
COLD_FILES: Final = 30
ROWS: Final = ("json", "same", "large", "small", "thumb", "cold", "soak")


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the archive, start the servers, measure the rows, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default=",".join(ROWS), help=f"which of {','.join(ROWS)}")
    parser.add_argument("--seconds", type=int, default=3, help="of each measurement")
    parser.add_argument("--dir", type=Path, help="where the archive is made and kept")
    options = parser.parse_args(arguments)
    require(["wrk", "nginx"])
    rows = options.rows.split(",")
    with tempfile.TemporaryDirectory(prefix="catalog-tui-bench-") as scratch, ExitStack() as held:
        root = (options.dir or Path(scratch) / "archive").resolve()
        make_archive(root)
        compared = [row for row in rows if row not in ("cold", "soak")]
        contenders = start(held, root, Path(scratch)) if compared else []
        for row in compared:
            for contender in contenders:
                measure(contender, row, options.seconds)
        if contenders:
            print(table(contenders, compared))
        if "cold" in rows:
            print(cold_listing(root, Path(scratch)))
        if "soak" in rows:
            print(soak(root, Path(scratch)))
    print(machine())
    return 0


def make_archive(root: Path) -> None:
    """A site of some models with pictures, one large film, and a site of a thousand models."""
    if root.exists():
        return
    for model in range(MODELS):
        folder = root / "site" / f"model{model:03}"
        folder.mkdir(parents=True)
        for number in range(PICTURES):
            (folder / f"img{number:03}.jpg").write_bytes(os.urandom(64))
    first = root / "site" / "model000"
    (first / "small.jpg").write_bytes(os.urandom(SMALL_BYTES))
    (first / "large.mp4").write_bytes(os.urandom(LARGE_BYTES))
    Image.effect_noise((3000, 2000), 60).convert("RGB").save(first / "photo.jpg", quality=85)
    for model in range(COLD_MODELS):
        folder = root / "cold" / f"model{model:04}"
        folder.mkdir(parents=True)
        for number in range(COLD_FILES):
            os.close(os.open(folder / f"img{number:03}.jpg", os.O_CREAT | os.O_WRONLY))
    old = time.time() - 86400
    for folder_name, _folders, files in os.walk(root):
        for name in files:
            os.utime(os.path.join(folder_name, name), (old, old))
        os.utime(folder_name, (old, old))


# Rows


def measure(contender: Contender, row: str, seconds: int) -> None:
    """Put the figure of a row into the contender's; nothing where it cannot answer it."""
    if row not in contender.targets:
        return
    url = contender.targets[row]
    headers = list(contender.headers)
    if row == "same":
        headers.append(f"If-None-Match: {tag_of(url, contender.headers)}")
    connections = "4" if row == "large" else "32"
    flags = [word for header in headers for word in ("-H", header)]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--latency", *flags, url]
    subprocess.run([*command[:3], "-d1", *flags, url], capture_output=True, check=True)  # warm
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said:
        raise SystemExit(f"{contender.name} {row}: {said}")
    if row == "large":
        rate, unit = re.findall(r"Transfer/sec:\s+([\d.]+)(\w)B", said)[0]
        contender.rates[row] = float(rate) * {"K": 1e-6, "M": 1e-3, "G": 1.0}[unit]
        contender.figures[row] = f"{contender.rates[row]:.2f} GB/s"
        return
    contender.rates[row] = float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0])
    slowest = re.findall(r"99%\s+([\d.]+\w+)", said)[0]
    contender.figures[row] = f"{contender.rates[row]:,.0f}/s, p99 {slowest}"


def tag_of(url: str, headers: Sequence[str]) -> str:
    """The ETag of what is at `url`."""
    flags = [word for header in headers for word in ("-H", header)]
    said = subprocess.run(["curl", "-sI", *flags, url], capture_output=True, text=True, check=True).stdout
    return str(re.findall(r"(?i)etag: (.*?)\r?\n", said)[0])


def table(contenders: Sequence[Contender], rows: Sequence[str]) -> str:
    """The servers beside each other, and how many times as fast as each ours is."""
    labels = {
        "json": "a page of 50 models",
        "same": "the same, 304",
        "large": "a file of 64 MB",
        "small": "files of 40 KB",
        "thumb": "a thumbnail that is there",
    }
    first, *others = contenders
    lines = []
    for row in rows:
        ratios = [f"{first.rates[row] / other.rates[row]:.2f}" if row in other.rates else "-" for other in others]
        lines.append([labels[row], *(contender.figures.get(row, "-") for contender in contenders), *ratios])
    headers = ["what", *(contender.name for contender in contenders), *(f"ours / {other.name}" for other in others)]
    return markdown_table(headers, lines)


def cold_listing(root: Path, scratch: Path) -> str:
    """A page of a site of a thousand models, and all of them on one, from a server that has read nothing."""
    limits = (50, COLD_MODELS)
    asked: dict[int, list[float]] = {limit: [] for limit in limits}
    walked = []
    for _ in range(3):
        for limit in limits:
            with ours(root, scratch) as (port, _process):
                ask(port, "/healthz", {})
                page = f"/api/models?site=cold&limit={limit}"
                asked[limit].append(timed(partial(ask, port, page, bearer())))
        walked.append(timed(partial(walk, root / "cold")))
    walk_ms = statistics.median(walked) * 1e3
    words = [
        f"A site of {COLD_MODELS:,} models, {COLD_MODELS * COLD_FILES:,} files, from a server that has read nothing:"
    ]
    for limit, times in asked.items():
        ms = statistics.median(times) * 1e3
        words.append(
            f"a page of {limit} in {ms:.0f} ms ({ms / walk_ms:.2f} x a bare scandir walk with a stat of each file),"
        )
    return "\n" + " ".join(words).rstrip(",") + "."


def walk(top: Path) -> int:
    """What there is no way around: every folder read, every file's size and date asked."""
    total = 0
    for folder in os.scandir(top):
        for entry in os.scandir(folder.path):
            total += entry.stat(follow_symlinks=False).st_size
    return total


def timed(do: Callable[[], object]) -> float:
    """Seconds it takes."""
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def bearer() -> dict[str, str]:
    """The header that opens ours."""
    return {"authorization": f"Bearer {TOKEN}"}


if __name__ == "__main__":
    raise SystemExit(main())
