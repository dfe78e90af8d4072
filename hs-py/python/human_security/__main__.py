"""``python -m human_security`` is the command line."""

import sys

from human_security.cli import main

sys.exit(main())
