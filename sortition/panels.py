"""Finding one panel fast: a linear program solved again from its last basis, then a dive to whole numbers."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from sortition.model import Counts, Floats, Pool
from sortition.solver import Program

WHOLE = 1e-6


class PanelFinder:
    """Finds panels (counts per type, shape (types,)) that weigh much under changing weights."""

    def __init__(self, pool: Pool) -> None:
        self._upper = pool.multiplicity.astype(float)
        self._matrix = csc_array(pool.matrix)
        self._row_bounds = pool.row_bounds
        self._relaxed = self._program(integer=False)
        self._exact: Program | None = None

    def find(self, weights: Floats) -> Counts | None:
        """A panel that nearly maximises ``weights·x``, or None when no panel meets the quotas.

        The dive is heuristic; `best` is exact.
        """
        self._relaxed.costs(-weights)
        lower, upper = np.zeros(len(self._upper)), self._upper.copy()
        try:
            panel = self._dive(lower, upper)
        finally:
            self._bound(np.arange(len(self._upper)), np.zeros(len(self._upper)), self._upper)
        return self.best(weights, gap=0.02) if panel is None else panel

    def best(self, weights: Floats, gap: float = 0.0, enough: float = np.inf) -> Counts | None:
        """A panel that maximises ``weights·x`` within a relative `gap`, or weighs more than `enough`.

        By branch and bound.
        """
        if self._exact is None:
            self._exact = self._program(integer=True)
        self._exact.tolerate(gap, -enough)
        self._exact.costs(-weights)
        solution = self._exact.solve()
        return None if solution is None else np.rint(solution.columns).astype(np.int64)

    def _dive(self, lower: Floats, upper: Floats) -> Counts | None:
        """Fix the largest fraction upwards and solve again; give up when neither way is feasible."""
        solution = self._relaxed.solve()
        while solution is not None:
            fractions = solution.columns - np.floor(solution.columns + WHOLE)
            type_ = int(np.argmax(fractions))
            if fractions[type_] <= WHOLE:
                return np.rint(solution.columns).astype(np.int64)
            floor = float(np.floor(solution.columns[type_]))
            lower[type_] = floor + 1
            self._bound(np.array([type_]), lower[[type_]], upper[[type_]])
            if (solution := self._relaxed.solve()) is None:
                lower[type_], upper[type_] = 0.0, floor
                self._bound(np.array([type_]), lower[[type_]], upper[[type_]])
                solution = self._relaxed.solve()
        return None

    def _bound(self, columns: NDArray[np.intp], lower: Floats, upper: Floats) -> None:
        self._relaxed.bounds(columns.astype(np.int32), lower, upper)

    def _program(self, integer: bool) -> Program:
        return Program(np.zeros(len(self._upper)), self._upper, self._matrix, self._row_bounds, integer)
