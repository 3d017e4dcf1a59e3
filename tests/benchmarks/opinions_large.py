"""One million votes in a fresh process: mapped, in any order, and ten thousand new votes folded in; figures as JSON.

python -m tests.benchmarks.opinions_large
"""

import hashlib
import json
import time
from collections.abc import Callable
from statistics import median
from typing import TypeVar

import numpy as np

from deliberate.inputs.opinions.mapping.consensus import divisive, shared
from deliberate.inputs.opinions.mapping.display import Display, aligned, shown
from deliberate.inputs.opinions.mapping.folding import fold
from deliberate.inputs.opinions.mapping.groups import representative
from deliberate.inputs.opinions.mapping.reference import Reference, reference
from deliberate.inputs.opinions.mapping.tallies import tallies
from deliberate.inputs.opinions.mapping.votes import Votes, of_columns
from tests.benchmarks.conversations import drawn
from tests.benchmarks.memory import peak_mb

PARTICIPANTS, STATEMENTS, EACH = 10_000, 1_000, 100
NEW, ROUNDS, ORDERS = 10_000, 3, 5

Found = TypeVar("Found")
Columns = tuple[np.ndarray, np.ndarray, np.ndarray]


def main() -> None:
    """Print what each part took, the most memory held, and whether every order gave the same bytes."""
    given = drawn(PARTICIPANTS, STATEMENTS, EACH, 2)

    def ordered(order: np.ndarray) -> Columns:
        return given.participants[order], given.statements[order], given.values[order]

    random = np.random.default_rng(3)
    orders = [random.permutation(len(given)) for _ in range(ORDERS)]
    figures, last = _timed(lambda: _mapped(ordered(orders[0])))
    memory = peak_mb()
    bytes_of = {_digest(reference(of_columns(*ordered(order)))) for order in orders}
    more, touched = _with_new(given, random)
    folding, _ = _timed(lambda: _folded(last, more, touched))
    print(
        json.dumps(
            {
                "votes": len(given),
                "participants": PARTICIPANTS,
                "statements": STATEMENTS,
                "seconds": figures[0],
                "processor_seconds": figures[1],
                "memory_mb": memory,
                "new": NEW,
                "touched": len(touched),
                "fold_seconds": folding[0],
                "fold_processor_seconds": folding[1],
                "orders": ORDERS,
                "different": len(bytes_of),
            }
        )
    )


def _timed(act: Callable[[], Found]) -> tuple[tuple[float, float], Found]:
    clock, processor = [], []
    for _ in range(ROUNDS):
        started, at_work = time.perf_counter(), time.process_time()
        found = act()
        clock.append(time.perf_counter() - started)
        processor.append(time.process_time() - at_work)
    return (median(clock), median(processor)), found


def _mapped(columns: Columns) -> tuple[Reference, Display]:
    """From the columns of a table of votes in no order to everything that a page of the map shows."""
    given = of_columns(*columns)
    found = reference(given)
    counted = tallies(found, given)
    representative(counted), shared(counted), divisive(counted)
    return found, aligned(found)


def _with_new(given: Votes, random: np.random.Generator) -> tuple[Votes, np.ndarray]:
    """The votes with ten thousand more by participants who had not yet voted on these statements, and who they are."""
    there = given.participants * STATEMENTS + given.statements
    free = np.setdiff1d(np.arange(PARTICIPANTS * STATEMENTS), there, assume_unique=True)
    new = random.choice(free, NEW, replace=False)
    more = of_columns(
        np.concatenate([given.participants, new // STATEMENTS]),
        np.concatenate([given.statements, new % STATEMENTS]),
        np.concatenate([given.values, random.integers(-1, 2, NEW).astype(np.int8)]),
    )
    return more, np.unique(new // STATEMENTS)


def _folded(last: tuple[Reference, Display], votes: Votes, touched: np.ndarray) -> Display:
    found, display = last
    return shown(display, fold(found, votes.by(touched.tolist())))


def _digest(found: Reference) -> str:
    return hashlib.sha256(json.dumps(found.to_data()).encode()).hexdigest()


if __name__ == "__main__":
    main()
