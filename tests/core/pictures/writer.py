"""A process that writes to a store until it is killed: `python -m tests.core.pictures.writer FOLDER CAP SEED`.

Prints the number of each record once it is kept.
"""

import random
import sys
from pathlib import Path

from catalog_tui.core.pictures.store import Store

PACK_BYTES = 1 << 16


def key_of(number: int) -> bytes:
    """The key of record `number`."""
    return number.to_bytes(16, "big")


def data_of(number: int) -> bytes:
    """Its data: of a length and content of its own."""
    rng = random.Random(number)
    return rng.randbytes(rng.randrange(1, 6000))


def main(folder: str, cap: str, seed: str) -> None:
    """Write for ever."""
    store = Store(Path(folder), int(cap), pack_bytes=PACK_BYTES)
    rng = random.Random(int(seed))
    while True:
        number = rng.randrange(2000)
        store.put(key_of(number), data_of(number))
        found = store.get(key_of(rng.randrange(2000)))
        assert found is None or len(found) < 6000
        print(number, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
