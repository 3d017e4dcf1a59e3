"""The draw beside the peer, pool by pool, in turn in one run."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from tests.benchmarks import peer
from tests.benchmarks.peer import PeerFigure, Policy
from tests.benchmarks.pools import PoolFolder
from tests.benchmarks.runs import figures_of

PEERS_POOLS = ("hd", "mass", "sf-a", "sf-b", "sf-c", "sf-d", "cca", "nexus", "obf")
PATIENCE = 900.0
QUICK = 20.0
# A tenth of a processor at work for something else: what a system does by itself.
IDLE = 0.1


@dataclass(frozen=True)
class OurFigure:
    """A certified lottery of 1,000 panels: one entry of `seconds`, `processor_seconds`, `load` and `others` (see
    `runs.figures_of`) per repetition.

    `left_out` counts the people whom leximin gives no chance, since no panel can hold them. Of the others,
    `least` is the smallest chance in the lottery and `leximin_least` the one it approaches. `bound` is what
    no lottery can give everybody; `attained` says that panels are proved to reach the leximin chances.
    """

    seconds: list[float]
    processor_seconds: list[float]
    least: float
    leximin_least: float
    left_out: int
    bound: float
    largest_difference: float
    attained: bool
    memory_mb: float
    verify_seconds: float
    verify_memory_mb: float
    failed: list[str]
    load: list[float] = field(default_factory=list)
    others: list[float | None] = field(default_factory=list)

    @property
    def median(self) -> float:
        return median(self.seconds)

    @property
    def processor_median(self) -> float:
        return median(self.processor_seconds)


@dataclass(frozen=True)
class DrawRow:
    """One pool: its size, our figure or the `problem` that kept us from one, and the peer's figure."""

    pool: str
    people: int
    seats: int
    categories: int
    types: int
    ours: OurFigure | None
    problem: str = ""
    peer: PeerFigure | None = None

    @property
    def idle(self) -> bool:
        """Whether both sides ran in this run, and nothing else was at work meanwhile."""
        if not self.ours or not self.peer or self.peer.stored:
            return False
        others = [*self.ours.others, self.peer.others]
        return len(others) > 1 and all(one is not None and one <= IDLE for one in others)

    @property
    def ratio(self) -> float | None:
        """How many times our seconds the peer takes, by the clock."""
        return self.peer.clock / self.ours.median if self.ours and self.peer else None

    @property
    def processor_ratio(self) -> float | None:
        """The same in processor seconds, which other work on the machine hardly changes."""
        if not self.ours or not self.peer:
            return None
        return self.peer.processor_seconds / self.ours.processor_median


def measure(pools: Sequence[PoolFolder], policy: Policy, repetitions: int) -> Iterator[DrawRow]:
    """Measure pool by pool. The peer stands between our repetitions; it is not run on the largest pools."""
    kept = peer.stored_figures()
    for pool in pools:
        first, problem = _draw(pool)
        figure = _peer(pool, policy, kept) if pool.name in PEERS_POOLS else None
        again = repetitions - 1 if first and first["seconds"] < QUICK else 0
        more = [_draw(pool)[0] for _ in range(again)]
        ours = _figure([one for one in [first, *more] if one])
        people, categories, types = pool.size()
        yield DrawRow(pool.name, people, pool.seats, categories, types, ours, problem, figure)


def _peer(pool: PoolFolder, policy: Policy, kept: dict[str, PeerFigure]) -> PeerFigure | None:
    stored = kept.get(peer.pool_digest(pool))
    if peer.to_run(policy, stored):
        return peer.run_peer(pool)
    return None if policy == "none" else stored


def _draw(pool: PoolFolder) -> tuple[dict[str, Any] | None, str]:
    with tempfile.TemporaryDirectory() as folder:
        module = [sys.executable, "-m", "tests.benchmarks.draw", str(pool.folder), str(pool.seats), folder]
        drawn, problem = figures_of(module, PATIENCE)
        if drawn is None:
            return None, problem
        checked, problem = figures_of([sys.executable, "-m", "tests.benchmarks.recount", folder], PATIENCE)
    if checked is None:
        checked = {"seconds": PATIENCE, "memory_mb": 0.0, "failed": [problem]}
    return drawn | {
        "verify_seconds": checked["seconds"],
        "verify_memory_mb": checked["memory_mb"],
        "failed": checked["failed"],
    }, ""


def _figure(runs: Sequence[dict[str, Any]]) -> OurFigure | None:
    if not runs:
        return None
    timed = {name: [run[name] for run in runs] for name in ("seconds", "processor_seconds", "load", "others")}
    return OurFigure(**(runs[0] | timed))


def draw_seconds(pool: PoolFolder) -> tuple[float, float] | str:
    """Seconds by the clock and processor seconds of one draw; a sentence when it fails."""
    drawn, problem = _draw(pool)
    return (drawn["seconds"], drawn["processor_seconds"]) if drawn else problem
