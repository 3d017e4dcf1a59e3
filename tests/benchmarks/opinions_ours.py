"""Our map of a conversation, in a process like the peer's.

python -m tests.benchmarks.opinions_ours VOTES.json ROUNDS
"""

import json
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from deliberate.inputs.opinions.mapping.consensus import divisive, group_informed, shared
from deliberate.inputs.opinions.mapping.groups import representative
from deliberate.inputs.opinions.mapping.priority import priorities
from deliberate.inputs.opinions.mapping.reference import NO_GROUP, reference
from deliberate.inputs.opinions.mapping.tallies import tallies
from deliberate.inputs.opinions.mapping.votes import votes


def mapped(rows: list[list[int]], refused: list[int]) -> dict[str, Any]:
    """Everything that the peer computes: map, groups, what sets them apart, consensus, priorities."""
    given = votes(rows)  # type: ignore[arg-type] # lists, as JSON has them
    found = reference(given, left_out=refused)
    counted = tallies(found, given)
    consensus = group_informed(counted)
    told = representative(counted), shared(counted), divisive(counted)
    sums = counted.agrees.sum(axis=0), counted.disagrees.sum(axis=0), counted.passes.sum(axis=0)
    weights = priorities(*sums, found.extremity)
    return {"map": found, "consensus": consensus, "told": told, "weights": weights}


def main(path: str, rounds: int) -> None:
    """Print median seconds, processor seconds, and what was found."""
    given = json.loads(Path(path).read_text("utf-8"))
    mapped(given["rows"], given["refused"])
    clock, processor = [], []
    for _ in range(rounds):
        started, at_work = time.perf_counter(), time.process_time()
        result = mapped(given["rows"], given["refused"])
        clock.append(time.perf_counter() - started)
        processor.append(time.process_time() - at_work)
    found = result["map"]
    print(
        json.dumps(
            {
                "seconds": median(clock),
                "processor_seconds": median(processor),
                "participants": found.participants.tolist(),
                "groups": [None if group == NO_GROUP else int(group) for group in found.groups],
                "positions": found.positions.tolist(),
                "statements": found.statements.tolist(),
                "consensus": result["consensus"].tolist(),
                "weights": result["weights"].tolist(),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
