"""What charters cost: merging, comparing, tracing and exporting, each in a process of its own.

python -m tests.benchmarks.charters diff 1000
python -m tests.benchmarks.charters provenance 1000 200
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from charters import FORMATS, Provenance, compare, diff
from tests.benchmarks.charter_texts import chain, charter, revised
from tests.benchmarks.memory import peak_mb
from tests.benchmarks.runs import figures_of

CLAUSES = (125, 250, 500, 1000, 2000, 4000)
AMENDMENTS = (62, 125, 250, 500, 1000)
VERSIONS = (25, 50, 100, 200)
USUAL = 1000
REPEAT = 5
PATIENCE = 600.0


@dataclass(frozen=True)
class Cost:
    """One measurement: ``series`` names what is measured, ``over`` what grows, ``size`` how much of it."""

    series: str
    over: str
    size: int
    seconds: float
    processor_seconds: float
    memory_mb: float
    conflicts: int = 0


def measure() -> Iterator[Cost | str]:
    """Growth with clauses, with amendments and with versions; a sentence where something could not be measured."""
    for clauses in CLAUSES:
        yield _cost("comparison", "clauses", clauses, "charters", "diff", clauses)
        yield _cost("merge", "clauses", clauses, "charter_merge", clauses, clauses // 2)
    for amendments in AMENDMENTS:
        yield _cost("merge", "amendments", amendments, "charter_merge", USUAL, amendments)
    for versions in VERSIONS:
        yield _cost("provenance", "versions", versions, "charters", "provenance", USUAL, versions)


def exports() -> dict[str, float] | str:
    """Processor seconds per format of a charter of 1,000 clauses, or a sentence."""
    found, problem = figures_of(
        [sys.executable, "-m", "tests.benchmarks.charter_export", str(USUAL)], PATIENCE
    )
    if found is None:
        return f"export: {problem}"
    return {name: seconds for name, seconds in found.items() if name in FORMATS}


def _cost(series: str, over: str, size: int, module: str, *arguments: object) -> Cost | str:
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", *map(str, arguments)]
    found, problem = figures_of(command, PATIENCE)
    if found is None:
        return f"{series} over {size} {over}: {problem}"
    seconds, processor, memory = (
        float(found[name]) for name in ("seconds", "processor_seconds", "memory_mb")
    )
    return Cost(series, over, size, seconds, processor, memory, int(found.get("conflicts", 0)))


def timed(act: Callable[[], object], repeat: int = REPEAT) -> dict[str, float]:
    """Median seconds of an act, by the clock and of the processor, and the most memory held."""
    clock, processor = [], []
    for _ in range(repeat):
        started, at_work = time.perf_counter(), time.process_time()
        act()
        clock.append(time.perf_counter() - started)
        processor.append(time.process_time() - at_work)
    return {"seconds": median(clock), "processor_seconds": median(processor), "memory_mb": peak_mb()}


def _diff(clauses: int) -> dict[str, float]:
    old = charter(clauses)
    new = revised(old)
    # What is made once per version, such as the index by id, is made anew for each comparison.
    fresh = [(charter(clauses), revised(old)) for _ in range(REPEAT)]
    found = timed(lambda: diff(*fresh.pop()))
    return found | {"view_seconds": timed(lambda: compare(old, new, "fr"))["processor_seconds"]}


def _provenance(clauses: int, versions: int) -> dict[str, float]:
    found = chain(clauses, versions)
    return timed(lambda: Provenance(found), 3)


def main(what: str, *sizes: str) -> None:
    """Measure one thing and print its figures as JSON."""
    print(json.dumps(_diff(int(sizes[0])) if what == "diff" else _provenance(int(sizes[0]), int(sizes[1]))))


if __name__ == "__main__":
    main(*sys.argv[1:])
