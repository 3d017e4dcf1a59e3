"""Our differences by word of the same pairs, in a process like the peer's.

python -m tests.benchmarks.words_ours PAIRS.json ROUNDS
"""

import json
import sys
import time
from pathlib import Path

from charters.comparing.readable import Segment, segments


def main(path: str, rounds: int) -> None:
    """Print the seconds of one round and the pieces of every pair."""
    pairs = json.loads(Path(path).read_text("utf-8"))
    found: list[list[Segment]] = []
    started = time.process_time()
    for _ in range(rounds):
        found = [segments(old, new) for old, new in pairs]
    seconds = (time.process_time() - started) / rounds
    print(json.dumps({"seconds": seconds, "pieces": found}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
