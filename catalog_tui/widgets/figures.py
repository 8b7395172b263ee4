"""What the columns of some records say beyond their listing, read behind the screen, and the room that takes."""

from collections.abc import Callable, Mapping
from typing import Any

from .columns import Column


class Figures(dict[str, Any]):
    """Figures by the name of their record, as far as they were read.

    Their columns are as wide as the widest so far, and never become narrower: names must not move to and fro."""

    def __init__(self, texts: Callable[[Any], tuple[str, ...]]) -> None:
        """`texts` are those of the columns for one figure."""
        super().__init__()
        self._texts = texts
        self._widest: tuple[int, ...] = ()

    def take(self, figures: Mapping[str, Any]) -> bool:
        """Add `figures`, or put them in place of former ones; whether anything changed."""
        changed = {name: figure for name, figure in figures.items() if self.get(name) != figure}
        self.update(changed)
        for figure in changed.values():
            widths = tuple(map(len, self._texts(figure)))
            self._widest = tuple(map(max, self._widest, widths)) if self._widest else widths
        return bool(changed)

    def fitted(self, columns: tuple[Column, ...]) -> tuple[Column, ...]:
        """`columns` with no more room than their texts so far and their titles take."""
        widest = self._widest or (0,) * len(columns)
        return tuple(column.fitted(width) for column, width in zip(columns, widest, strict=True))
