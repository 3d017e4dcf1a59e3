"""The map as it is shown: turned so that people find themselves where they were, with the colours they know."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deliberate.inputs.opinions.mapping.clusters import MOST
from deliberate.inputs.opinions.mapping.folding import Folded
from deliberate.inputs.opinions.mapping.reference import NO_GROUP, POSITION, Floats, Reference, rounded
from deliberate.inputs.opinions.mapping.votes import Ids

COLOURS = MOST
TURN = 10**9


@dataclass(frozen=True, eq=False)
class Display:
    """Where n participants are shown, and in which colour.

    `positions` (n × 2); `colours` (n): 0 to 4, or -1 for those in no group. A group is named after its colour, so that
    names stay too. `turn` (2 × 2) leads from the axes of the reference to those shown; `colour_of` gives the colour
    of each group of the reference. `shared` counts the participants that it was aligned on.
    """

    participants: Ids
    positions: Floats
    colours: NDArray[np.int8]
    turn: Floats
    colour_of: tuple[int, ...]
    shared: int = 0

    @property
    def degrees(self) -> int:
        """How far the reference was turned, from -180 to 180, after it was mirrored if it was."""
        return round(float(np.degrees(np.arctan2(self.turn[0, 1], self.turn[0, 0]))))

    @property
    def mirrored(self) -> bool:
        """Whether left and right of the reference were exchanged."""
        return bool(np.linalg.det(self.turn) < 0)

    def to_data(self) -> dict[str, Any]:
        """As lists of whole numbers: positions in millionths, the turn in billionths."""
        return {
            "participants": self.participants.tolist(),
            "positions": np.rint(self.positions * POSITION).astype(np.int64).tolist(),
            "colours": self.colours.tolist(),
            "turn": np.rint(self.turn * TURN).astype(np.int64).tolist(),
            "colour_of": list(self.colour_of),
            "shared": self.shared,
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Display":
        """The display that `to_data` wrote, exactly."""
        return cls(
            np.array(data["participants"], np.int64),
            np.array(data["positions"]).reshape(-1, 2) / POSITION,
            np.array(data["colours"], np.int8),
            np.array(data["turn"]) / TURN,
            tuple(data["colour_of"]),
            data["shared"],
        )


def aligned(reference: Reference, onto: Display | None = None) -> Display:
    """The reference turned, mirrored and coloured so that those on both maps lie as near as can be to where they were.

    The turn is the orthogonal Procrustes solution (Schönemann 1966) over the participants on both; nothing is moved
    or stretched. Colours go to groups so that as many as possible keep theirs. Without an earlier display, or with
    nobody on both, the reference is shown as it is.
    """
    colours = tuple(range(reference.k))
    turn, shared = np.eye(2), 0
    if onto is not None:
        _, now, before = np.intersect1d(
            reference.participants, onto.participants, assume_unique=True, return_indices=True
        )
        shared = len(now)
        turn = _turn(reference.positions[now], onto.positions[before])
        colours = _colours(reference.groups[now], onto.colours[before], reference.k)
    return Display(
        reference.participants,
        rounded(reference.positions @ turn),
        _painted(reference.groups, colours),
        turn,
        colours,
        shared,
    )


def shown(display: Display, folded: Folded) -> Display:
    """The display with those who voted meanwhile at their new places."""
    everybody = np.union1d(display.participants, folded.participants)
    positions, colours = np.zeros((len(everybody), 2)), np.full(len(everybody), NO_GROUP, np.int8)
    for participants, where, which in (
        (display.participants, display.positions, display.colours),
        (
            folded.participants,
            rounded(folded.positions @ display.turn),
            _painted(folded.groups, display.colour_of),
        ),
    ):
        places = np.searchsorted(everybody, participants)
        positions[places], colours[places] = where, which
    return replace(display, participants=everybody, positions=positions, colours=colours)


def _turn(points: Floats, towards: Floats) -> Floats:
    """The rotation or reflection (to be applied from the right) that brings the points nearest to where they were."""
    if not np.any(points) or not np.any(towards):
        return np.eye(2)
    left, _, right = np.linalg.svd(points.T @ towards)
    found: Floats = np.round(left @ right, 9)
    return found


def _painted(groups: NDArray[np.int8], colours: Sequence[int]) -> NDArray[np.int8]:
    return np.array([*colours, NO_GROUP], np.int8)[groups]


def _colours(groups: NDArray[np.int8], before: NDArray[np.int8], k: int) -> tuple[int, ...]:
    """A colour per group, so that most participants keep theirs; of equally good ways, the first colours first."""
    kept = np.zeros((k, COLOURS), np.int64)
    grouped = (groups != NO_GROUP) & (before != NO_GROUP)
    np.add.at(kept, (groups[grouped], before[grouped]), 1)
    return max(
        permutations(range(COLOURS), k),
        key=lambda colours: (kept[range(k), colours].sum(), [-colour for colour in colours]),
    )
