"""The command `catalog-tui`, and `python -m catalog_tui`."""

import gc
import sys


def main() -> int:
    """Do what the command line says; gives the exit code."""
    try:
        gc.disable()  # nothing of what is loaded is garbage: to look for some took 1 ms of the 30 of a small scan
        from catalog_tui.cli import main as answer  # here, so that Ctrl+C meanwhile is no traceback

        gc.freeze()
        gc.enable()
        return answer()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
