"""Differences by `diff-match-patch` with its semantic cleanup, run by its own Python.

python -m tests.benchmarks.words_peer PAIRS.json ROUNDS
"""

import json
import sys
import time
from pathlib import Path

from diff_match_patch import diff_match_patch


def main(path: str, rounds: int) -> None:
    """Print the seconds of one round and the pieces of every pair."""
    pairs = json.loads(Path(path).read_text("utf-8"))
    engine = diff_match_patch()
    names = {-1: "delete", 0: "equal", 1: "insert"}
    found: list[list[tuple[int, str]]] = []
    started = time.process_time()
    for _ in range(rounds):
        found = []
        for old, new in pairs:
            pieces = engine.diff_main(old, new)
            engine.diff_cleanupSemantic(pieces)
            found.append(pieces)
    seconds = (time.process_time() - started) / rounds
    print(
        json.dumps(
            {"seconds": seconds, "pieces": [[[names[tag], text] for tag, text in one] for one in found]}
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
