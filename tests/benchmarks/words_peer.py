"""Differences by `diff-match-patch` with its semantic cleanup, run by its own Python.

    python -m tests.benchmarks.words_peer PAIRS.json ROUNDS signs|words

By signs is its usual way. By words, each word stands for one sign while it compares, as its authors advise.
"""

import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from diff_match_patch import diff_match_patch

ENGINE = diff_match_patch()
NAMES = {-1: "delete", 0: "equal", 1: "insert"}
WORD = re.compile(r"\w+|\s+|\W")
FIRST = 0x100

Pieces = list[tuple[int, str]]


def by_signs(old: str, new: str) -> Pieces:
    """The difference sign by sign, tidied."""
    pieces: Pieces = ENGINE.diff_main(old, new)
    ENGINE.diff_cleanupSemantic(pieces)
    return pieces


def by_words(old: str, new: str) -> Pieces:
    """The difference word by word, tidied."""
    numbers: dict[str, int] = {}
    coded = [
        "".join(chr(FIRST + numbers.setdefault(word, len(numbers))) for word in WORD.findall(text))
        for text in (old, new)
    ]
    words = list(numbers)
    found: Pieces = ENGINE.diff_main(*coded, False)
    pieces = [(tag, "".join(words[ord(sign) - FIRST] for sign in signs)) for tag, signs in found]
    ENGINE.diff_cleanupSemantic(pieces)
    return pieces


def main(path: str, rounds: int, compare: Callable[[str, str], Pieces]) -> None:
    """Print the seconds of one round and the pieces of every pair."""
    pairs = json.loads(Path(path).read_text("utf-8"))
    found: list[Pieces] = []
    started = time.process_time()
    for _ in range(rounds):
        found = [compare(old, new) for old, new in pairs]
    seconds = (time.process_time() - started) / rounds
    print(
        json.dumps(
            {"seconds": seconds, "pieces": [[[NAMES[tag], text] for tag, text in one] for one in found]}
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), {"signs": by_signs, "words": by_words}[sys.argv[3]])
