"""Runs in the peer's own environment: the map of a conversation by `red-dwarf`, figures as JSON on the last line.

    python -m tests.benchmarks.opinions_peer VOTES.json ROUNDS

Only the peer's public interface is called. Importing it and putting votes into its form are not counted. Like ours it
works on one thread: more of them make it no faster at these sizes, and their waiting would count as work.
"""

import json
import sys
import time
import warnings
from pathlib import Path
from statistics import median

from reddwarf.implementations.base import run_pipeline
from threadpoolctl import threadpool_limits

SEED = 1


def main(path: str, rounds: int) -> None:
    """Print median seconds, processor seconds, and what was found."""
    warnings.simplefilter("ignore")
    given = json.loads(Path(path).read_text("utf-8"))
    rows = [
        {"participant_id": person, "statement_id": statement, "vote": value, "modified": place}
        for place, (person, statement, value) in enumerate(given["rows"])
    ]
    kwargs = {"votes": rows, "mod_out_statement_ids": given["refused"], "random_state": SEED}
    clock, processor = [], []
    with threadpool_limits(1):
        run_pipeline(**kwargs)
        for _ in range(rounds):
            started, at_work = time.perf_counter(), time.process_time()
            result = run_pipeline(**kwargs)
            clock.append(time.perf_counter() - started)
            processor.append(time.process_time() - at_work)
    people, statements = result.participants_df, result.statements_df
    print(
        json.dumps(
            {
                "seconds": median(clock),
                "processor_seconds": median(processor),
                "participants": [int(person) for person in people.index],
                "groups": [
                    None if group != group else int(group) for group in people["cluster_id"].astype("float")
                ],
                "positions": [[float(x), float(y)] for x, y in zip(people["x"], people["y"], strict=True)],
                "statements": [int(statement) for statement in statements.index],
                "consensus": [float(score) for score in statements["group-aware-consensus-agree"]],
                "weights": [None if weight != weight else float(weight) for weight in statements["priority"]],
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
