"""What a worker makes of what others say of their scans, and of what they do not hear."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

from catalog_tui.core.scan.options import ScanOptions
from catalog_tui.server.scans import Scans
from catalog_tui.server.shapes import ScanState
from catalog_tui.server.sharing.messages import CancelScan, Message, Reply, ScanNews
from catalog_tui.server.sharing.shared_scans import SharedScans
from tests.waiting import PATIENCE_S


async def test_who_did_not_hear_that_its_scan_is_to_end_is_told_again(tmp_path: Path) -> None:
    told: list[Message] = []

    async def ask(message: Message) -> Sequence[Reply]:
        told.append(message)
        return []  # nobody has heard it

    async def until_told(times: int) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while len(told) < times and time.monotonic() < deadline:
            await asyncio.sleep(0)

    scans = SharedScans(Scans(ScanOptions(str(tmp_path))), "here", ask)
    await scans.hear(ScanNews("there", "theirs", 1, ScanState("running")))
    await scans.cancel()
    assert told == [CancelScan("theirs")]
    await scans.hear(ScanNews("there", "theirs", 2, ScanState("running")))
    await until_told(2)
    await scans.hear(ScanNews("there", "theirs", 3, ScanState("stopping")))
    await scans.hear(ScanNews("there", "theirs", 4, ScanState("cancelled")))
    await scans.hear(ScanNews("there", "their next", 5, ScanState("running")))
    await scans.close()
    assert told == [CancelScan("theirs")] * 2
