"""``python -m charters``."""

import sys

from charters.cli import main

sys.exit(main())
