"""Votes on statements, in one order whatever the order in which they were given."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from deliberate.core.errors import N_, Refusal

AGREE, PASS, DISAGREE = 1, 0, -1
Ids = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Votes:
    """One place per vote in each of the three arrays, sorted by participant, then statement.

    Values are +1 (agrees), 0 (passes) and -1 (disagrees); ids are any whole numbers.
    """

    participants: Ids
    statements: Ids
    values: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.values)

    def people(self) -> tuple[Ids, Ids]:
        """The participants, sorted, and per vote the place of its participant among them."""
        first = np.ones(len(self), np.bool_)
        first[1:] = self.participants[1:] != self.participants[:-1]
        return self.participants[first], np.cumsum(first) - 1

    def on(self, statements: Iterable[int]) -> "Votes":
        """Those on these statements."""
        return self._kept(np.isin(self.statements, list(statements)))

    def by(self, participants: Iterable[int]) -> "Votes":
        """Those of these participants."""
        return self._kept(np.isin(self.participants, list(participants)))

    def _kept(self, kept: NDArray[np.bool_]) -> "Votes":
        return Votes(self.participants[kept], self.statements[kept], self.values[kept])


def votes(rows: Iterable[tuple[int, int, int]]) -> Votes:
    """Votes from (participant, statement, value) in any order.

    Raises Refusal for a value other than -1, 0 and 1, and for two votes of a participant on one statement.
    """
    flat = np.fromiter(chain.from_iterable(rows), np.int64)
    participants, statements, values = flat.reshape(-1, 3).T
    return of_columns(participants, statements, values)


def of_columns(participants: Ids, statements: Ids, values: NDArray[np.integer]) -> Votes:
    """Votes from three arrays of equal length. Raises Refusal as `votes` does."""
    _check_values(values)
    if not np.all(_after(participants, statements)):
        order = np.lexsort((statements, participants))
        participants, statements, values = participants[order], statements[order], values[order]
    found = Votes(participants, statements, values.astype(np.int8))
    _check_single(found)
    return found


def _after(participants: Ids, statements: Ids) -> NDArray[np.bool_]:
    """Per vote but the first, whether it comes after the one before it."""
    further = participants[1:] > participants[:-1]
    found: NDArray[np.bool_] = further | (
        (participants[1:] == participants[:-1]) & (statements[1:] > statements[:-1])
    )
    return found


def places(known: Ids, asked: Ids) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Per id its place among the sorted known ones, and whether it is there at all."""
    if not len(known):
        return np.zeros(len(asked), np.int64), np.zeros(len(asked), np.bool_)
    found = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    return found, known[found] == asked


def _check_values(values: NDArray[np.integer]) -> None:
    wrong = values[np.abs(values) > 1]
    if len(wrong):
        raise Refusal(
            N_("“%(value)s” is not a vote: a vote is 1 (agree), 0 (pass) or -1 (disagree)."),
            value=int(wrong[0]),
        )


def _check_single(sorted_votes: Votes) -> None:
    twice = ~_after(sorted_votes.participants, sorted_votes.statements)
    if np.any(twice):
        first = int(np.argmax(twice))
        raise Refusal(
            N_("Participant %(participant)s has two votes on statement %(statement)s: keep one of them."),
            participant=int(sorted_votes.participants[first]),
            statement=int(sorted_votes.statements[first]),
        )
