"""`python -m deliberate` is `deliberate`."""

import sys

from deliberate.cli import main

sys.exit(main())
