"""The search for sets of alternates: covers of sampled absences, improved by exchanging one person at a time.

A local search without a bound: on small pools it is compared with every set there is
(`tests/sortition/test_exchange.py`).
"""

from collections.abc import Sequence

import numpy as np

from sortition.model import Counts
from sortition.randomness import Stream
from sortition.vacancies.absences import Absences

# Covers looked for, how many of the best are improved, and how often every person of them is looked at.
CANDIDATES, STARTS, PASSES = 60, 2, 3
# Kinds tried in somebody's place, chosen by so many samples; all kinds where there are few pairs to try.
MOST_TRIED, LOOKED_AT, TRIED_IN_FULL = 4, 60, 400
NEAR = 1.1

Set = tuple[int, ...]


def near_optimal(
    absences: Absences, remaining: Sequence[int], number: int, stream: Stream
) -> list[list[int]]:
    """Distinct sets of `number` of the `remaining`, each within a tenth of the least expected deviation found.

    Sets are distinct in the values they carry, and given as people who carry them.
    """
    search = _Search(absences, remaining)
    covers = [search.cover(number, stream) for _ in range(CANDIDATES)]
    starts = sorted(dict.fromkeys(covers), key=search.expected)[:STARTS]
    for start in starts:
        search.descend(start)
    limit = min(search.found.values()) * NEAR
    return [search.people(kinds) for kinds, expected in search.found.items() if expected <= limit]


class _Search:
    """Sets as sorted kinds of people: those who carry the same values are one kind."""

    def __init__(self, absences: Absences, remaining: Sequence[int]) -> None:
        self.absences = absences
        sharing: dict[bytes, list[int]] = {}
        for position in remaining:
            sharing.setdefault(absences.carried[position].tobytes(), []).append(position)
        self.members = list(sharing.values())
        self.carried: Counts = absences.carried[[members[0] for members in self.members]]
        self.weights = np.ascontiguousarray(self.carried.T, dtype=np.float32)
        self.spare = np.array([len(members) for members in self.members])
        self.found: dict[Set, float] = {}

    def people(self, kinds: Set) -> list[int]:
        """People of these kinds, each once."""
        return [self.members[kind][kinds[:place].count(kind)] for place, kind in enumerate(kinds)]

    def expected(self, kinds: Set) -> float:
        """The expected deviation of a set, each set computed once."""
        if kinds not in self.found:
            self.found[kinds] = self.absences.expected(self.people(kinds))
        return self.found[kinds]

    def cover(self, number: int, stream: Stream) -> Set:
        """People who would each mend a sampled absence best, sample after sample, until `number` are found."""
        free = self.spare.copy()
        chosen: list[int] = []
        while len(chosen) < number:
            sample = stream.below(len(self.absences.counts))
            counts = self.absences.counts[sample].copy()
            for _ in range(max(1, int(self.absences.absent[sample]))):
                if len(chosen) == number:
                    break
                change = self.absences.marginal(counts) @ self.weights
                best = np.flatnonzero((free > 0) & (change == change[free > 0].min()))
                kind = int(best[stream.below(len(best))])
                free[kind] -= 1
                counts += self.carried[kind]
                chosen.append(kind)
        return tuple(sorted(chosen))

    def descend(self, kinds: Set) -> Set:
        """The set after exchanges of one person for another, each of which lowers the expected deviation."""
        for _ in range(PASSES):
            before = kinds
            for kind in dict.fromkeys(before):
                kinds = self._exchanged(kinds, kind)
            if kinds == before:
                break
        return kinds

    def _exchanged(self, kinds: Set, kind: int) -> Set:
        if kind not in kinds:
            return kinds
        place = kinds.index(kind)
        rest = kinds[:place] + kinds[place + 1 :]
        tried = [tuple(sorted((*rest, other))) for other in self._promising(rest, len(kinds))]
        return min([kinds, *tried], key=self.expected)

    def _promising(self, rest: Set, number: int) -> list[int]:
        """The kinds worth trying beside `rest`: all of them on a small pool, else those that mend most samples."""
        free = self.spare > np.bincount(rest, minlength=len(self.spare))
        if len(self.spare) * number <= TRIED_IN_FULL:
            return [int(kind) for kind in np.flatnonzero(free)]
        marginal = self.absences.marginal(self.absences.replaced(self.people(rest))[:LOOKED_AT])
        unfilled = self.absences.absent[:LOOKED_AT] > len(rest)
        most = np.where(unfilled, np.inf, 0).astype(np.float32)[:, np.newaxis]
        mends = np.minimum(marginal @ self.weights, most).sum(axis=0)
        order = np.argsort(np.where(free, mends, np.inf), kind="stable")
        return [int(kind) for kind in order[:MOST_TRIED] if free[kind]]
