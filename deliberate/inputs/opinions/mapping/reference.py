"""The reference map: it follows from the set of votes alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deliberate.inputs.opinions.mapping import clusters, components
from deliberate.inputs.opinions.mapping.votes import Ids, Votes, places

LEAST_VOTES = 7
# A new number of groups must stand apart by this much more before it replaces the one that people know.
MARGIN = 0.02
NO_GROUP = -1
POSITION = 10**clusters.DECIMALS
COMPONENT = 10**components.DECIMALS
SILHOUETTE = 10**clusters.SCORE_DECIMALS

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Reference:
    """Where n participants stand by their votes on C statements, and in which of k groups.

    `participants` (n) and `statements` (C) are sorted ids. `sums` and `counts` (C): sum and number of the votes on a
    statement; `answered` (n): votes of a participant on these statements. `components` (2 × C), `positions` (n × 2).
    `groups` (n): 0 to k - 1, the largest group first; -1 for those with too few votes to be put into one. `centres`
    (k × 2). `silhouettes`: how well groups stand apart for each k tried. `votes` counts all votes given.
    """

    participants: Ids
    statements: Ids
    sums: NDArray[np.int64]
    counts: NDArray[np.int64]
    answered: NDArray[np.int64]
    components: Floats
    positions: Floats
    groups: NDArray[np.int8]
    centres: Floats
    silhouettes: dict[int, float]
    votes: int
    least_votes: int

    @property
    def k(self) -> int:
        """How many groups there are."""
        return len(self.centres)

    @property
    def means(self) -> Floats:
        """Mean vote per statement."""
        found: Floats = self.sums / np.maximum(self.counts, 1)
        return found

    @property
    def clustered(self) -> int:
        """How many participants are in a group."""
        return int(np.count_nonzero(self.groups != NO_GROUP))

    @property
    def sizes(self) -> list[int]:
        """Participants per group."""
        grouped = self.groups[self.groups != NO_GROUP]
        return [int(size) for size in np.bincount(grouped, minlength=self.k)]

    @property
    def extremity(self) -> Floats:
        """Per statement, how far from the middle somebody would stand who agreed with it and voted on nothing else."""
        lengths = np.hypot(self.components[0], self.components[1])
        found: Floats = np.sqrt(len(self.statements)) * np.abs(1 - self.means) * lengths
        return found

    def to_data(self) -> dict[str, Any]:
        """As lists of whole numbers: positions and centres in millionths, components in hundred-millionths,
        silhouettes in ten-thousandths."""
        return {
            "participants": self.participants.tolist(),
            "statements": self.statements.tolist(),
            "sums": self.sums.tolist(),
            "counts": self.counts.tolist(),
            "answered": self.answered.tolist(),
            "components": _whole(self.components, COMPONENT),
            "positions": _whole(self.positions, POSITION),
            "groups": self.groups.tolist(),
            "centres": _whole(self.centres, POSITION),
            "silhouettes": [[k, round(value * SILHOUETTE)] for k, value in self.silhouettes.items()],
            "votes": self.votes,
            "least_votes": self.least_votes,
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Reference":
        """The reference that `to_data` wrote, exactly."""
        whole = {
            name: np.array(data[name], np.int64)
            for name in ("participants", "statements", "sums", "counts", "answered")
        }
        return cls(
            **whole,
            components=np.array(data["components"]).reshape(2, -1) / COMPONENT,
            positions=np.array(data["positions"]).reshape(-1, 2) / POSITION,
            groups=np.array(data["groups"], np.int8),
            centres=np.array(data["centres"]).reshape(-1, 2) / POSITION,
            silhouettes={k: value / SILHOUETTE for k, value in data["silhouettes"]},
            votes=data["votes"],
            least_votes=data["least_votes"],
        )


def _whole(values: Floats, unit: int) -> Any:
    return np.rint(values * unit).astype(np.int64).tolist()


def reference(
    votes: Votes,
    *,
    least_votes: int = LEAST_VOTES,
    left_out: Iterable[int] = (),
    previous: Reference | None = None,
) -> Reference:
    """The map of these votes, whatever their order.

    `left_out` are statements that were refused or withdrawn: they move nobody, but votes on them count towards the
    least number of votes with which somebody is put into a group, so that moderation takes nobody off the map. That
    number is at most the number of statements. Of `previous`, only the number of groups counts: it is kept unless
    another one stands apart by more than a margin.
    """
    participants, rows = votes.people()
    statements = np.setdiff1d(votes.statements, list(left_out))
    columns, kept = places(statements, votes.statements)
    columns, size = columns[kept], len(statements)
    counts = np.bincount(columns, minlength=size)
    sums = np.bincount(columns, votes.values[kept], size).astype(np.int64)
    means = sums / np.maximum(counts, 1)
    matrix = components.Matrix(rows[kept], columns, votes.values[kept], means, (len(participants), size))
    axes = components.principal(matrix)
    positions = rounded(components.projected(matrix, axes))
    enough = np.bincount(rows, minlength=len(participants)) >= min(least_votes, max(size, 1))
    found = clusters.clusterings(positions[enough])
    scores = clusters.silhouettes(positions[enough], found)
    groups, centres = _grouped(enough, found, _number(scores, previous))
    return Reference(
        participants=participants,
        statements=statements,
        sums=sums,
        counts=counts,
        answered=np.bincount(matrix.rows, minlength=len(participants)),
        components=axes,
        positions=positions,
        groups=groups,
        centres=centres,
        silhouettes=scores,
        votes=len(votes),
        least_votes=least_votes,
    )


def rounded(positions: Floats) -> Floats:
    """Positions in whole millionths, as they are kept."""
    found: Floats = np.rint(positions * POSITION) / POSITION
    return found


def _number(scores: dict[int, float], previous: Reference | None) -> int:
    """The k to show: the best, the smaller of two equally good ones, or the last one while it is nearly as good."""
    if not scores:
        return 0
    best = max(scores, key=lambda k: (scores[k], -k))
    if previous is not None and scores[best] - scores.get(previous.k, -1) <= MARGIN:
        return previous.k
    return best


def _grouped(
    enough: NDArray[np.bool_], found: dict[int, clusters.Clustering], k: int
) -> tuple[NDArray[np.int8], Floats]:
    groups = np.full(len(enough), NO_GROUP, np.int8)
    if not k:
        return groups, np.empty((0, 2))
    groups[enough] = found[k].labels
    return groups, found[k].centres
