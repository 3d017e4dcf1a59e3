"""The least chance that quotas leave to anybody, and what each of them costs in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, hstack

from sortition.conflict import Limit
from sortition.model import Floats, Pool
from sortition.problems import SortitionError
from sortition.solver import Program

# A quota whose dual promises less than this share of the least chance is not worth solving again for.
WORTH = 0.005


@dataclass(frozen=True)
class Cost:
    """What one side of a quota costs: with one person fewer or more (`number`), the least chance would be `chance`."""

    limit: Limit
    number: int
    chance: float


@dataclass(frozen=True)
class Fairness:
    """The largest least chance that the quotas allow, proven, and the `costs`, the dearest first."""

    least: float
    costs: tuple[Cost, ...]


def fairness(pool: Pool) -> Fairness:
    """The first level of leximin on the panel polytope, and again with each limit that holds it down one looser.

    The dual of a limit bounds what loosening it can bring (the least chance is concave in the bounds), so only limits
    with a dual are tried. Raises SortitionError when no panel meets the quotas.
    """
    program = _LeastChance(pool)
    least, duals = program.solve()
    costs = []
    for row, limit in _holding_down(pool, duals, WORTH * least):
        number = limit.number + (1 if limit.side == "max" else -1)
        program.bound(row, number if limit.side == "min" else None, number if limit.side == "max" else None)
        chance, _ = program.solve()
        program.bound(row, None, None)
        if chance > least * (1 + WORTH):
            costs.append(Cost(limit, number, chance))
    return Fairness(least, tuple(sorted(costs, key=lambda cost: -cost.chance)))


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

    def bound(self, row: int, lower: int | None, upper: int | None) -> None:
        """Give a row another bound; None stands for the quota's own."""
        low = self._lower[row] if lower is None else lower
        high = self._upper[row] if upper is None else upper
        self._program.row_bounds(row, float(low) * self._scale, float(high) * self._scale)

    def solve(self) -> tuple[float, Floats]:
        """The largest least chance, and per row what one person more or fewer could change in it at most."""
        while True:
            solution = self._program.solve()
            if solution is None:
                raise SortitionError(
                    "No panel of this pool meets every quota. Check the quotas to see which of them conflict."
                )
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
