"""Time thumbnails beside vipsthumbnail and ImageMagick, and how long one picture takes; prints Markdown tables.

    python -m bench.preview --dir /tmp/bench     # 500 mixed pictures, three rounds; they are kept and used again

Every program is a whole process with a warm page cache, told to make thumbnails of 320 pixels of the same folder on all
processors that it uses by itself; ours begins with an empty store each time, so that nothing is found ready.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from bench import measuring, pictures
from bench.measuring import Measured, Program
from catalog_tui.core.thumbnails import Thumbnails

OURS, FILLED = "catalog-tui thumbs", "the same again, nothing changed"
VIPS, MAGICK = "vipsthumbnail", "ImageMagick mogrify"
LOOKS = 7


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the folder, run the rounds, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dir", type=Path, help="where the pictures are made and kept (default: a temporary folder)")
    parser.add_argument("--runs", type=int, default=3, help="rounds (default: 3)")
    parser.add_argument("--no-magick", action="store_true", help="leave out ImageMagick, which takes a minute")
    patience_help = "seconds to wait, before each run, for the machine to be idle (default: none)"
    parser.add_argument("--patience", type=float, default=0, metavar="S", help=patience_help)
    options = parser.parse_args(arguments)
    measuring.require(["vipsthumbnail", "mogrify"])
    with tempfile.TemporaryDirectory(prefix="catalog-tui-bench-") as scratch:
        root = (options.dir or Path(scratch)).resolve()
        model = pictures.make_mixed(root / "pictures" / "site" / "model")
        photograph, video = pictures.make_photograph(root / "a.jpg"), pictures.make_video(root / "b.mp4")
        for path in (photograph, video, *model.iterdir()):
            path.read_bytes()  # into the page cache
        programs = _programs(model, Path(scratch), with_magick=not options.no_magick)
        measured = measuring.run_interleaved(programs, options.runs, Path(scratch), patience_s=options.patience)
        print(_table(measured, len(list(model.iterdir()))), end="\n\n")
        measuring.wait_until_idle(options.patience)
        print(_latencies(str(photograph), str(video), Path(scratch)))
    print(measuring.machine())
    return 0


def _programs(model: Path, scratch: Path, *, with_magick: bool) -> list[Program]:
    cache, made = scratch / "cache", scratch / "made"
    made.mkdir()
    files = tuple(str(path) for path in sorted(model.iterdir()))
    ours = (sys.executable, "-P", "-m", "catalog_tui", "thumbs", str(model.parent.parent), "--progress", "none")
    env = {"CATALOG_TUI_CACHE_DIR": str(cache)}
    programs = [
        Program(OURS, ours, env, prepare=partial(shutil.rmtree, cache, ignore_errors=True)),
        Program(FILLED, ours, env),
        Program(VIPS, ("vipsthumbnail", "--size", "320", "-o", f"{made}/%s.jpg", *files)),
    ]
    if with_magick:
        # It may know no AVIF: then it says so, makes the others, and ends with 1.
        magick = ("mogrify", "-path", str(made), "-format", "jpg", "-thumbnail", "320x320>", *files)
        programs.append(Program(MAGICK, magick, most_runs=1, good_exits=(0, 1)))
    return programs


def _table(measured: dict[str, Measured], count: int) -> str:
    rows = [
        (
            label,
            f"{figures.median_s:.2f}",
            f"{count / figures.median_s:.0f}",
            f"{measured[VIPS].median_s / figures.median_s:.2f} x",
            f"{figures.cpu_s:.1f}",
            f"{figures.peak_mib:.0f}",
            str(len(figures.seconds)),
        )
        for label, figures in measured.items()
    ]
    headers = ("program", "median s", "a second", "as fast as vipsthumbnail", "cpu s", "peak MiB", "runs")
    return measuring.markdown_table(headers, rows)


def _latencies(photograph: str, video: str, scratch: Path) -> str:
    """What one caller waits for one picture, its worker running, and once with its worker still to be started."""
    rows: list[tuple[str, str, str]] = []

    def add(label: str, look: Callable[[Thumbnails], object], *, warm: bool, again: bool = False) -> None:
        times = []
        for number in range(LOOKS):
            with Thumbnails(scratch / f"{label}-{number}", workers=1) as thumbnails:
                if warm:
                    thumbnails.get(photograph, 1280)
                    thumbnails.facts(video)
                    if not again:
                        thumbnails.clear()
                begun = time.perf_counter()
                look(thumbnails)
                times.append((time.perf_counter() - begun) * 1000)
        rows.append((label, f"{statistics.median(times):.1f}", f"{max(times):.1f}"))

    add("12 MP JPEG, 1280 px, in the store", lambda t: t.get(photograph, 1280), warm=True, again=True)
    add("12 MP JPEG, 1280 px", lambda t: t.get(photograph, 1280), warm=True)
    add("12 MP JPEG, 320 px", lambda t: t.get(photograph, 320), warm=True)
    add("12 MP JPEG, 1280 px, first worker starting", lambda t: t.get(photograph, 1280), warm=False)
    add("poster of a 1080p H.264 video, 1280 px", lambda t: t.get(video, 1280), warm=True)
    add("poster, first worker starting", lambda t: t.get(video, 1280), warm=False)
    add("frame at 10 s of it, 1280 px", lambda t: t.get(video, 1280, frame=10.0), warm=True)
    return measuring.markdown_table(("one picture", "median ms", "most ms"), rows)


if __name__ == "__main__":
    sys.exit(main())
