"""`python -m catalog_tui` is the command line."""

import sys

from catalog_tui.cli import main

if __name__ == "__main__":
    sys.exit(main())
