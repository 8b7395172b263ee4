"""What follows the cursor only once it rests."""

from collections.abc import Callable

from textual.message_pump import MessagePump
from textual.timer import Timer

REST_S = 0.05
"""A cursor that has not moved for so long rests: longer than a held key takes to repeat, shorter than one notices."""


class AfterRest:
    """Does something once the cursor has come to rest; a key alone moves the cursor and no more."""

    def __init__(self, owner: MessagePump, do: Callable[[], None]) -> None:
        """`do` is called as one of the owner's timers would."""
        self._owner = owner
        self._do = do
        self._timer: Timer | None = None

    @property
    def is_due(self) -> bool:
        """Whether it is still to be done."""
        return self._timer is not None

    def moved(self) -> None:
        """The cursor moved: wait anew."""
        self.forget()
        self._timer = self._owner.set_timer(REST_S, self._rests)

    def _rests(self) -> None:
        self.forget()
        self._do()

    def forget(self) -> None:
        """It need not be done any more."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
