"""``python -m human_security`` is the command line."""

import sys

from human_security.cli import main

if __name__ == "__main__":
    sys.exit(main())
