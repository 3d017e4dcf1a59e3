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
    sides = [_Side(tallies, group, value) for value in (AGREE, DISAGREE)]
    strengths = np.stack([side.strengths for side in sides])
    better = strengths.argmax(axis=0)
    strongest = strengths.max(axis=0)
    order = np.lexsort((tallies.statements, -strongest))[:most]
    return [sides[better[place]].told(int(place)) for place in order if strongest[place] > 0]


class _Side:
    """One side of one group on every statement: the figures of `Representative`, as arrays."""

    def __init__(self, tallies: Tallies, group: int, value: int) -> None:
        chose, voted = tallies.side(value), tallies.voted
        self.statements, self.value = tallies.statements, value
        self.chose, self.voted = chose[group], voted[group]
        self.others_chose = chose.sum(axis=0) - self.chose
        self.others_voted = voted.sum(axis=0) - self.voted
        self.test = one_proportion(self.chose, self.voted)
        self.apart = two_proportions(self.chose, self.others_chose, self.voted, self.others_voted)
        self.strengths = self._strengths(tallies.tellable[group])

    def _strengths(self, tellable: NDArray[np.bool_]) -> Floats:
        """What statements are ranked by; 0 for those that do not set the group apart."""
        share = (self.chose + 1) / (self.voted + 2)
        others = (self.others_chose + 1) / (self.others_voted + 2)
        passing = (self.test > SIGNIFICANT) & (self.apart > SIGNIFICANT) & tellable
        found: Floats = np.where(passing, share / others * self.apart * share * self.test, 0)
        return found

    def told(self, place: int) -> Representative:
        return Representative(
            int(self.statements[place]),
            self.value,
            int(self.chose[place]),
            int(self.voted[place]),
            int(self.others_chose[place]),
            int(self.others_voted[place]),
            float(self.test[place]),
            float(self.apart[place]),
        )


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
