"""The driver, where the terminal goes away."""

import os

from textual.drivers._writer_thread import MAX_QUEUED_WRITES, WriterThread

from catalog_tui.graphics.asking_driver import Outlet


def test_nothing_waits_for_a_terminal_that_is_gone() -> None:
    master, slave = os.openpty()
    with os.fdopen(slave, "w", encoding="utf-8") as terminal:
        writer = WriterThread(Outlet(terminal))  # type: ignore[arg-type]  # what Textual uses of it is there
        writer.start()
        os.close(master)
        for _count in range(3 * MAX_QUEUED_WRITES):
            writer.write("a line of the screen " * 100)
        writer.stop()
        assert not writer.is_alive()
        os.dup2(os.open(os.devnull, os.O_WRONLY), slave)  # what stays in the buffer can be let go of
