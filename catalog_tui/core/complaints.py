"""What is wrong with a file of the user's that the program can do without."""

import os
from typing import NamedTuple

from catalog_tui.core.words import reason_of


class Complaint(NamedTuple):
    """Something wrong in the settings or in the remembered state: one line, shown once, stopping nothing."""

    text: str
    where: str
    """The file, with `:line` where it is known, or the environment variable."""

    def __str__(self) -> str:
        """The line for stderr."""
        return f"{self.where}: {self.text}"


def file_and_reason(error: Exception) -> str:
    """Which file the system would not have, where it says so, and why; fit to be shown."""
    from catalog_tui.core.names import display  # here: a scan that goes well does without

    reason = reason_of(error)
    file = error.filename if isinstance(error, OSError) else None
    return f"{display(os.fsdecode(file))}: {reason}" if isinstance(file, (str, bytes)) else reason
