"""``python -m charters``."""

import signal
import sys

from charters.cli import main

if hasattr(signal, "SIGPIPE"):  # `… | head` ends it in silence, as it ends other programs
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
sys.exit(main())
