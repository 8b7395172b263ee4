"""What went wrong with a request, as an answer: a status, a code for programs, words for people."""

from msgspec import UNSET, json

from catalog_tui.core.errors import ArchiveError, Unreadable
from catalog_tui.core.words import _
from catalog_tui.server import shapes

CODES = {
    400: "bad_request",
    401: "token_needed",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    409: "conflict",
    412: "precondition_failed",
    413: "too_large",
    415: "unsupported_media_type",
    416: "range_not_satisfiable",
    421: "wrong_host",
    422: "invalid",
    429: "too_many_attempts",
    431: "too_many_headers",
    500: "internal",
    503: "archive_away",
}


class Refused(Exception):
    """Ends a request with an error answer; `code` where the status alone does not say enough."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str = "",
        field: str = "",
        headers: tuple[tuple[bytes, bytes], ...] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code or CODES[status]
        self.field = field
        self.headers = headers

    def body(self) -> bytes:
        """The answer's JSON."""
        return json.encode(shapes.Problem(self.code, str(self), self.field or UNSET))


def not_found() -> Refused:
    """The one answer for what is not there, is hidden, or is none of the archive's: they cannot be told apart."""
    return Refused(404, _("There is no such thing in this archive."))


def archive_away() -> Refused:
    """The archive's folder is not there, or another filesystem is in its place."""
    message = _("The archive is not there at the moment; it may be unmounted.")
    return Refused(503, message, headers=((b"retry-after", b"5"),))


def unreadable() -> Refused:
    """The disk fails."""
    return Refused(503, _("The disk could not be read; please try again."), code="unreadable")


def of_archive(error: ArchiveError) -> Refused:
    """The answer for what the archive says; a disk that fails is no missing file."""
    cause = error.__cause__
    if isinstance(error, Unreadable) and not isinstance(cause, NotADirectoryError | PermissionError):
        return unreadable()
    return not_found()
