"""What a picture or a video is: the facts that opening it tells, and the words for one that cannot be shown.

Nothing here decodes: a hostile or broken file is opened only in a worker process (`pictures/`), and
`thumbnails.Thumbnails` is the way to ask one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from catalog_tui.core.errors import CatalogError
from catalog_tui.core.kinds import Kind
from catalog_tui.core.units import format_count
from catalog_tui.core.words import _

LASTING: Final = frozenset(
    ("empty", "not_media", "too_many_pixels", "too_large", "broken", "no_picture", "too_slow", "crashed")
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a picture or video; None where the file does not say."""

    kind: Kind
    form: str
    """The format by its content, as its usual suffix without dot: `jpg`, `heic`, `mp4`."""
    width: int
    """Pixels, as it is to be looked at: after orientation, and with a video's pixels made square."""
    height: int
    orientation: int = 1
    """How it is stored, as EXIF counts it: 1 upright, 6 and 8 on its side, 2, 4, 5 and 7 mirrored."""
    duration_s: float | None = None
    frames: int | None = None
    """Pictures in an animation (1: it stands still), frames of a video, pages of a document."""
    frame_rate: float | None = None
    codec: str | None = None
    """What a video is encoded with: `h264`, `vp9`."""
    audio_codec: str | None = None
    taken: str | None = None
    """When it was taken, by the camera's clock: `2024-05-31 18:02:11`."""
    camera: str | None = None
    has_cover: bool = False
    """Whether a video brings a picture of its own."""


class Problem(StrEnum):
    """Why a file cannot be shown. The words for it are chosen when they are said, for they are kept in no language."""

    VANISHED = "vanished"
    UNREADABLE = "unreadable"
    SPECIAL = "special"
    LINK = "link"
    CHANGED = "changed"
    EMPTY = "empty"
    NOT_MEDIA = "not_media"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_LARGE = "too_large"
    BROKEN = "broken"
    NO_PICTURE = "no_picture"
    TOO_SLOW = "too_slow"
    CRASHED = "crashed"

    @property
    def lasts(self) -> bool:
        """Whether it will be so until the file changes, and is worth remembering."""
        return self.value in LASTING


class CannotShow(CatalogError):
    """The file cannot be shown; `reason` is one plain sentence that says why."""

    def __init__(self, problem: Problem, detail: Mapping[str, int | str] | None = None) -> None:
        self.problem: Final = problem
        self.detail: Final = dict(detail or {})
        super().__init__(problem, self.detail)

    @property
    def reason(self) -> str:
        """The sentence, in the language of the moment; holds no file name."""
        text = _texts()[self.problem]
        shown = {
            "width": format_count(int(self.detail.get("width", 0))),
            "height": format_count(int(self.detail.get("height", 0))),
            "seconds": format_count(int(self.detail.get("seconds", 0))),
            "said": str(self.detail.get("said", "")),
        }
        return text.format(**shown)

    def __str__(self) -> str:
        """The reason."""
        return self.reason


def _texts() -> Mapping[Problem, str]:
    return {
        Problem.VANISHED: _("The file is not there any more."),
        Problem.UNREADABLE: _("The file cannot be read: {said}."),
        Problem.SPECIAL: _("It is no regular file."),
        Problem.LINK: _("It is a link, and links are not followed."),
        Problem.CHANGED: _("The file changed while it was read; try again."),
        Problem.EMPTY: _("The file is empty."),
        Problem.NOT_MEDIA: _("Its content is neither a picture nor a video that is known here."),
        Problem.TOO_MANY_PIXELS: _("It has {width} × {height} pixels, more than is safe to decode."),
        Problem.TOO_LARGE: _("Decoding it takes more memory than is allowed."),
        Problem.BROKEN: _("The file is damaged or incomplete."),
        Problem.NO_PICTURE: _("There is no picture in it."),
        Problem.TOO_SLOW: _("Decoding took longer than {seconds} s and was stopped."),
        Problem.CRASHED: _("The decoder ended over it."),
    }
