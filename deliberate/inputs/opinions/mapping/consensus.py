"""What all groups share, and what divides them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deliberate.inputs.opinions.mapping.tallies import Tallies
from deliberate.inputs.opinions.mapping.votes import AGREE, DISAGREE

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shared:
    """A statement with which every group agrees (side 1) or disagrees (-1); `score` is between 0 and 1."""

    statement: int
    side: int
    score: float


@dataclass(frozen=True)
class Divisive:
    """A statement with which group `agreeing` agrees while group `disagreeing` does not; `score` between 0 and 1."""

    statement: int
    agreeing: int
    disagreeing: int
    score: float


def group_informed(tallies: Tallies, side: int = AGREE) -> Floats:
    """Per statement, the product over groups of (votes of that side + 1) / (votes + 2).

    Group-informed consensus (Small and others 2021): high only where no group stands against it, however small it is.
    """
    found: Floats = tallies.shares(side).prod(axis=0)
    return found


def shared(tallies: Tallies, most: int | None = None) -> list[Shared]:
    """The statements on which more than half of every group takes one side, the strongest first.

    Nothing on which fewer than five of a group voted, that is, whose votes could give somebody away.
    """
    if not len(tallies.sizes):
        return []
    found = []
    for side in (AGREE, DISAGREE):
        scores = group_informed(tallies, side)
        held = (2 * tallies.side(side) > tallies.voted).all(axis=0) & tallies.tellable.all(axis=0)
        found += [
            Shared(int(tallies.statements[place]), side, float(scores[place]))
            for place in np.flatnonzero(held)
        ]
    return sorted(found, key=lambda one: (-one.score, one.statement))[:most]


def divisive(tallies: Tallies, most: int | None = None) -> list[Divisive]:
    """The statements with which more than half of one group agrees and more than half of another disagrees.

    The strongest first: the score is the product of the two groups' shares, (A + 1) / (S + 2) and (D + 1) / (S + 2).
    """
    groups = range(len(tallies.sizes))
    pairs = [(one, other) for one in groups for other in groups if one != other]
    best: dict[int, Divisive] = {}
    for one, other in pairs:
        for found in _between(tallies, one, other):
            if found.statement not in best or best[found.statement].score < found.score:
                best[found.statement] = found
    return sorted(best.values(), key=lambda each: (-each.score, each.statement))[:most]


def _between(tallies: Tallies, one: int, other: int) -> list[Divisive]:
    scores = tallies.shares(AGREE)[one] * tallies.shares(DISAGREE)[other]
    held = (
        (2 * tallies.agrees[one] > tallies.voted[one])
        & (2 * tallies.disagrees[other] > tallies.voted[other])
        & tallies.tellable[one]
        & tallies.tellable[other]
    )
    return [
        Divisive(int(tallies.statements[place]), one, other, float(scores[place]))
        for place in np.flatnonzero(held)
    ]
