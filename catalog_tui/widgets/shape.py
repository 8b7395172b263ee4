"""Where the rows of a list stand: one under the other, or as tiles, several side by side."""

from typing import NamedTuple


class Shape(NamedTuple):
    """A list is tiles in one column, each of one line."""

    columns: int = 1
    height: int = 1
    """Lines of each."""

    def lines(self, rows: int) -> int:
        """The lines that so many rows take."""
        return -(-rows // self.columns) * self.height

    def top_of(self, row: int) -> int:
        """The first line of a row."""
        return row // self.columns * self.height

    def rows_within(self, top: int, bottom: int) -> slice:
        """The rows of which something stands in the lines from `top` up to `bottom`, that not included."""
        return slice(top // self.height * self.columns, -(-bottom // self.height) * self.columns)

    def row_at(self, x: int, line: int, width: int) -> int:
        """The row that stands at a column of a line, in a list of this width."""
        column = min(self.columns - 1, x // max(1, width // self.columns))
        return line // self.height * self.columns + column

    def page(self, height: int) -> int:
        """The rows from one page to the next, with some left in sight."""
        return self.columns * max(1, (height - 1) // self.height)


LINES = Shape()
