"""What can go wrong, said in one line that a person can act on."""


class CatalogError(Exception):
    """Root of all errors of this program; its text is one line: what was being done, to which file, what to do."""


class UsageError(CatalogError):
    """The command line or a setting asks for something that cannot be; the program exits with 2."""


class ArchiveError(CatalogError):
    """The archive, or a folder in it, cannot be read as asked."""


class Cancelled(CatalogError):
    """The work was given up because its caller asked for that."""
