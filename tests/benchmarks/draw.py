"""Runs in a fresh interpreter: a certified leximin lottery of 1,000 panels, sealed; figures as JSON.

    python -m tests.benchmarks.draw POOL_FOLDER SEATS OUT

Importing and reading the files are not counted, as for the peer; rounding to panels, certificate, pseudonyms
and digests are. OUT receives the folder that `tests.benchmarks.recount` verifies.
"""

import json
import sys
import time
from pathlib import Path

from sortition import prepare, read_categories, read_respondents
from sortition.files.folder import write_lottery
from tests.benchmarks.memory import peak_mb
from tests.benchmarks.runs import PANELS

ENTROPY = bytes(range(32))


def main(folder: Path, seats: int, out: Path) -> None:
    """Print wall and processor seconds, chances and bounds of one draw."""
    quotas, problems = read_categories((folder / "categories.csv").read_bytes(), "categories.csv")
    respondents, more = read_respondents((folder / "respondents.csv").read_bytes(), "respondents.csv", quotas)
    if problems or more:
        raise SystemExit("\n".join(map(str, [*problems, *more])))
    clock, processor = time.perf_counter(), time.process_time()
    lottery = prepare(
        quotas, respondents, seats, panels=PANELS, randomness_source="three balls", entropy=ENTROPY
    )
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    write_lottery(out, lottery, respondents)
    held = [chance for chance in lottery.chances.values() if chance.probability > 0]
    figures = {
        "seconds": clock,
        "processor_seconds": processor,
        "least": float(min(chance.lottery for chance in held)),
        "leximin_least": float(min(chance.probability for chance in held)),
        "left_out": len(respondents) - len(held),
        "bound": float(lottery.bound),
        "largest_difference": float(lottery.largest_difference),
        "attained": lottery.attained,
        "memory_mb": peak_mb(),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
