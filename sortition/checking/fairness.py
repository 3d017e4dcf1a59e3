"""The least chance that quotas leave to anybody, and what each of them costs in it."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, hstack

from sortition.checking.conflict import Limit
from sortition.engine.solver import Program
from sortition.model import Floats, Pool
from sortition.problems import no_panel

# A quota whose dual promises less than this share of the least chance is not worth solving again for.
WORTH = 0.005
# How many moves of a seat between two groups are tried.
EXCHANGES = 24


@dataclass(frozen=True)
class Cost:
    """What one side of a quota costs: were it set to `number`, one looser, the least chance would be `chance`.

    Where a group can only have fewer seats if another has more, `limit` is the minimum of the first, and `other`
    the maximum of the second, to be raised by one.
    """

    limit: Limit
    number: int
    chance: float
    other: Limit | None = None


@dataclass(frozen=True)
class Fairness:
    """The largest least chance that the quotas allow, proven, and the `costs`, the dearest first."""

    least: float
    costs: tuple[Cost, ...]


def fairness(pool: Pool) -> Fairness:
    """The first level of leximin on the panel polytope, and again with each limit that holds it down one looser.

    The dual of a limit bounds what loosening it can bring (the least chance is concave in the bounds), so only limits
    with a dual are tried; then, where they bring nothing alone, a minimum and a maximum of one category together.
    Raises SortitionError when no panel meets the quotas.
    """
    program = _LeastChance(pool)
    least, duals = program.solve()
    enough = least * (1 + WORTH)
    costs = [
        Cost(limit, looser, chance)
        for row, limit in _holding_down(pool, duals, WORTH * least)
        for looser in [limit.number + (1 if limit.side == "max" else -1)]
        if (chance := program.loosened({row: limit})) > enough
    ]
    costs += _exchanges(pool, program, duals, least, {cost.limit for cost in costs})
    return Fairness(least, tuple(sorted(costs, key=lambda cost: -cost.chance)))


def _exchanges(
    pool: Pool, program: "_LeastChance", duals: Floats, least: float, told: AbstractSet[Limit]
) -> list[Cost]:
    """Per category, the move of one seat from a group to another that helps most; those told already left out."""
    best: dict[str, Cost] = {}
    rows = range(len(pool.quotas))
    hopes = sorted(
        ((max(duals[give], 0.0) + max(-duals[take], 0.0), give, take) for give in rows for take in rows),
        reverse=True,
    )
    tried = 0
    for hope, give, take in hopes:
        giver, taker = pool.quotas[give], pool.quotas[take]
        if hope <= WORTH * least or tried == EXCHANGES:
            break
        least_of, most_of = Limit(giver, "min"), Limit(taker, "max")
        apart = give == take or giver.category != taker.category
        if apart or giver.min == 0 or {least_of, most_of} & told:
            continue
        tried += 1
        chance = program.loosened({give: least_of, take: most_of})
        known = best.get(giver.category)
        if chance > max(known.chance if known else 0.0, least * (1 + WORTH)):
            best[giver.category] = Cost(least_of, giver.min - 1, chance, most_of)
    return list(best.values())


def _holding_down(pool: Pool, duals: Floats, worth: float) -> list[tuple[int, Limit]]:
    """The limits whose loosening by one could raise the least chance by more than `worth`."""
    return [
        (row, Limit(quota, "min" if duals[row] > 0 else "max"))
        for row, quota in enumerate(pool.quotas)
        if abs(duals[row]) > worth and (duals[row] < 0 or quota.min > 0)
    ]


class _LeastChance:
    """Column t is how far the chance of type t lies above the least chance z, the last column.

    Chances are scaled so that their mean is 1. That no chance exceeds 1 is asked for only where a solution breaks it.
    """

    def __init__(self, pool: Pool) -> None:
        self._scale = pool.people / pool.size
        self._lower, self._upper = pool.row_bounds
        columns = csc_array(pool.matrix.multiply(pool.multiplicity.astype(float)[np.newaxis, :]))
        width = len(pool.types)
        self._rows = columns.shape[0]
        self._program = Program(
            np.zeros(width + 1),
            np.append(np.full(width, np.inf), self._scale),
            csc_array(hstack([columns, csc_array(columns.sum(axis=1)[:, np.newaxis])])),
            (self._lower * self._scale, self._upper * self._scale),
        )
        self._program.costs(np.append(np.zeros(width), -1.0))
        self._capped: set[int] = set()

    def loosened(self, limits: Mapping[int, Limit]) -> float:
        """The largest least chance with each of these limits, by its row, one looser."""
        for row, limit in limits.items():
            self._bound(row, int(limit.side == "min"), int(limit.side == "max"))
        chance, _ = self.solve()
        for row in limits:
            self._bound(row, 0, 0)
        return chance

    def _bound(self, row: int, fewer: int, more: int) -> None:
        lower, upper = float(self._lower[row]) - fewer, float(self._upper[row]) + more
        self._program.row_bounds(
            np.array([row], dtype=np.int32), np.array([lower * self._scale]), np.array([upper * self._scale])
        )

    def solve(self) -> tuple[float, Floats]:
        """The largest least chance, and per row what one person more or fewer could change in it at most."""
        while True:
            solution = self._program.solve()
            if solution is None:
                raise no_panel()
            excess = solution.columns[:-1] + solution.columns[-1] - self._scale
            broken = [int(type_) for type_ in np.flatnonzero(excess > 1e-9) if type_ not in self._capped]
            if not broken:
                return max(float(solution.columns[-1]), 0.0) / self._scale, solution.duals[: self._rows]
            self._cap(broken)

    def _cap(self, types: Sequence[int]) -> None:
        for type_ in types:
            self._capped.add(type_)
            ends = np.array([type_, self._program.width - 1], dtype=np.int32)
            self._program.add_row(-np.inf, self._scale, ends, np.ones(2))
