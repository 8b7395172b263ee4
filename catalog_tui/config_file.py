"""Writing settings back into `config.toml`; everything else in it, comments too, stays as it is."""

from collections.abc import Sequence
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from catalog_tui.core.errors import CatalogError
from catalog_tui.core.names import display
from catalog_tui.core.words import _, reason_of
from catalog_tui.core.writing import write_atomically


def save_keep_rules(file: Path | None, rules: Sequence[str]) -> None:
    """Set `keep` in the settings' `file`; CatalogError, and nothing changes, where it cannot be read or written."""
    if file is None:
        raise CatalogError(_("There is no settings file to save to."))
    where = display(str(file))
    try:
        text = file.read_bytes().decode("utf-8-sig") if file.exists() else ""
        document = tomlkit.parse(text)
        document["keep"] = list(rules)
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file.resolve(), tomlkit.dumps(document).encode())
    except OSError as error:
        text = _("Settings could not be saved to {file}: {reason}").format(file=where, reason=reason_of(error))
        raise CatalogError(text) from error
    except (TOMLKitError, UnicodeDecodeError) as error:
        text = _("Settings could not be saved to {file}, which is no valid TOML: {reason}")
        raise CatalogError(text.format(file=where, reason=display(str(error)))) from error
