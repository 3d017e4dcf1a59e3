"""The peer: `sortition-algorithms` in an environment of its own, and what it took elsewhere.

`peer.json` keeps figures per pool, found by the digest of the pool's two files, so that a figure never stands beside
another pool than the one it was measured on.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from tests.benchmarks import environment
from tests.benchmarks.pools import PoolFolder
from tests.benchmarks.runs import ROOT, figures_of, machine, today

PACKAGE, VERSION = "sortition-algorithms", "0.12.15"
ENVIRONMENT = ROOT / ".bench" / "peer"
PYTHON = environment.python_of(ENVIRONMENT)
STORED = Path(__file__).with_name("peer.json")
LONG = 600.0
PATIENCE = 900.0

Policy = Literal["auto", "run", "stored", "none"]


@dataclass(frozen=True)
class PeerFigure:
    """What the peer's maximin took on one pool.

    `least` is the smallest chance that its distribution gives those whom it does not leave out, as being on no
    panel at all. Where it was not `finished`, the seconds are those after which it was stopped and the rest is
    zero. `stored` tells a figure of another run; `load` and `others` are those of `runs.figures_of`.
    """

    pool: str
    digest: str
    version: str
    seconds: float
    processor_seconds: float
    least: float
    left_out: int
    panels: int
    memory_mb: float
    finished: bool
    machine: str
    date: str
    stored: bool = False
    load: float | None = None
    others: float | None = None

    @property
    def clock(self) -> float:
        """Seconds by the clock; those of a stored figure never count for more than the processor was at work."""
        return min(self.seconds, self.processor_seconds) if self.stored else self.seconds


def pool_digest(pool: PoolFolder) -> str:
    """A digest over both files of a pool and its seats."""
    parts = (
        hashlib.sha256((pool.folder / f"{name}.csv").read_bytes()) for name in ("categories", "respondents")
    )
    text = "\n".join([*(part.hexdigest() for part in parts), str(pool.seats)])
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def stored_figures() -> dict[str, PeerFigure]:
    """The figures kept, by the digest of their pool."""
    rows = json.loads(STORED.read_text("utf-8")) if STORED.exists() else []
    return {row["digest"]: PeerFigure(**row, stored=True) for row in rows}


def store(figures: list[PeerFigure]) -> None:
    """Keep these figures, in place of earlier ones of the same pools."""
    kept = stored_figures() | {figure.digest: figure for figure in figures}
    rows = [asdict(figure) for figure in sorted(kept.values(), key=lambda one: (one.pool, one.digest))]
    for row in rows:
        for here in ("stored", "load", "others"):
            del row[here]
    STORED.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


def install() -> str | None:
    """Make the environment when it is not there. Returns a sentence when that fails, None when it is ready."""
    problem = environment.install(PACKAGE, VERSION, ENVIRONMENT)
    return f"{problem} Until then its stored figures are used." if problem else None


def to_run(policy: Policy, kept: PeerFigure | None) -> bool:
    """Whether the peer runs now: by default unless it is known to take over ten minutes."""
    return policy == "run" or (policy == "auto" and (kept is None or kept.clock < LONG))


def run_peer(pool: PoolFolder) -> PeerFigure:
    """Run the peer's maximin on a pool, stopped when it has taken fifteen minutes."""
    command = [PYTHON, "-m", "tests.benchmarks.peer_maximin", str(pool.folder), str(pool.seats)]
    found, _ = figures_of(command, PATIENCE)
    unfinished = PeerFigure(
        pool.name, pool_digest(pool), VERSION, PATIENCE, PATIENCE, 0, 0, 0, 0, False, machine(), today()
    )
    return replace(unfinished, **found, finished=True) if found else unfinished
