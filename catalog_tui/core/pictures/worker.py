"""A worker: decodes one file after the other for a pool (`workers.py`), in a process that may be killed at any time.

It opens the path itself, never what is no regular file, and works on it only if it is the very file it was asked for:
device, inode, size and date. It sets itself limits of memory, and for each file of time, so that it ends even where
its parent is gone.
"""

import io
import os
import sys
from contextlib import closing
from stat import S_ISLNK, S_ISREG
from typing import IO, Any, Final

from PIL import Image

from catalog_tui.core.content import HEAD_BYTES, content_kind
from catalog_tui.core.folder import open_file
from catalog_tui.core.kinds import Kind
from catalog_tui.core.media import CannotShow, Problem
from catalog_tui.core.pictures.wire import read_message, write_message

MEMORY_BYTES: Final = 3 << 29  # address space: 1.5 GiB
SMALL: Final[dict[str, int]] = {"quality": 75, "optimize": True}  # why JPEG, and not WebP: docs/decisions.md
LARGE: Final[dict[str, int]] = {"quality": 80}
SMALL_TO: Final = 320  # pixels
Image.MAX_IMAGE_PIXELS = None  # the limits are ours, and depend on the format (stills.py)
PARTING_S: Final = 2  # after its time is up the pool kills it; it ends by itself that much later

Answer = tuple[dict[str, Any], list[bytes]]


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until the pool is gone."""
    while (message := read_message(requests)) is not None:
        request = message.header
        _set_alarm(request["patience_s"] + PARTING_S)
        header, blobs = answer(request)
        _set_alarm(0)
        try:
            write_message(answers, header, blobs)
        except OSError:
            return


def answer(request: dict[str, Any]) -> Answer:
    """What a request asks for (`workers.Job`), or the problem with it."""
    try:
        with open_checked(request["path"], tuple(request["identity"])) as file:
            return _decoded(file, request)
    except CannotShow as problem:
        return {"problem": problem.problem.value, "detail": problem.detail}, []
    except MemoryError:
        return {"problem": Problem.TOO_LARGE.value, "detail": {}}, []
    except (OSError, SyntaxError, ValueError, EOFError, ArithmeticError, LookupError, TypeError, RuntimeError):
        # What Pillow and its plugins raise over nonsense; anything else ends the worker, which costs no more.
        return {"problem": Problem.BROKEN.value, "detail": {}}, []


def open_checked(path: str, identity: tuple[int, ...]) -> IO[bytes]:
    """The regular file at `path`, if it is that of `identity` (device, inode, size, mtime_ns). Raises CannotShow."""
    try:
        descriptor = open_file(path)
    except FileNotFoundError as error:
        raise CannotShow(Problem.VANISHED) from error
    except OSError as error:
        if os.path.lexists(path) and S_ISLNK(os.lstat(path).st_mode):
            raise CannotShow(Problem.LINK) from error
        raise CannotShow(Problem.UNREADABLE, {"said": error.strerror or ""}) from error
    status = os.fstat(descriptor)
    if not S_ISREG(status.st_mode) or identity != (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns):
        os.close(descriptor)
        raise CannotShow(Problem.CHANGED if S_ISREG(status.st_mode) else Problem.SPECIAL)
    return os.fdopen(descriptor, "rb")


def _decoded(file: IO[bytes], request: dict[str, Any]) -> Answer:
    head = file.read(HEAD_BYTES)
    file.seek(0)
    if not head:
        raise CannotShow(Problem.EMPTY)
    kind, form = content_kind(head) or (Kind.OTHER, "")
    edges: list[int] = sorted(request["edges"], reverse=True)
    if kind is Kind.IMAGE:
        from catalog_tui.core.pictures.stills import Still

        still = Still(file, form)
        return _packed(still.facts, still.shrunk(edges[0]) if edges else None, edges)
    if kind is Kind.VIDEO or form == "ogg":
        from catalog_tui.core.pictures.films import Film

        with closing(Film(file, form)) as film:
            if not edges:
                return _packed(film.facts(), None, edges)
            at = request["frame_s"]
            picture = film.poster(edges[0]) if at is None else film.frame(at, edges[0])
            return _packed(film.facts(), picture, edges)
    raise CannotShow(Problem.NOT_MEDIA)


def _packed(facts: Any, picture: Image.Image | None, edges: list[int]) -> Answer:
    from dataclasses import asdict

    from catalog_tui.core.pictures.stills import fitting

    made: list[dict[str, Any]] = []
    blobs: list[bytes] = []
    for edge in edges:
        assert picture is not None
        size = fitting(*picture.size, edge)
        smaller = picture if size == picture.size else picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
        buffer = io.BytesIO()
        smaller.save(buffer, "jpeg", **(SMALL if edge <= SMALL_TO else LARGE))
        blobs.append(buffer.getvalue())
        made.append({"edge": edge, "form": "jpeg", "width": size[0], "height": size[1], "bytes": len(blobs[-1])})
    return {"facts": asdict(facts), "pictures": made}, blobs


def _set_alarm(seconds: float) -> None:
    """End this process (the signal's own default) unless it is set anew before; 0: not at all."""
    if sys.platform != "win32":
        import signal

        signal.setitimer(signal.ITIMER_REAL, seconds)


def _limit() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Serve the pool on stdin and stdout. Whatever else prints goes to stderr, not between the answers."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit()
    Image.preinit()  # what nearly every picture needs, loaded before the first is asked for
    serve(sys.stdin.buffer, answers)
