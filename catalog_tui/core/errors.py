"""What can go wrong, said in one line that a person can act on."""


class CatalogError(Exception):
    """Root of all errors of this program; its text is one line: what was being done, to which file, what to do."""


class UsageError(CatalogError):
    """The command line or a setting asks for something that cannot be; the program exits with 2."""


class ArchiveError(CatalogError):
    """The archive, or a folder in it, cannot be read as asked."""


class Vanished(ArchiveError):
    """The archive, a site, a model or a file is not there (any more)."""


class Unreadable(ArchiveError):
    """A folder is there and cannot be read: no permission, no folder at all, a failing disk."""


class NotFollowed(ArchiveError):
    """A site or a model is a link, and links are shown, not followed."""


class Cancelled(CatalogError):
    """The work was given up because its caller asked for that."""
