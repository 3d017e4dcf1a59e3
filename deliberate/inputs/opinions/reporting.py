"""What a map says in figures: groups, what each holds, what all share, what divides. Whole numbers only.

Small cells protect people: how a group voted on a statement is told only where at least five of it did, and where one
group alone would be hidden the next smallest is hidden too, so that nobody works it out from the sum.
"""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deliberate.inputs.opinions.mapping.consensus import divisive, shared
from deliberate.inputs.opinions.mapping.groups import representative
from deliberate.inputs.opinions.mapping.tallies import Tallies
from deliberate.inputs.opinions.mapping.votes import Votes
from deliberate.inputs.opinions.picture import LETTERS
from deliberate.inputs.rules import SMALLEST_CELL

THOUSAND = 1000
MOST_LISTED = 5
# Somebody who passes says little; when a third do, the words are probably unclear.
UNCLEAR = 1 / 3
ENOUGH_TO_JUDGE = 10


def report(
    tallies: Tallies, colour_of: Sequence[int], votes: Votes, left_out: Collection[int], clustered: int
) -> dict[str, Any]:
    """The figures of a map; groups by the letter of their colour, statements by number.

    `statements`: per number the votes of everyone and of each group as [agree, disagree, pass], None where hidden.
    """
    letters = [LETTERS[colour] for colour in colour_of]
    order = sorted(range(len(letters)), key=lambda group: letters[group])
    counted = votes.on([n for n in np.unique(votes.statements).tolist() if n not in set(left_out)])
    everyone = _everyone(counted)
    told = _told(tallies)
    return {
        "votes": len(counted),
        "participants": len(np.unique(counted.participants)),
        "grouped": clustered,
        "groups": [{"letter": letters[g], "size": int(tallies.sizes[g])} for g in order],
        "statements": [
            {
                "number": number,
                "everyone": cells if sum(cells) >= SMALLEST_CELL else None,
                "groups": _by_group(tallies, told, letters, order, number),
            }
            for number, cells in everyone.items()
        ],
        "holds": {letters[g]: held for g, held in enumerate(_holds(tallies, told))},
        "shared": [
            {"number": one.statement, "side": one.side, "score": round(one.score * THOUSAND)}
            for one in shared(tallies, MOST_LISTED)
        ],
        "divides": [
            {
                "number": one.statement,
                "agreeing": letters[one.agreeing],
                "disagreeing": letters[one.disagreeing],
                "score": round(one.score * THOUSAND),
            }
            for one in divisive(tallies)
        ],
        "unclear": _unclear(everyone),
    }


def _everyone(votes: Votes) -> dict[int, list[int]]:
    numbers, columns = np.unique(votes.statements, return_inverse=True)
    sides = [np.bincount(columns[votes.values == value], minlength=len(numbers)) for value in (1, -1, 0)]
    return {int(number): [int(side[place]) for side in sides] for place, number in enumerate(numbers)}


def _told(tallies: Tallies) -> NDArray[np.bool_]:
    """Groups × statements: what is told. Nothing is hidden alone, but for a group of which nobody voted."""
    told = tallies.tellable.copy()
    hidden = ~told & (tallies.voted > 0)
    for column in np.flatnonzero(hidden.sum(axis=0) == 1):
        left = np.flatnonzero(told[:, column])
        if len(left):
            told[left[np.argmin(tallies.voted[left, column])], column] = False
    return told


def _by_group(
    tallies: Tallies, told: NDArray[np.bool_], letters: Sequence[str], order: Sequence[int], number: int
) -> dict[str, list[int] | None]:
    column = int(np.searchsorted(tallies.statements, number))
    if column == len(tallies.statements) or tallies.statements[column] != number:
        return {letters[group]: None for group in order}
    sides = (tallies.agrees, tallies.disagrees, tallies.passes)
    return {
        letters[group]: [int(side[group, column]) for side in sides] if told[group, column] else None
        for group in order
    }


def _holds(tallies: Tallies, told: NDArray[np.bool_]) -> list[list[dict[str, int]]]:
    """Per group what sets it apart, where its figures are told."""
    column = {int(number): place for place, number in enumerate(tallies.statements)}
    return [
        [
            {
                "number": one.statement,
                "side": one.side,
                "chose": one.chose,
                "voted": one.voted,
                "others_chose": one.others_chose,
                "others_voted": one.others_voted,
            }
            for one in found
            if told[group, column[one.statement]] and one.others_voted >= SMALLEST_CELL
        ]
        for group, found in enumerate(representative(tallies, MOST_LISTED))
    ]


def _unclear(everyone: dict[int, list[int]]) -> list[int]:
    shares = {
        number: cells[2] / sum(cells) for number, cells in everyone.items() if sum(cells) >= ENOUGH_TO_JUDGE
    }
    found = sorted((number for number in shares if shares[number] >= UNCLEAR), key=lambda n: (-shares[n], n))
    return found[:MOST_LISTED]
