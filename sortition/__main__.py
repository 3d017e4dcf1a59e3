"""``python -m sortition``."""

import sys

from sortition.cli import main

if __name__ == "__main__":
    sys.exit(main())
