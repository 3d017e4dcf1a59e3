"""Merging many amendments into a long charter: seconds, memory, conflicts.

Run as ``python -m tests.benchmarks.charter_merge CLAUSES AMENDMENTS``: prints one JSON object. A tenth of the
amendments are in conflict, two by two; of the others a part moves, splits, inserts, strikes or translates.
"""

import json
import statistics
import sys
import time

from charters import Amendment, Charter, Clause, content_digest, merge, uncontested
from charters.operations import Insert, Move, Operation, Replace, Split, Strike
from tests.benchmarks.charter_texts import charter
from tests.benchmarks.memory import peak_mb

RUNS = 5


def measure(clauses: int, amendments: int) -> dict[str, float | int]:
    """Median seconds of ``merge`` alone, over charters read anew; seconds of parting the uncontested from the rest
    and carrying the rest over; memory of the whole process.
    """
    base = charter(clauses)
    some = proposed(base, amendments)
    walls, processor = [], []
    for _ in range(RUNS):
        fresh = Charter(base.id, base.title, base.clauses, base.theme)
        wall, own = time.perf_counter(), time.process_time()
        outcome = merge(fresh, some)
        walls.append(time.perf_counter() - wall)
        processor.append(time.process_time() - own)
    started = time.process_time()
    parted = uncontested(base, some)
    parting = time.process_time() - started
    return {
        "clauses": len(base.index.bare),
        "amendments": len(some),
        "seconds": statistics.median(walls),
        "processor_seconds": statistics.median(processor),
        "memory_mb": peak_mb(),
        "conflicts": len(outcome.conflicts),
        "uncontested": len(parted.amendments),
        "uncontested_processor_seconds": parting,
        "conflicting": len({name for conflict in outcome.conflicts for name in conflict.amendments}),
    }


def proposed(base: Charter, count: int) -> list[Amendment]:
    """Amendments to clauses spread over the charter, several to one clause where there are more than clauses."""
    content = content_digest(base)
    leaves = [name for name, clause in base.index.clauses.items() if clause.text and not clause.clauses]
    rivals = 2 * (count // 20)
    return [Amendment(f"am-{n}", _steps(base, leaves, n, rivals), base=content) for n in range(1, count + 1)]


def _steps(base: Charter, leaves: list[str], n: int, rivals: int) -> tuple[Operation, ...]:
    contested, free = leaves[: rivals // 2], leaves[rivals // 2 :]
    if n <= rivals:
        return (_reworded(base.clause(contested[(n - 1) // 2]), 1, f"mot{n}"),)
    turn, place = divmod(n - rivals - 1, len(free))
    return _kinds(base, base.clause(free[place]), n)[n % 10 if turn == 0 else 0]


def _kinds(base: Charter, clause: Clause, n: int) -> list[tuple[Operation, ...]]:
    """Ten amendments to one clause: of ten, five change words."""
    parent = base.index.parent[clause.id]
    lang = next(iter(clause.text))
    words = clause.text[lang].split(" ")
    half = len(words) // 2
    return [
        (Insert(parent, clause.id, Clause(f"am-{n}.1", clause.kind, {lang: "Une phrase de plus."})),),
        (Move(clause.id, None, None),),
        (Split(clause.id, {lang: (" ".join(words[:half]), " ".join(words[half:]))}, (f"am-{n}.1",)),),
        (Strike(clause.id),),
        (Replace(clause.id, kind="commitment", commits=("authorities",), references=("SDG 8.5",)),),
        *((_reworded(clause, place, f"mot{n}"),) for place in range(2, 7)),
    ]


def _reworded(clause: Clause, place: int, word: str) -> Replace:
    lang = next(iter(clause.text))
    words = clause.text[lang].split(" ")
    words[place % len(words)] = word
    return Replace(clause.id, lang, text=" ".join(words))


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
