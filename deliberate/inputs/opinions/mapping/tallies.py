"""How each group voted on each statement, in counts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deliberate.inputs.opinions.mapping.reference import NO_GROUP, Reference
from deliberate.inputs.opinions.mapping.votes import AGREE, DISAGREE, Ids, Votes, places
from deliberate.inputs.rules import SMALLEST_CELL

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Tallies:
    """Votes of k groups on C statements: `agrees`, `disagrees`, `passes` (k × C each), `sizes` of the groups (k)."""

    statements: Ids
    agrees: Counts
    disagrees: Counts
    passes: Counts
    sizes: Counts

    @property
    def voted(self) -> Counts:
        """Votes of any kind, k × C."""
        return self.agrees + self.disagrees + self.passes

    @property
    def tellable(self) -> NDArray[np.bool_]:
        """k × C: whether so many of a group voted on a statement that how they did gives nobody away."""
        return (self.voted >= SMALLEST_CELL) & (self.sizes[:, None] >= SMALLEST_CELL)

    def side(self, value: int) -> Counts:
        """The votes that agree (1) or those that disagree (-1), k × C."""
        return self.agrees if value == AGREE else self.disagrees

    def shares(self, value: int) -> Floats:
        """(votes of that side + 1) / (votes + 2), k × C."""
        found: Floats = (self.side(value) + 1) / (self.voted + 2)
        return found


def tallies(reference: Reference, votes: Votes) -> Tallies:
    """Count the votes of those who are in a group of `reference`, on the statements that it knows."""
    participants, rows = votes.people()
    people, there = places(reference.participants, participants)
    groups = np.where(there, np.append(reference.groups, NO_GROUP)[people], NO_GROUP).astype(np.int64)[rows]
    columns, known = places(reference.statements, votes.statements)
    counted = known & (groups != NO_GROUP)
    size = len(reference.statements)
    cells, values = groups[counted] * size + columns[counted], votes.values[counted]
    agrees, disagrees, every = (
        np.bincount(cells[chosen], minlength=reference.k * size).reshape(reference.k, size)
        for chosen in (values == AGREE, values == DISAGREE, slice(None))
    )
    return Tallies(
        reference.statements,
        agrees,
        disagrees,
        every - agrees - disagrees,
        np.array(reference.sizes, np.int64),
    )
