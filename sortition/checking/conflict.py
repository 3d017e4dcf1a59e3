"""Can all quotas be met together, and where not, which of them contradict each other.

Each question is asked twice in programs that stay in memory. First of fractions of people: how far must quotas be
missed at least? The duals of that program name a few limits that already conflict, and weigh them into a
contradiction that is recounted in whole numbers. Only where fractions of people can meet all of them are whole people
asked for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, csr_array, eye_array, hstack, vstack

from sortition.engine.solver import Program
from sortition.model import Floats, Pool, Quota

# How far all rows together must be missed before fractions of people are said to miss them.
MISSED = 1e-6
WEIGHT_SCALE = 10**9


@dataclass(frozen=True)
class Limit:
    """One side of a quota: its `side` is min or max."""

    quota: Quota
    side: str

    @property
    def number(self) -> int:
        """The number of people that it sets."""
        return self.quota.min if self.side == "min" else self.quota.max


def limits(pool: Pool) -> list[Limit]:
    """Both sides of every quota, without those that any panel of this size keeps."""
    sides = [Limit(quota, side) for quota in pool.quotas for side in ("min", "max")]
    return [
        limit for limit in sides if (limit.number > 0 if limit.side == "min" else limit.number < pool.size)
    ]


def meets(pool: Pool, limits: Sequence[Limit]) -> bool:
    """Whether some panel of the pool's size keeps all these limits together."""
    return not _Fractions(pool).conflicting(limits) and _whole_people_meet(pool, limits)


def conflict(pool: Pool) -> tuple[Limit, ...]:
    """An irreducible set of limits that no panel of this size meets together.

    Drop any one of them and the others can be met (deletion filter, Chinneck and Dravnieks 1991, begun from the
    limits that bear a dual). Empty when all can be met, or when no panel of this size can be drawn even without them.
    """
    kept = limits(pool)
    fractions = _Fractions(pool)
    if found := fractions.conflicting(kept):
        kept = _irreducible(found, lambda some: bool(fractions.conflicting(some)))
    elif _whole_people_meet(pool, kept):
        return ()
    if not _whole_people_meet(pool, []):
        return ()
    return tuple(_irreducible(kept, lambda some: not _whole_people_meet(pool, some)))


def _irreducible(conflicting: Sequence[Limit], conflicts: Callable[[Sequence[Limit]], bool]) -> list[Limit]:
    """What is left when every limit that is not needed is dropped, many at a time first."""
    kept = list(conflicting)
    step = max(len(kept) // 2, 1)
    while step:
        place = 0
        while place < len(kept):
            others = [*kept[:place], *kept[place + step :]]
            if conflicts(others):
                kept = others
            else:
                place += step
        step //= 2
    return kept


class _Rows:
    """The rows of the panel polytope, with the bounds that some limits leave."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.matrix = csc_array(pool.matrix)
        self._lower, self._upper = pool.row_bounds
        self.place = {quota: row for row, quota in enumerate(pool.quotas)}

    def bounds(self, limits: Sequence[Limit]) -> tuple[Floats, Floats]:
        quotas = len(self.pool.quotas)
        lower = np.concatenate([np.full(quotas, -np.inf), self._lower[quotas:]])
        upper = np.concatenate([np.full(quotas, np.inf), self._upper[quotas:]])
        for limit in limits:
            (lower if limit.side == "min" else upper)[self.place[limit.quota]] = limit.number
        return lower, upper

    def restrict(self, program: Program, limits: Sequence[Limit]) -> None:
        lower, upper = self.bounds(limits)
        program.row_bounds(np.arange(len(lower), dtype=np.int32), lower, upper)


class _Fractions:
    """How far the rows must be missed when people may be cut into fractions: two columns per row say by how much."""

    def __init__(self, pool: Pool) -> None:
        self._rows = _Rows(pool)
        height, width = self._rows.matrix.shape
        missed = len(pool.quotas) + 1  # the quotas and the size; households are never to be missed
        slack = vstack([eye_array(missed), csc_array((height - missed, missed))])
        self._program = Program(
            np.zeros(width + 2 * missed),
            np.concatenate([pool.multiplicity.astype(float), np.full(2 * missed, np.inf)]),
            csc_array(hstack([self._rows.matrix, slack, -slack])),
            self._rows.bounds([]),
        )
        self._program.costs(np.concatenate([np.zeros(width), np.ones(2 * missed)]))

    def conflicting(self, limits: Sequence[Limit]) -> list[Limit]:
        """Those of `limits` that already conflict by themselves; empty when fractions of people meet them all.

        Empty also where nothing but the size is missed.
        """
        self._rows.restrict(self._program, limits)
        solution = self._program.solve()
        assert solution is not None  # whatever is missed is paid for
        if solution.value < MISSED or not self._contradicted(limits, solution.duals):
            return []
        side = {row: "min" if dual > 0 else "max" for row, dual in enumerate(solution.duals) if dual}
        return [limit for limit in limits if side.get(self._rows.place[limit.quota]) == limit.side]

    def _contradicted(self, limits: Sequence[Limit], duals: Floats) -> bool:
        """Whether these weights prove in whole numbers that nobody's panel keeps all limits (Farkas).

        A panel would weigh at least the sum over the rows of weight × bound, and at most the sum over the people of
        their weights where positive.
        """
        weights = [round(float(dual) * WEIGHT_SCALE) for dual in duals]
        lower, upper = self._rows.bounds(limits)
        asked = 0
        for weight, low, high in zip(weights, lower, upper, strict=True):
            bound = low if weight > 0 else high
            if weight and not np.isfinite(bound):
                return False
            asked += weight * int(bound) if weight else 0
        matrix, weighed = self._rows.matrix, 0
        for type_, people in enumerate(self._rows.pool.members):
            rows = matrix.indices[matrix.indptr[type_] : matrix.indptr[type_ + 1]]
            weighed += len(people) * max(0, sum(weights[row] for row in rows))
        return asked > weighed


def _whole_people_meet(pool: Pool, limits: Sequence[Limit]) -> bool:
    """Whether whole people can keep these limits.

    Types that differ only in quotas without a limit are taken together. A solution within the solver's tolerance,
    rounded, keeps every row: each counts whole people, and misses them by less than one.
    """
    rows = _Rows(pool)
    lower, upper = rows.bounds(limits)
    bound = np.flatnonzero(np.isfinite(lower) | np.isfinite(upper))
    kept = csr_array(pool.matrix)[bound].tocsc()
    people: dict[tuple[int, ...], int] = {}
    for type_, number in enumerate(pool.multiplicity):
        key = tuple(kept.indices[kept.indptr[type_] : kept.indptr[type_ + 1]].tolist())
        people[key] = people.get(key, 0) + int(number)
    places = [row for key in people for row in key]
    starts = np.cumsum([0, *map(len, people)])
    matrix = csc_array((np.ones(len(places)), places, starts), shape=(len(bound), len(people)))
    most = np.array(list(people.values()), dtype=float)
    bounds = (lower[bound], upper[bound])
    return Program(np.zeros(len(most)), most, matrix, bounds, integer=True).solve() is not None
