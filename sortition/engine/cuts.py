"""Limits that every panel keeps though the relaxation does not, each with a proof in whole numbers.

The proof is a branch tree. A node says that people of one type are at most, or more than, a number on the panel; at a
leaf, multipliers μ on the rows bound what a panel can weigh:

    Σₜ weightsₜ·xₜ ≤ Σ most·μ⁺ − Σ least·μ⁻ + Σₜ max(lowerₜ·rₜ, upperₜ·rₜ),   rₜ = weightsₜ − Σ μ over the rows of t.

Any multipliers make it true, so the solver's duals, rounded, only suggest them. A leaf holds when this is less than
limit + 1, for a panel weighs a whole number.
"""

from collections.abc import Sequence
from typing import NoReturn

import numpy as np
from scipy.sparse import csc_array, diags_array, eye_array, hstack

from sortition.engine.solver import Program
from sortition.model import Branch, Counts, Cut, Floats, Leaf, Pool, Tree

FINEST = 10**13
MISSED = 1000.0
MOST_NODES = 6000
DEEPEST = 300
FRACTION = 1e-6


def prove(pool: Pool, weights: Sequence[int], limit: int) -> Cut | Counts | None:
    """That no panel weighs more than `limit`: the cut; else a panel that does; None when the work allowed ended."""
    return _Prover(pool, weights, limit).answer()


def scale_of(weights: Sequence[int]) -> int:
    """What the multipliers of a proof are divided by: large weights are fine enough themselves."""
    return max(1, FINEST // max(10**7, *(abs(one) for one in weights)))


class _HeavierError(Exception):
    """A panel that weighs more than the limit was met."""

    def __init__(self, panel: Counts) -> None:
        super().__init__()
        self.panel = panel


class _SpentError(Exception):
    """The work allowed is done."""


class _Prover:
    """Rows may be missed at a price, so that every node has a solution and duals."""

    def __init__(self, pool: Pool, weights: Sequence[int], limit: int) -> None:
        self._pool = pool
        self._weights: Counts = np.array(weights, dtype=np.int64)
        self._limit = limit
        self._largest = max(1, int(np.abs(self._weights).max()))
        self._scale = scale_of(weights)
        self._nodes = MOST_NODES
        self._matrix = pool.matrix
        self._row_scale = pool.row_scale
        self._whole = np.rint(pool.matrix.toarray()).astype(np.int64)
        width, height = len(weights), self._matrix.shape[0]
        slack = eye_array(height, format="csc")
        lower, upper = pool.row_bounds
        self._every = np.arange(width, dtype=np.int32)
        self._program = Program(
            np.zeros(width + 2 * height),
            np.concatenate([pool.multiplicity.astype(float), np.full(2 * height, np.inf)]),
            csc_array(hstack([diags_array(self._row_scale) @ self._matrix, slack, -slack])),
            (lower * self._row_scale, upper * self._row_scale),
        )
        self._program.costs(np.concatenate([-self._weights / self._largest, np.full(2 * height, MISSED)]))

    def answer(self) -> Cut | Counts | None:
        everybody = self._pool.multiplicity
        try:
            tree = self._prove(np.zeros_like(everybody), everybody.copy(), 0)
        except _HeavierError as found:
            return found.panel
        except _SpentError:
            return None
        return Cut(tuple(int(one) for one in self._weights), self._limit, tree)

    def _prove(self, lower: Counts, upper: Counts, depth: int) -> Tree:
        self._nodes -= 1
        if self._nodes < 0 or depth > DEEPEST:
            raise _SpentError
        self._program.bounds(self._every, lower.astype(float), upper.astype(float))
        solution = self._program.solve()
        assert solution is not None, "what is missed is paid for"
        leaf = self._leaf(solution.duals)
        if self._bound(leaf, lower, upper) < (self._limit + 1) * self._scale:
            return leaf
        values = solution.columns[: len(lower)]
        fractions = values - np.floor(values + FRACTION)
        type_ = int(np.argmin(np.abs(fractions - 0.5)))
        if fractions[type_] <= FRACTION:
            self._meet(np.rint(values).astype(np.int64))
        value = int(np.floor(values[type_]))
        most, least = upper.copy(), lower.copy()
        most[type_], least[type_] = value, value + 1
        above = self._prove(least, upper, depth + 1)
        return Branch(type_, value, self._prove(lower, most, depth + 1), above)

    def _meet(self, panel: Counts) -> NoReturn:
        counted = self._matrix @ panel
        lower, upper = self._pool.row_bounds
        if (counted >= lower).all() and (counted <= upper).all() and self._weights @ panel > self._limit:
            raise _HeavierError(panel)
        raise _SpentError

    def _leaf(self, duals: Floats) -> Leaf:
        rounded = np.rint(-duals * self._row_scale * self._largest * self._scale).astype(np.int64)
        return {
            int(row): int(rounded[row])
            for row in np.flatnonzero(rounded)
            if rounded[row] > 0 or self._pool.limits[row][0] is not None
        }

    def _bound(self, leaf: Leaf, lower: Counts, upper: Counts) -> int:
        """The bound at a leaf, times the scale of its multipliers; exact."""
        total = sum(
            multiplier * ((self._pool.limits[row][0] or 0) if multiplier < 0 else self._pool.limits[row][1])
            for row, multiplier in leaf.items()
        )
        multipliers = np.zeros(self._whole.shape[0], dtype=np.int64)
        multipliers[list(leaf)] = list(leaf.values())
        rest = self._weights * self._scale - multipliers @ self._whole
        below, above = lower.astype(object) * rest, upper.astype(object) * rest
        return total + int(np.maximum(below, above).sum())
