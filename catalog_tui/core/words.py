"""The program's words in the reader's language: gettext over the catalogues in `catalog_tui/locale`."""

import gettext
import os

LOCALE_DIR = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), "locale")
DOMAIN = "catalog_tui"
LANGUAGES = ("en", "pt_BR")


class _Speech:
    """The one translation in force for this process, chosen once at start."""

    translations: gettext.NullTranslations = gettext.NullTranslations()
    language: str = "en"


def choose_language(wanted: str = "auto") -> str:
    """Speak `wanted` (`en`, `pt_BR`, or `auto`: what the locale environment says); gives the language chosen."""
    codes = [wanted] if wanted != "auto" else _languages_of_environment()
    known = (known for code in codes for known in LANGUAGES if code.lower().startswith(known[:2]))
    _Speech.language = next(known, "en")
    _Speech.translations = gettext.translation(DOMAIN, LOCALE_DIR, [_Speech.language], fallback=True)
    return _Speech.language


def language() -> str:
    """The language in force, one of LANGUAGES."""
    return _Speech.language


def _(text: str) -> str:
    """`text` in the language in force."""
    return _Speech.translations.gettext(text)


def translated(text: str) -> str:
    """The same for a text that is declared elsewhere as data (a command's title): `_` itself takes literals only."""
    return _Speech.translations.gettext(text) if text else ""  # "" would be answered with the catalogue's header


def reason_of(error: Exception) -> str:
    """Why it failed: what the system says, translated where the catalogue has it, or the words of the error itself."""
    said = error.strerror if isinstance(error, OSError) else None
    return translated(said or "") or str(error) or type(error).__name__


def ngettext(one: str, many: str, count: int) -> str:
    """`one` or `many`, whichever goes with `count`, in the language in force."""
    return _Speech.translations.ngettext(one, many, count)


def _languages_of_environment() -> list[str]:
    """What the reader prefers, best first, as gettext reads it: LANGUAGE is a list and goes before the locale."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value:
            return value.split(":")
    return []
