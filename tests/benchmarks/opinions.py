"""Maps of conversations beside `red-dwarf`, which runs in an environment of its own; and a million votes.

Ours and the peer's take turns, each run a process of its own that maps the same votes several times.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from deliberate.inputs.opinions.mapping.votes import votes
from tests.benchmarks import environment
from tests.benchmarks.conversations import Conversation, conversations
from tests.benchmarks.opinions_stability import Stability, stability
from tests.benchmarks.runs import ROOT, figures_of

PACKAGE, VERSION = "red-dwarf", "0.4.0"
ENVIRONMENT = ROOT / ".bench" / "opinions"
PATIENCE = 300.0
PAIRS, ROUNDS = 3, 9
IDLE = 0.1


@dataclass(frozen=True)
class Side:
    """What one side found and took: median seconds over all its runs."""

    seconds: float
    processor_seconds: float
    clustered: int
    sizes: tuple[int, ...]


@dataclass(frozen=True)
class Mapped:
    """A conversation mapped by both. `others`: the most processors that anything else had meanwhile.

    `rand` is the adjusted Rand index of the groups of those whom both put into one, `rank` Spearman's correlation of the
    group-informed consensus over all statements, `apart` the largest distance between a participant's two places once
    the maps are laid on each other, as a share of the width; `elsewhere` counts those whom the peer puts into another
    group, each of its groups being taken for the one of ours that holds most of it. `refused` statements had votes.
    """

    name: str
    votes: int
    replaced: int
    import_seconds: float
    ours: Side
    peer: Side | None
    others: float | None
    rand: float | None = None
    rank: float | None = None
    apart: float | None = None
    elsewhere: int = 0
    refused: int = 0
    stability: Stability | None = None

    @property
    def ratio(self) -> float | None:
        """How many times our seconds the peer takes, by the clock."""
        return self.peer.seconds / self.ours.seconds if self.peer else None

    @property
    def processor_ratio(self) -> float | None:
        """The same in processor seconds."""
        return self.peer.processor_seconds / self.ours.processor_seconds if self.peer else None

    @property
    def idle(self) -> bool:
        """Whether nothing else was at work."""
        return self.others is not None and self.others <= IDLE


def install() -> str | None:
    """Make the peer's environment when it is not there. Returns a sentence when that fails."""
    return environment.install(PACKAGE, VERSION, ENVIRONMENT)


def measure(folder: Path | None, temporary: Path) -> Iterator[Mapped | str]:
    """Every conversation, mapped by both sides; a sentence where something could not be measured."""
    problem = install()
    if problem:
        yield problem
    temporary.mkdir(parents=True, exist_ok=True)
    for conversation in conversations(folder):
        yield (
            conversation
            if isinstance(conversation, str)
            else _mapped(conversation, temporary, problem is None)
        )


def large() -> dict[str, Any] | str:
    """The figures of a million votes, or a sentence."""
    found, problem = figures_of([sys.executable, "-m", "tests.benchmarks.opinions_large"], PATIENCE)
    return found or f"one million votes: {problem}"


def _mapped(conversation: Conversation, temporary: Path, beside: bool) -> Mapped | str:
    path = temporary / "votes.json"
    path.write_text(json.dumps({"rows": conversation.rows, "refused": conversation.refused}), "utf-8")
    pythons = {"ours": sys.executable} | ({"peer": environment.python_of(ENVIRONMENT)} if beside else {})
    runs: dict[str, list[dict[str, Any]]] = {side: [] for side in pythons}
    for _ in range(PAIRS):
        for side, python in pythons.items():
            command = [python, "-m", f"tests.benchmarks.opinions_{side}", str(path), str(ROUNDS)]
            found, problem = figures_of(command, PATIENCE)
            if found is None:
                return f"{conversation.name}, {side}: {problem}"
            runs[side].append(found)
    others = [run["others"] for each in runs.values() for run in each]
    return Mapped(
        conversation.name,
        len(conversation.rows),
        conversation.replaced,
        conversation.seconds,
        _side(runs["ours"]),
        _side(runs["peer"]) if beside else None,
        None if None in others else max(others),
        refused=len({row[1] for row in conversation.rows} & set(conversation.refused)),
        stability=stability(votes(conversation.rows), conversation.refused),
        **(_compared(runs["ours"][0], runs["peer"][0]) if beside else {}),
    )


def _side(runs: list[dict[str, Any]]) -> Side:
    groups = [group for group in runs[0]["groups"] if group is not None]
    return Side(
        median(run["seconds"] for run in runs),
        median(run["processor_seconds"] for run in runs),
        len(groups),
        tuple(sorted((groups.count(group) for group in set(groups)), reverse=True)),
    )


def _compared(ours: dict[str, Any], peer: dict[str, Any]) -> dict[str, Any]:
    """How alike the two maps are. Both list all participants, sorted."""
    pairs = [pair for pair in zip(ours["groups"], peer["groups"], strict=True) if None not in pair]
    scores = dict(zip(peer["statements"], peer["consensus"], strict=True))
    rank = spearmanr(ours["consensus"], [scores[statement] for statement in ours["statements"]])
    return {
        "rand": adjusted_rand(*np.array(pairs).T),
        "rank": float(rank.statistic),
        "apart": _apart(np.array(ours["positions"]), np.array(peer["positions"])),
        "elsewhere": sum(one != other for one, other in _matched(pairs)),
    }


def _matched(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs with each of the peer's groups named as the one of ours that holds most of it."""
    counts = np.zeros((5, 5), int)
    np.add.at(counts, tuple(np.array(pairs).T), 1)
    names = counts.argmax(axis=0)
    return [(one, int(names[other])) for one, other in pairs]


def _apart(ours: np.ndarray, peer: np.ndarray) -> float:
    left, _, right = np.linalg.svd(peer.T @ ours)
    return float(np.hypot(*(peer @ (left @ right) - ours).T).max() / np.ptp(ours, axis=0).max())


def adjusted_rand(ours: np.ndarray, peer: np.ndarray) -> float:
    """The adjusted Rand index of two groupings (Hubert and Arabie 1985): 1 when they are the same, 0 as by chance."""
    counts = np.zeros((ours.max() + 1, peer.max() + 1))
    np.add.at(counts, (ours, peer), 1)
    together, rows, columns, every = (
        float((each * (each - 1) / 2).sum())
        for each in (counts, counts.sum(axis=1), counts.sum(axis=0), counts.sum())
    )
    expected = rows * columns / every
    most = (rows + columns) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)
