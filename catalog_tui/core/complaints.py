"""What is wrong with a file of the user's that the program can do without."""

from typing import NamedTuple


class Complaint(NamedTuple):
    """Something wrong in the settings or in the remembered state: one line, shown once, stopping nothing."""

    text: str
    where: str
    """The file, with `:line` where it is known, or the environment variable."""

    def __str__(self) -> str:
        """The line for stderr."""
        return f"{self.where}: {self.text}"
