"""Secrets in files of one line, which nobody but their owner may read."""

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from catalog_tui.core.errors import CatalogError
from catalog_tui.core.names import display
from catalog_tui.core.words import _, reason_of

SHORTEST: Final = 16  # characters
NEW_BYTES: Final = 32


def read_secret(file: str) -> str:
    """The secret in `file`. Raises CatalogError where it cannot be read, others may read it, or it is too short."""
    try:
        with open(file, encoding="utf-8") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            secret = stream.readline(4096).strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = reason_of(error)
        text = _("the secret in {file} cannot be read: {reason}")
        raise CatalogError(text.format(file=display(file), reason=reason)) from error
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise CatalogError(_("others may read the secret in {file}: chmod 600 it").format(file=display(file)))
    if len(secret) < SHORTEST:
        text = _("the secret in {file} is too short: {least} characters or more")
        raise CatalogError(text.format(file=display(file), least=SHORTEST))
    return secret


def kept_secret(file: Path) -> str:
    """The secret in `file`, which is made where there is none. Raises CatalogError.

    It is there whole or not at all: of two that make it at once the second takes that of the first.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            _make(file)
    except OSError as error:
        text = _("no secret can be kept in {file}: {reason}")
        raise CatalogError(text.format(file=display(os.fspath(file)), reason=reason_of(error))) from error
    return read_secret(os.fspath(file))


def _make(file: Path) -> None:
    new = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(secrets.token_urlsafe(NEW_BYTES) + "\n")
        with suppress(FileExistsError):
            os.link(new, file)
    finally:
        new.unlink()
