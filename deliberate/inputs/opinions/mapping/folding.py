"""Between two reference maps: who voted meanwhile moves on the same axes, everybody else stays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deliberate.inputs.opinions.mapping import clusters, components
from deliberate.inputs.opinions.mapping.reference import NO_GROUP, Floats, Reference, rounded
from deliberate.inputs.opinions.mapping.votes import Ids, Votes, places


@dataclass(frozen=True, eq=False)
class Folded:
    """Where those who voted stand now: sorted ids, positions (× 2) in the axes of the reference, and groups."""

    participants: Ids
    positions: Floats
    groups: NDArray[np.int8]


def fold(reference: Reference, votes: Votes) -> Folded:
    """Where these participants stand on the axes of `reference`, in the group whose centre is nearest.

    `votes` are all votes of each of them, not only the new ones. Statements that the reference does not know move
    nobody; they count towards the least number of votes with which somebody is put into a group.
    """
    participants, rows = votes.people()
    columns, known = places(reference.statements, votes.statements)
    matrix = components.Matrix(
        rows[known],
        columns[known],
        votes.values[known],
        reference.means,
        (len(participants), len(reference.statements)),
    )
    positions = rounded(components.projected(matrix, reference.components))
    enough = np.bincount(rows, minlength=len(participants)) >= min(
        reference.least_votes, max(len(reference.statements), 1)
    )
    groups = np.full(len(participants), NO_GROUP, np.int8)
    if reference.k:
        groups[enough] = clusters.nearest(positions[enough], reference.centres)
    return Folded(participants, positions, groups)
