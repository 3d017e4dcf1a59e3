"""``python -m sortition``."""

import signal
import sys

from sortition.cli import main

if __name__ == "__main__":
    if hasattr(signal, "SIGPIPE"):  # `… | head` ends it in silence, as it ends other programs
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main())
