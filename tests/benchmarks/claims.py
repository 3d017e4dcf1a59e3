"""What the draw promises, held against the figures of a run: met, not met, or not measured.

Beside the peer the clock decides, which is what a person waits by, where both sides ran in this run and nothing else
was at work meanwhile; else processor seconds do, which other work hardly changes. Both are always told, and which of
them decided. Limits in seconds are by the clock.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import geometric_mean

from tests.benchmarks.draws import PEERS_POOLS, DrawRow, OurFigure
from tests.benchmarks.runs import PANELS
from tests.benchmarks.tables import Session

TIMES = 50
SECONDS = {"sf-e": 30, "national-5k": 60, "national-20k": 120}
MEMORY_MB = 2048
DIFFERENCE = 0.002
ROUNDING = 1e-9


@dataclass(frozen=True)
class Claim:
    """`met` is None where the run did not measure what the claim speaks of."""

    sentence: str
    met: bool | None
    figure: str


def claims(rows: Sequence[DrawRow]) -> list[Claim]:
    """Every claim, in the order in which they are made."""
    beside = [row for row in rows if row.ours and row.peer and row.pool in PEERS_POOLS]
    drawn = [(row, row.ours) for row in rows if row.ours]
    return [
        _times(beside),
        _faster_on_each(beside),
        _least(beside),
        *(_in_time(name, limit, rows) for name, limit in SECONDS.items()),
        _all(f"under {MEMORY_MB // 1024} GB of memory on every pool", drawn, _memory, MEMORY_MB, "{:.0f} MB"),
        _all(f"largest |π̂ − π| ≤ {DIFFERENCE} on every pool", drawn, _difference, DIFFERENCE, "{:.5f}"),
        _verified(rows),
    ]


def tables_claim(sessions: Sequence[Session]) -> Claim:
    """Tables against chance and greed. That their bounds are kept is asserted while they are measured."""
    sentence = (
        "more pairs meet at tables than at random ones and than at the best greedy ones, all bounds kept"
    )
    if not sessions:
        return Claim(sentence, None, "not in this run")
    below = [one for one in sessions if one.pairs <= one.chance or one.pairs <= one.greedy]
    most = [one for one in below if one.pairs < one.bound]
    widest = max(1 - one.pairs / one.bound for one in sessions)
    figure = f"above both in {len(sessions) - len(below)} of {len(sessions)} sessions; gap to the bound at most {widest:.1%}"
    figure += f"; equal at the bound in {len(below) - len(most)}" if len(below) > len(most) else ""
    return Claim(sentence, not most, figure)


def _times(beside: Sequence[DrawRow]) -> Claim:
    sentence = (
        f"at least {TIMES} times faster than the peer's maximin (geometric mean of {len(PEERS_POOLS)} pools)"
    )
    if not beside:
        return Claim(sentence, None, "no pool has both figures")
    clock, processor = (
        geometric_mean([ratio for row in beside if (ratio := getattr(row, name))])
        for name in ("ratio", "processor_ratio")
    )
    stored = [row.pool for row in beside if row.peer and row.peer.stored]
    by_clock = _by_clock(beside)
    figure = (
        f"{clock:.1f} times by the clock, {processor:.1f} times in processor seconds; {_judged(by_clock)}"
    )
    missing = [name for name in PEERS_POOLS if name not in {row.pool for row in beside}]
    figure += f"; without {', '.join(missing)}" if missing else ""
    figure += f"; peer stored for {', '.join(stored)}" if stored else ""
    return Claim(
        sentence, None if missing else (clock if by_clock else processor) + ROUNDING >= TIMES, figure
    )


def _by_clock(beside: Sequence[DrawRow]) -> bool:
    """Whether the clock may decide."""
    return all(row.idle for row in beside)


def _judged(by_clock: bool) -> str:
    if by_clock:
        return "the clock decides: both sides ran here and nothing else was at work"
    return "processor seconds decide: other work was done meanwhile, or a figure is stored"


def _faster_on_each(beside: Sequence[DrawRow]) -> Claim:
    sentence = "faster than the peer on every one of them"
    if not beside:
        return Claim(sentence, None, "no pool has both figures")
    by_clock = _by_clock(beside)
    least = {
        name: min((getattr(row, name) or 0, row.pool) for row in beside)
        for name in ("ratio", "processor_ratio")
    }
    (clock, slow), (processor, slow_processor) = least["ratio"], least["processor_ratio"]
    figure = f"least by the clock on {slow}: {clock:.1f} times; in processor seconds on {slow_processor}: {processor:.1f}"
    return Claim(sentence, (clock if by_clock else processor) > 1, figure)


def _least(beside: Sequence[DrawRow]) -> Claim:
    sentence = (
        f"least chance in the lottery never more than 1/{PANELS} below the peer's, and nobody else left out"
    )
    both = [(row.ours, row.peer, row.pool) for row in beside if row.ours and row.peer and row.peer.finished]
    if not both:
        return Claim(sentence, None, "no pool has both figures")
    gap, exact, pool = max(
        (peer.least - ours.least, peer.least - ours.leximin_least, pool) for ours, peer, pool in both
    )
    figure = (
        f"furthest below on {pool}: {gap:.5f} in the lottery, {max(exact, 0):.5f} before rounding to panels"
    )
    more = [pool for ours, peer, pool in both if ours.left_out > peer.left_out]
    figure += f"; more people left out on {', '.join(more)}" if more else ""
    return Claim(sentence, gap <= 1 / PANELS + ROUNDING and not more, figure)


def _in_time(name: str, limit: int, rows: Sequence[DrawRow]) -> Claim:
    sentence = f"{name} in at most {limit} s"
    row = next((row for row in rows if row.pool == name), None)
    if row is None:
        return Claim(sentence, None, "not in this run")
    if row.ours is None:
        return Claim(sentence, False, row.problem)
    figure = f"{row.ours.median:.1f} s by the clock, {row.ours.processor_median:.1f} processor seconds"
    return Claim(sentence, row.ours.median <= limit, figure)


def _memory(ours: OurFigure) -> float:
    return max(ours.memory_mb, ours.verify_memory_mb)


def _difference(ours: OurFigure) -> float:
    return ours.largest_difference


def _all(
    sentence: str,
    drawn: Sequence[tuple[DrawRow, OurFigure]],
    figure: Callable[[OurFigure], float],
    limit: float,
    form: str,
) -> Claim:
    if not drawn:
        return Claim(sentence, None, "no pool was drawn")
    worst, pool = max((figure(ours), row.pool) for row, ours in drawn)
    return Claim(sentence, worst <= limit, f"most on {pool}: {form.format(worst)}")


def _verified(rows: Sequence[DrawRow]) -> Claim:
    sentence = "the certificate and the lottery of every pool verify"
    if not rows:
        return Claim(sentence, None, "no pool was drawn")
    told = {row.pool: "; ".join(row.ours.failed) if row.ours else row.problem for row in rows}
    bad = [f"{pool}: {problem}" for pool, problem in told.items() if problem]
    return Claim(sentence, not bad, " ".join(bad) or f"{len(rows)} of {len(rows)} pools")
