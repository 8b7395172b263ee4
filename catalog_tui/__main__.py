"""The command `catalog-tui`, and `python -m catalog_tui`."""

import sys


def main() -> int:
    """Do what the command line says; gives the exit code."""
    try:
        from catalog_tui.cli import main as answer  # here, so that Ctrl+C meanwhile is no traceback

        return answer()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
