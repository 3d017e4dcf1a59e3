"""How long it takes to find similar contributions among 5,000: `python -m tests.benchmarks.similarity [FOLDER]`.

With a folder of conversations as Polis exports them, it also prints what is proposed there as nearly the same.
"""

import csv
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from deliberate.inputs.similarity import near_duplicates, similar, similar_to_each

TEXTS, COPIES, PAGE = 5000, 200, 50
WORDS_FROM = Path(__file__).parents[2] / "deliberate" / "demonstration" / "contributions.csv"


def texts() -> dict[str, str]:
    """Contributions of 10 to 90 words drawn from those of the demonstration; some are sent twice."""
    with WORDS_FROM.open(encoding="utf-8") as file:
        words = " ".join(row["text"] for row in csv.DictReader(file)).split()
    chance = random.Random(1)
    made = {
        f"c-{number}": " ".join(chance.choices(words, k=chance.randint(10, 90))) for number in range(TEXTS)
    }
    return made | {f"c-{number}": made[f"c-{number - COPIES}"] for number in range(COPIES, 2 * COPIES)}


def conversations(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The statements of each conversation, by number."""
    for path in sorted(folder.glob("*/comments.csv")):
        with path.open(encoding="utf-8") as file:
            yield path.parent.name, {row["comment-id"]: row["comment-body"] for row in csv.DictReader(file)}


def timed(label: str, begun: float) -> None:
    """Print how many processor seconds passed."""
    print(f"{label}: {time.process_time() - begun:.2f} s")


def main() -> None:
    """Measure, and show."""
    made = texts()
    begun = time.process_time()
    pairs = near_duplicates(made)
    timed(f"{TEXTS} texts, {len(pairs)} pairs nearly the same", begun)
    begun = time.process_time()
    similar(made["c-7"], made)
    timed(f"one text among {TEXTS}", begun)
    begun = time.process_time()
    similar_to_each(dict(list(made.items())[:PAGE]), made)
    timed(f"a page of {PAGE} among {TEXTS}", begun)
    for folder in sys.argv[1:]:
        for name, said in conversations(Path(folder)):
            for one, other, share in near_duplicates(said):
                print(f"{name} {share:.2f}  {said[one][:70]!r}  {said[other][:70]!r}")


if __name__ == "__main__":
    main()
