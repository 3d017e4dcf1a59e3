"""How much a map changes when one vote in a hundred is added."""

from dataclasses import dataclass

import numpy as np

from deliberate.inputs.opinions.mapping.display import Display, aligned
from deliberate.inputs.opinions.mapping.reference import reference
from deliberate.inputs.opinions.mapping.votes import Votes, of_columns

DRAWS = 50
ADDED = 0.01


@dataclass(frozen=True)
class Stability:
    """Over `draws` of which votes came last. Moves are shares of the width of the map, over all participants of all
    draws; `changed` is the share of those grouped before and after who changed colour. `numbers` counts the draws in
    which the number of groups changed, `raw_flips` those in which an axis of the bare components turned round,
    `flips` those in which an axis of the display did, and `swaps` those in which the colour of a group went to
    another one although most of its people stayed together."""

    draws: int
    median_move: float
    far_move: float
    changed: float
    numbers: int
    raw_flips: int
    flips: int
    swaps: int


@dataclass
class _Draw:
    moves: np.ndarray
    changed: np.ndarray
    number: bool
    raw_flip: bool
    flip: bool
    swap: bool


def stability(votes: Votes, refused: list[int], draws: int = DRAWS) -> Stability:
    """Measure it on these votes."""
    random = np.random.default_rng(4)
    found = [_draw(votes, refused, random) for _ in range(draws)]
    moves = np.concatenate([one.moves for one in found])
    return Stability(
        draws,
        float(np.median(moves)),
        float(np.percentile(moves, 95)),
        float(np.concatenate([one.changed for one in found]).mean()),
        sum(one.number for one in found),
        sum(one.raw_flip for one in found),
        sum(one.flip for one in found),
        sum(one.swap for one in found),
    )


def _draw(votes: Votes, refused: list[int], random: np.random.Generator) -> _Draw:
    kept = np.sort(random.permutation(len(votes))[round(len(votes) * ADDED) :])
    first = reference(
        of_columns(votes.participants[kept], votes.statements[kept], votes.values[kept]), left_out=refused
    )
    second = reference(votes, left_out=refused, previous=first)
    before = aligned(first)
    after = aligned(second, before)
    _, old, new = np.intersect1d(before.participants, after.participants, return_indices=True)
    width = np.ptp(before.positions, axis=0).max()
    grouped = (before.colours[old] >= 0) & (after.colours[new] >= 0)
    raw = second.positions[new]
    return _Draw(
        np.hypot(*(after.positions[new] - before.positions[old]).T) / width,
        (before.colours[old] != after.colours[new])[grouped],
        first.k != second.k,
        _turned(before.positions[old], raw),
        _turned(before.positions[old], after.positions[new]),
        _swapped(before, after, old[grouped], new[grouped]),
    )


def _turned(before: np.ndarray, after: np.ndarray) -> bool:
    """Whether left became right, or above below."""
    return bool(np.any(np.sum(before * after, axis=0) < 0))


def _swapped(before: Display, after: Display, old: np.ndarray, new: np.ndarray) -> bool:
    """Whether some colour's people went mostly to another colour that most of its own people left."""
    counts = np.zeros((5, 5), int)
    np.add.at(counts, (before.colours[old], after.colours[new]), 1)
    to = counts.argmax(axis=1)
    there = counts.sum(axis=1) > 0
    return any(
        there[one] and there[other] and other != one and to[other] != other for one, other in enumerate(to)
    )
