"""Pictures drawn beside the event loop: widgets ask, threads fetch and draw, and say when they have it."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Final, Literal, Protocol

from rich.console import Console

from catalog_tui.core.errors import Cancelled, CatalogError
from catalog_tui.core.words import _

from .drawing import USUAL_CELL, Cells, CellSize, Drawing, Encoder
from .half_blocks import HalfBlocks
from .looking import seen
from .pixels import Colour, pixels
from .wishes import Deliver, Failed, Job, Result, Shown, Wanted, Wishes

if TYPE_CHECKING:
    from catalog_tui.core.thumbnails import Picture, Priority

THREADS: Final = 3
"""They wait for decoders, which are processes; the drawing itself takes milliseconds."""
MOST_CELLS: Final = 100_000
"""So many cells of drawings are remembered: several screens full, about 6 MB of blocks."""
FIRST_CELLS: Final = 440
"""Over SSH a picture first comes in so many half blocks, which is less than 20 KB."""
MANY_CELLS: Final = 3_000
"""Of more than these a sixel takes 0.3 s and more to draw: half blocks stand there meanwhile."""
FIRST_S: Final = 5.0
"""So long that one has to come to the screen, which takes a frame unless the machine is very busy."""


class Source(Protocol):
    """What `core.thumbnails.Thumbnails` is to its users here."""

    def get(
        self,
        path: str,
        size: Literal[320, 1280],
        *,
        frame: float | None = None,
        priority: "Priority" = ...,
        cancelled: Callable[[], bool] = ...,
    ) -> "Picture":
        """See Thumbnails.get."""

    def warm(self) -> None:
        """See Thumbnails.warm."""

    def close(self) -> None:
        """See Thumbnails.close."""


@dataclass(frozen=True, slots=True)
class Means:
    """With what is drawn at the moment."""

    encoder: Encoder
    cell: CellSize = USUAL_CELL
    background: Colour = (0, 0, 0)


class Studio:
    """Shared by all widgets of an app. Thread-safe; its threads start with the first wish and end with `close`."""

    def __init__(
        self, make_source: Callable[[], Source], *, write: Callable[[str], object], is_remote: bool = False
    ) -> None:
        """`make_source` is called once, in a thread, when a picture is first wanted; `write` writes to the terminal,
        and may wait until it takes that."""
        self._make_source = make_source
        self._source: Source | None = None
        self._making = threading.Lock()
        self._write = write
        self._is_remote = is_remote
        self.means = Means(HalfBlocks())
        self.console = Console()
        """By whose colours the cells are painted."""
        self.is_hiding = False
        """Whether no picture is to be seen; for the event loop alone."""
        self._changed = threading.Condition()
        self._wishes = Wishes(THREADS)
        self._drawn: OrderedDict[Wanted, Shown] = OrderedDict()
        self._drawn_cells = 0
        self.sent_s = -inf
        """When the terminal was last sent a picture of those remembered, by `monotonic`."""
        self._threads: list[threading.Thread] = []
        self._is_closed = False

    # What widgets say

    def ask(
        self,
        who: Hashable,
        wanted: Sequence[Wanted],
        deliver: Deliver,
        *,
        ahead: Iterable[Wanted] = (),
        is_urgent: bool = True,
    ) -> None:
        """Have these drawn and delivered, and what `who` wanted before and now not any more given up; `ahead` is drawn
        and kept for later, after all that anybody waits for."""
        with self._changed:
            if self._is_closed:
                return
            ahead = [each for each in ahead if each not in self._drawn]
            self._wishes.ask(who, wanted, ahead, deliver, is_urgent=is_urgent)
            self._start_threads()
            self._changed.notify_all()

    def forget(self, who: Hashable) -> None:
        """`who` wants nothing any more."""
        with self._changed:
            self._wishes.forget(who)

    def ready(self, wanted: Wanted) -> Shown | None:
        """The picture, if it stands drawn already."""
        with self._changed:
            shown = self._drawn.get(wanted)
            if shown is not None:
                self._drawn.move_to_end(wanted)
            return shown

    # What the app says

    def warm(self) -> None:
        """Have a decoder started beside all else: the first picture need not wait for that."""
        threading.Thread(target=self._warm, name="first decoder", daemon=True).start()

    def _warm(self) -> None:
        with suppress(Cancelled):
            self._sourced().warm()

    def use(self, means: Means) -> None:
        """Draw by other means from now on; what was drawn by the former is forgotten."""
        with self._changed:
            unneeded = self._forget_drawings()
            self.means = means
        self._write_all(unneeded)

    def send_anew(self) -> None:
        """The terminal may not have what it was sent: forget all drawings, and what is being drawn."""
        self.use(replace(self.means))

    def close(self) -> None:
        """Give up all work, and have the terminal forget what it was sent."""
        with self._changed:
            self._is_closed = True
            self._wishes.forget_all()
            unneeded = self._forget_drawings()
            self._changed.notify_all()
        self._write_all(unneeded)
        with self._making:
            if self._source is not None:
                self._source.close()

    # What the threads do

    def _start_threads(self) -> None:
        while len(self._threads) < THREADS:
            thread = threading.Thread(target=self._work, name="pictures", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            result = None
            try:
                result = self._result(job)
            finally:
                with self._changed:
                    self._wishes.end(job, is_done=result is not None)
                    is_wanted = job.wanted in job.asker.wanted  # who asks from now on is given it by another job
                    self._changed.notify_all()
            if result is not None and is_wanted:
                job.asker.deliver(result)

    def _next(self) -> Job | None:
        """The next picture to draw, waited for; None at the end."""
        with self._changed:
            while not self._is_closed:
                if (job := self._wishes.next()) is not None:
                    return job
                self._changed.wait()
        return None

    def _result(self, job: Job) -> Result | None:
        """What came of one wish; None where nobody wants it any more."""
        if (shown := self.ready(job.wanted)) is not None:
            return shown
        means = self.means

        def cancelled() -> bool:
            return job.is_over() or self.means is not means

        try:
            return self._drawn_anew(job, means, cancelled)
        except Cancelled:
            return None
        except CatalogError as error:  # CannotShow, whose words are one sentence
            return None if cancelled() else Failed(job.wanted, str(error))
        except OSError as error:
            return Failed(job.wanted, _("The thumbnail cannot be read: {reason}").format(reason=str(error)))

    def _drawn_anew(self, job: Job, means: Means, cancelled: Callable[[], bool]) -> Result | None:
        from catalog_tui.core.thumbnails import Priority  # brings the decoders' code: not before the first paint

        wanted = job.wanted
        priority = Priority.SOON if job.is_ahead else Priority.VIEW
        encoder = self._encoder_for(wanted, means)
        size = _thumbnail_size(wanted, encoder, means.cell)
        picture = self._sourced().get(wanted.path, size, frame=wanted.frame_s, priority=priority, cancelled=cancelled)
        if cancelled() or (job.is_ahead and self._is_remote):
            return None  # over a slow line nothing is sent that may never be looked at
        first = self._first_room(wanted.room, means) if job.is_urgent else None
        if first is not None:
            self._deliver_first(job, picture, first, means)
            if cancelled():
                return None
        drawing = self._draw(picture, wanted, wanted.room, means, encoder)
        shown = Shown(wanted, drawing, picture.facts)
        return self._kept(shown, means)

    def _encoder_for(self, wanted: Wanted, means: Means) -> Encoder:
        """Many small pictures are drawn in cells, otherwise only where that costs little."""
        is_cheap = means.encoder.in_cells and not self._is_remote
        return HalfBlocks() if wanted.cells_only and not is_cheap else means.encoder

    def _sourced(self) -> Source:
        with self._making:
            if self._is_closed:
                raise Cancelled
            if self._source is None:
                self._source = self._make_source()
            return self._source

    def _first_room(self, room: Cells, means: Means) -> Cells | None:
        """In how many half blocks a picture comes first, because the whole one takes longer; None where it does not."""
        cells = room.columns * room.rows
        if not self._is_remote:
            return room if cells > MANY_CELLS and not means.encoder.in_cells else None
        if means.encoder.name == HalfBlocks.name and cells <= FIRST_CELLS:
            return None
        shrink = min(1.0, (FIRST_CELLS / cells) ** 0.5)
        return Cells(max(1, int(room.columns * shrink)), max(1, int(room.rows * shrink)))

    def _deliver_first(self, job: Job, picture: "Picture", room: Cells, means: Means) -> None:
        """Deliver a picture in half blocks, and see it on its way before the better one."""
        drawing = self._draw(picture, job.wanted, room, means, HalfBlocks())
        painted = threading.Event()
        job.asker.deliver(Shown(job.wanted, drawing, picture.facts, painted))
        painted.wait(FIRST_S)

    def _draw(self, picture: "Picture", wanted: Wanted, room: Cells, means: Means, encoder: Encoder) -> Drawing:
        box, cells = seen(picture.width, picture.height, room, means.cell, wanted.look)
        image = pixels(picture.data, encoder.pixel_size(cells, means.cell), box, means.background)
        drawing = encoder.draw(image, cells, means.cell)
        if not drawing.lines:  # it is drawn over the cells: those hold what is seen where something covers it
            blocks = HalfBlocks()
            small = image.resize(blocks.pixel_size(cells, means.cell), reducing_gap=2.0)
            drawing = drawing.with_cells(blocks.draw(small, cells, means.cell))
        return drawing.painted(self.console)

    # What is remembered

    def _kept(self, shown: Shown, means: Means) -> Shown | None:
        """Send the terminal what a drawing needs, and remember it; None where other means hold by now."""
        if shown.drawing.sent:
            self.sent_s = monotonic()
            self._write(shown.drawing.sent)  # before anybody can show its cells; not under the lock, as it may wait
        with self._changed:
            if self.means is not means or self._is_closed:
                kept, unneeded = None, _forgotten(shown.drawing, means)
            elif (twin := self._drawn.get(shown.wanted)) is not None:  # two askers wanted the same
                kept, unneeded = twin, _forgotten(shown.drawing, means)
            else:
                kept, unneeded = shown, self._remember(shown)
        self._write_all(unneeded)
        return kept

    def _remember(self, shown: Shown) -> list[str]:
        self._drawn[shown.wanted] = shown
        self._drawn_cells += _area(shown)
        unneeded = []
        while self._drawn_cells > MOST_CELLS and len(self._drawn) > 1:
            _wanted, oldest = self._drawn.popitem(last=False)
            self._drawn_cells -= _area(oldest)
            unneeded += _forgotten(oldest.drawing, self.means)
        return unneeded

    def _forget_drawings(self) -> list[str]:
        unneeded = [text for shown in self._drawn.values() for text in _forgotten(shown.drawing, self.means)]
        self._drawn.clear()
        self._drawn_cells = 0
        self.sent_s = -inf
        return unneeded

    def _write_all(self, texts: Sequence[str]) -> None:
        if texts:
            self._write("".join(texts))


def _thumbnail_size(wanted: Wanted, encoder: Encoder, cell: CellSize) -> Literal[320, 1280]:
    """The smaller thumbnail where that has all the pixels that will be seen: it is read in a tenth of the time."""
    is_small = wanted.look.zoom == 1 and max(encoder.pixel_size(wanted.room, cell)) <= 320
    return 320 if is_small else 1280


def _area(shown: Shown) -> int:
    return shown.drawing.cells.columns * shown.drawing.cells.rows


def _forgotten(drawing: Drawing, means: Means) -> list[str]:
    """What has the terminal forget a drawing."""
    return [means.encoder.forget(drawing.image_id)] if drawing.image_id else []
