"""What sets a group apart: statements on which it votes otherwise than everybody else does."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deliberate.inputs.opinions.mapping.tallies import Tallies
from deliberate.inputs.opinions.mapping.votes import AGREE, DISAGREE

# One-sided, at 90 % confidence, as in Polis.
SIGNIFICANT = 1.2816
MOST = 5
Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Representative:
    """A statement that a group agrees with (side 1) or disagrees with (-1) more than others do.

    `chose` of `voted` members took that side, `others_chose` of `others_voted` in all other groups. `test` says how far
    beyond half of the group that is, `apart` how far beyond the others, both in standard deviations.
    """

    statement: int
    side: int
    chose: int
    voted: int
    others_chose: int
    others_voted: int
    test: float
    apart: float


def representative(tallies: Tallies, most: int = MOST) -> list[list[Representative]]:
    """Per group, the statements that set it apart, the strongest first; nothing of groups under five people, and
    nothing on which fewer than five of the group voted.

    Both tests must pass; the order is that of Polis: how many times likelier × apart × share × test.
    """
    return [_of_group(tallies, group, most) for group in range(len(tallies.sizes))]


def _of_group(tallies: Tallies, group: int, most: int) -> list[Representative]:
    found = [ranked for side in (AGREE, DISAGREE) for ranked in _of_side(tallies, group, side)]
    best: dict[int, tuple[float, Representative]] = {}
    for strength, one in found:
        if one.statement not in best or best[one.statement][0] < strength:
            best[one.statement] = strength, one
    ordered = sorted(best.values(), key=lambda pair: (-pair[0], pair[1].statement))
    return [one for _, one in ordered[:most]]


def _of_side(tallies: Tallies, group: int, side: int) -> list[tuple[float, Representative]]:
    voted, chose = tallies.voted, tallies.side(side)
    inside, of = chose[group], voted[group]
    outside, others = chose.sum(axis=0) - inside, voted.sum(axis=0) - of
    tests, apart = one_proportion(inside, of), two_proportions(inside, outside, of, others)
    share, others_share = (inside + 1) / (of + 2), (outside + 1) / (others + 2)
    strengths = share / others_share * apart * share * tests
    passing = (tests > SIGNIFICANT) & (apart > SIGNIFICANT) & tallies.tellable[group]
    return [
        (
            float(strengths[place]),
            Representative(
                int(tallies.statements[place]), side, int(inside[place]), int(of[place]),
                int(outside[place]), int(others[place]), float(tests[place]), float(apart[place]),
            ),
        )
        for place in np.flatnonzero(passing)
    ]  # fmt: skip


def one_proportion(successes: Counts, trials: Counts) -> Floats:
    """How far a share lies beyond one half, in standard deviations; one is added to both counts, as in Polis."""
    tried = trials + 1
    found: Floats = 2 * np.sqrt(tried) * ((successes + 1) / tried - 0.5)
    return found


def two_proportions(inside: Counts, outside: Counts, voted: Counts, others: Counts) -> Floats:
    """How far the share inside lies beyond the one outside, in standard deviations of the pooled share.

    One is added to every count, as in Polis; 0 where nobody at all took another side.
    """
    tried, others_tried = voted + 1, others + 1
    pooled = (inside + outside + 2) / (tried + others_tried)
    deviation = np.sqrt(np.maximum(pooled * (1 - pooled), 0) * (1 / tried + 1 / others_tried))
    difference = (inside + 1) / tried - (outside + 1) / others_tried
    found: Floats = np.where(deviation > 0, difference / np.where(deviation > 0, deviation, 1), 0)
    return found
