"""Letting others go first: how a process that nobody waits for leaves the processor to the one on the screen."""

import os
import sys
from contextlib import suppress

NICENESS = 10  # a tenth of what others get where all want to run; at 19, a seventieth, a busy machine would hold it up

_BELOW_NORMAL = 0x4000  # BELOW_NORMAL_PRIORITY_CLASS of Windows


def give_way() -> None:
    """Have this process, and those that it starts from now on, run when others leave the processor free."""
    if sys.platform == "win32":
        import ctypes

        this_process = ctypes.c_void_p(-1)
        ctypes.windll.kernel32.SetPriorityClass(this_process, _BELOW_NORMAL)
        return
    os.nice(NICENESS)
    if os.getsid(0) == os.getpid():
        # Linux shares the processors among sessions first: niceness counts only within one, unless its group has it.
        with suppress(OSError), open("/proc/self/autogroup", "w", encoding="ascii") as group:
            group.write(str(NICENESS))
