"""Writing small files so that a kill or a full disk never leaves half of one."""

import os
import stat
from contextlib import suppress
from pathlib import Path


def write_atomically(file: Path, content: bytes) -> None:
    """Let `file` hold `content`, with the mode it had; OSError, and it is as it was, where that cannot be done."""
    import tempfile  # 6 ms that a start need not pay

    descriptor, new = tempfile.mkstemp(prefix=file.name, suffix=".new", dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(descriptor)
        with suppress(FileNotFoundError):
            os.chmod(new, stat.S_IMODE(os.stat(file).st_mode))
        os.replace(new, file)
    except BaseException:
        with suppress(OSError):
            os.unlink(new)
        raise
