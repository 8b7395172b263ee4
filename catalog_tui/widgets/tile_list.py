"""A record list that can also show its records as tiles: pictures side by side, the same cursor, marks and order."""

from collections import deque
from collections.abc import Callable

from textual import on
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer

from catalog_tui.commands import LIST_COMMANDS, TILE_COMMANDS, bindings
from catalog_tui.graphics.drawing import Cells
from catalog_tui.graphics.studio import Studio
from catalog_tui.graphics.wishes import Failed, Result

from .record_list import RecordList
from .records import Sort
from .shape import LINES, Shape
from .subject import ShowsPictures, Subject
from .tile_painter import GAP, PICTURE_ROWS, TILE_ROWS, Tile, TilePainter

TILE_WIDTH = 18
"""The least; tiles share the whole width."""
TOGETHER_S = 0.03
"""Pictures that come within this time are drawn together, and all of them as soon as none is missing."""


class TileList(RecordList, ShowsPictures):
    """Shows lines until it is told to show tiles."""

    USER_COMMANDS = (*LIST_COMMANDS, *TILE_COMMANDS)
    BINDINGS = bindings(*TILE_COMMANDS)

    class Delivered(Message):
        """The studio has something for this list: what stands in `delivered`."""

    def __init__(self, studio: Studio | None, subject: Callable[[int], Subject | None], *, sort: Sort, id: str) -> None:
        """`subject` gives the picture of a row, where it has one."""
        super().__init__(sort=sort, id=id)
        self._studio = studio
        self._subject = subject
        self._rows_by_path: dict[str, int] = {}
        """Of the tiles that pictures were asked for."""
        self._failed: set[str] = set()
        self._awaited: set[str] = set()
        """Of the tiles in view, those whose pictures are still to come."""
        self._delivered: deque[Result] = deque()
        """What the studio's threads gave, until the loop takes it."""
        self._is_told = False
        """Whether a message is on its way that says so."""
        self._arrived: set[int] = set()
        """Rows whose pictures came and are not drawn yet."""
        self._drawing_soon: Timer | None = None
        self._looked_up: dict[int, tuple[Strip, ...]] = {}
        """By line of tiles, what is drawn of it in one go."""
        self._tile_painter = TilePainter(self)

    @property
    def shows_tiles(self) -> bool:
        """Whether pictures stand here and not lines."""
        return self.shape is not LINES

    def show_tiles(self, tiles: bool) -> None:
        """Show pictures, or lines, with the cursor in sight."""
        self.shape = self._tile_shape() if tiles else LINES
        self.measure()
        self._scroll_to_row(self.cursor)
        self.refresh()
        self.post_message(self.ViewMoved(self))

    def _tile_shape(self) -> Shape:
        return Shape(max(1, self.scrollable_size.width // TILE_WIDTH), TILE_ROWS)

    def measure(self) -> None:
        """As many tiles as fit stand side by side."""
        if self.shows_tiles:
            self.shape = self._tile_shape()
        super().measure()

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        """See Widget; tiles are measured before they are first painted in another width, not after: a frame less, and
        none of them is asked for in a size in which it is not shown."""
        updated = super()._size_updated(size, virtual_size, container_size, layout)
        if self.shows_tiles and (shape := self._tile_shape()) != self.shape:
            self.shape = shape
            self.set_reactive(TileList.virtual_size, Size(self.size.width, self.shape.lines(self.rows)))
            self._scroll_update(self.virtual_size)
            self._scroll_to_row(self.cursor)
        return updated

    # Pictures

    def want(self) -> None:
        """See ShowsPictures."""
        self.ask()
        self.refresh()

    @on(RecordList.ViewMoved)
    @on(RecordList.Changed)
    def ask(self) -> None:
        """Ask for what is in view, from the top on, and after that for the next screen full."""
        studio = self._studio
        if studio is None:
            return
        if not self.shows_tiles or studio.is_hiding or not self.size.area:
            studio.forget(self)
            return
        top, height = self.scroll_offset.y, self.size.height
        seen = range(self.rows)[self.shape.rows_within(top, top + height)]
        later = range(self.rows)[self.shape.rows_within(top + height, top + 2 * height)]
        room = self._room()
        subjects = {row: subject for row in seen if (subject := self._subject(row)) is not None}
        self._rows_by_path = {subject.path: row for row, subject in subjects.items()}
        self._failed &= self._rows_by_path.keys()
        wanted = [tile for subject in subjects.values() if studio.ready(tile := subject.tile(room)) is None]
        self._awaited = {tile.path for tile in wanted}
        ahead = [subject.tile(room) for row in later if (subject := self._subject(row)) is not None]
        studio.ask(self, wanted, self._deliver, ahead=ahead, is_urgent=False)

    def _deliver(self, result: Result) -> None:
        """In a thread: one message for all that comes until the loop takes it, as each costs it as much as a tile."""
        self._delivered.append(result)
        if not self._is_told:
            self._is_told = True
            self.post_message(self.Delivered())

    @on(Delivered)
    def take_delivery(self, message: Delivered) -> None:
        """Draw the tiles whose pictures came, with others that come soon."""
        message.stop()
        self._is_told = False  # first: what is given from now on either is taken below, or brings another message
        while self._delivered:
            result = self._delivered.popleft()
            path = result.wanted.path
            if isinstance(result, Failed):
                self._failed.add(path)
            self._awaited.discard(path)
            row = self._rows_by_path.get(path)
            if row is not None:
                self._arrived.add(row)
        if not self._awaited:
            self._draw_arrived()
        elif self._drawing_soon is None:
            self._drawing_soon = self.set_timer(TOGETHER_S, self._draw_arrived)

    def _draw_arrived(self) -> None:
        if self._drawing_soon is not None:
            self._drawing_soon.stop()
            self._drawing_soon = None
        for row in self._arrived:
            self.refresh_row(row)
        self._arrived.clear()

    def _room(self) -> Cells:
        return Cells(max(1, self.scrollable_size.width // self.shape.columns - GAP), PICTURE_ROWS)

    def is_drawn(self, row: int) -> bool:
        """Whether a tile is as it will be: with its picture, or without one for good."""
        tile, subject = self._tile(row), self._subject(row)
        return subject is None or tile.drawing is not None or tile.failed

    # Drawing

    def notify_style_update(self) -> None:
        """See RecordList."""
        super().notify_style_update()
        self._tile_painter.forget()

    def render_lines(self, crop: Region) -> list[Strip]:
        """See RecordList; how the tiles are now is looked up once for all their lines."""
        self._looked_up.clear()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """A line of the view; those of tiles once drawn come from a cache."""
        if not self.shows_tiles or not self.rows or self.source is None:
            return super().render_line(y)
        across, line = divmod(y + self.scroll_offset.y, self.shape.height)
        lines = self._looked_up.get(across)
        if lines is None:
            lines = self._looked_up[across] = self._lines_of(across)
        return lines[line]

    def _lines_of(self, across: int) -> tuple[Strip, ...]:
        first = across * self.shape.columns
        tiles = tuple(map(self._tile, range(first, min(first + self.shape.columns, self.rows))))
        if not tiles or self.source is None:
            return (Strip.blank(self.scrollable_size.width, self.rich_style),) * self.shape.height
        return self._tile_painter.side_by_side(tiles, self.source, self._room())

    def _tile(self, row: int) -> Tile:
        index = self.order[row]
        subject = self._subject(row)
        shown = None
        if subject is not None and self._studio is not None and not self._studio.is_hiding:
            shown = self._studio.ready(subject.tile(self._room()))
        failed = subject is not None and subject.path in self._failed
        marked = self.marks.holds(index, row, self.cursor)
        return Tile(index, row == self.cursor, marked, None if shown is None else shown.drawing, failed)

    def refresh_row(self, row: int) -> None:
        """See RecordList; of tiles, that one alone."""
        if not self.shows_tiles:
            super().refresh_row(row)
            return
        width = self._room().columns + GAP
        top = self.shape.top_of(row) - self.scroll_offset.y
        self.refresh(Region(row % self.shape.columns * width, top, width, self.shape.height))

    # Commands

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Sideways only among tiles; from the first of a line leftwards, the key leads back as everywhere."""
        if action == "tiles_left":
            return self.shows_tiles and self.cursor % self.shape.columns > 0
        return self.shows_tiles if action == "tiles_right" else super().check_action(action, parameters)

    def action_tiles_left(self) -> None:
        self.when_there(lambda: self.move_by(-1))

    def action_tiles_right(self) -> None:
        self.when_there(lambda: self.move_by(1))
