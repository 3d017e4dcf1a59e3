"""Finding one panel fast: a linear program solved again from its last basis, then a dive to whole numbers."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, diags_array

from sortition.engine.solver import Program
from sortition.model import Counts, Floats, Pool

WHOLE = 1e-6
NEARLY = 0.6
DIVES = 4
NOISE = 0.3


class PanelFinder:
    """Finds panels (counts per type, shape (types,)) that weigh much under changing weights."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._upper = pool.multiplicity.astype(float)
        self._relaxed = relaxed_program(pool)
        self._exact: Program | None = None
        self._noise = np.random.default_rng(0)

    def find(self, weights: Floats) -> Counts | None:
        """A panel that nearly maximises ``weights·x``, or None when no panel meets the quotas.

        The dives are heuristic: after a few under slightly other weights branch and bound takes over.
        """
        tried = weights
        for _ in range(DIVES):
            panel = self.dive(tried)
            if panel is not None:
                return panel
            spread = NOISE * float(np.std(weights)) or 1.0
            tried = weights + spread * self._noise.standard_normal(len(weights))
        return self.best(weights, gap=0.02)

    def best(self, weights: Floats, gap: float = 0.0, enough: float = np.inf) -> Counts | None:
        """A panel that maximises ``weights·x`` within a relative `gap`, or weighs more than `enough`.

        By branch and bound.
        """
        if self._exact is None:
            self._exact = _program(self._pool, integer=True)
        self._exact.tolerate(gap, -enough)
        self._exact.costs(-weights)
        solution = self._exact.values()
        return None if solution is None else np.rint(solution).astype(np.int64)

    def dive(self, weights: Floats) -> Counts | None:
        """A panel that weighs much, by one dive; None when it ends without one."""
        self._relaxed.costs(-weights)
        lower, upper = np.zeros(len(self._upper)), self._upper.copy()
        try:
            return dive(self._relaxed, lower, upper)
        finally:
            self._relaxed.bounds(
                np.arange(len(self._upper), dtype=np.int32), np.zeros(len(self._upper)), self._upper
            )


def add_panel(program: Program, panel: Counts, multiplicity: Floats) -> None:
    """One more column: what a lottery of this panel alone gives a person of each type, then 1 for its weight."""
    column = np.append(panel / multiplicity, 1.0)
    rows = np.flatnonzero(column).astype(np.int32)
    program.add_column(0.0, np.inf, rows, column[rows])


def dive(program: Program, lower: Floats, upper: Floats, falls: int = 1000) -> Counts | None:
    """Fix what is nearly whole, else the largest fraction, upwards and solve again; None when neither way is feasible.

    `lower` and `upper` are the bounds of the columns and follow what is fixed. After more than `falls` fractions
    that had to be fixed downwards the dive gives up.
    """
    values = program.values()
    while values is not None:
        whole = np.floor(values + WHOLE)
        fractions = values - whole
        largest = int(np.argmax(fractions))
        if fractions[largest] <= WHOLE:
            return whole.astype(np.int64)
        raised = np.flatnonzero(fractions >= NEARLY)
        if len(raised) < 2:
            raised = np.array([largest])
        values = _raise(program, raised, whole, lower, upper)
        if values is None and len(raised) > 1:
            raised = np.array([largest])
            values = _raise(program, raised, whole, lower, upper)
        if values is None:
            upper[largest] = whole[largest]
            program.bounds(raised.astype(np.int32), lower[raised], upper[raised])
            falls -= 1
            values = program.values() if falls >= 0 else None
    return None


def _raise(
    program: Program, columns: NDArray[np.intp], whole: Floats, lower: Floats, upper: Floats
) -> Floats | None:
    """Solve with these columns above their fractions; where that fails, their bounds are as before."""
    places = columns.astype(np.int32)
    program.bounds(places, whole[columns] + 1, upper[columns])
    values = program.values()
    if values is None:
        program.bounds(places, lower[columns], upper[columns])
    else:
        lower[columns] = whole[columns] + 1
    return values


def relaxed_program(pool: Pool) -> Program:
    """The panels of a pool, and what lies between them."""
    return _program(pool, integer=False)


def _program(pool: Pool, integer: bool) -> Program:
    scale = pool.row_scale
    lower, upper = pool.row_bounds
    most = pool.multiplicity.astype(float)
    matrix = csc_array(diags_array(scale) @ pool.matrix)
    return Program(np.zeros(len(most)), most, matrix, (lower * scale, upper * scale), integer)
