"""What a picture or video tells of itself, as lines of the details."""

from catalog_tui.core.media import Facts
from catalog_tui.core.units import format_count, format_decimal, format_duration
from catalog_tui.core.words import _

from .fact_sheet import Fact
from .subject import Subject


def picture_facts(facts: Facts, subject: Subject | None) -> list[Fact]:
    """Size in pixels, length, codec, when it was taken; and the moment looked at."""
    found = [Fact(_("Pixels"), f"{format_count(facts.width)} × {format_count(facts.height)}")]
    if facts.duration_s:
        found.append(Fact(_("Length"), _length(facts)))
    if subject is not None and subject.frame_s is not None:
        found.append(Fact(_("Seen at"), format_duration(subject.frame_s)))
    if facts.codec:
        codecs = [codec for codec in (facts.codec, facts.audio_codec) if codec]
        found.append(Fact(_("Codec"), ", ".join(codecs)))
    elif (facts.frames or 0) > 1:
        found.append(Fact(_("Frames"), format_count(facts.frames or 0)))
    if facts.taken:
        found.append(Fact(_("Taken"), facts.taken[:16]))
    if facts.camera:
        found.append(Fact(_("Camera"), facts.camera))
    return found


def _length(facts: Facts) -> str:
    length = format_duration(facts.duration_s or 0)
    if facts.frame_rate:
        rate = format_decimal(facts.frame_rate, 0 if facts.frame_rate == round(facts.frame_rate) else 2)
        return _("{length}, {rate} a second").format(length=length, rate=rate)
    return length


def short_facts(facts: Facts) -> str:
    """The same in a few words: `4,000 × 3,000`, and a video's length."""
    pixels = f"{format_count(facts.width)} × {format_count(facts.height)}"
    return f"{pixels} · {format_duration(facts.duration_s)}" if facts.duration_s else pixels
