"""A list of panels whose counts sum to given totals, found by halving.

The totals of m panels are split into the totals of two shorter lists, and those again, down to single panels. Each
type goes up or down by less than one at a split, so that the m panels seat each type as often as the totals say: the
chances of the list are within 1/m of the target. A split is a small program over the types with an odd rest: a vertex
leaves as many fractions as rows bind, and those are made whole among a few further types.
"""

import numpy as np
from numpy.typing import NDArray

from sortition.engine.panels import WHOLE, dive
from sortition.engine.solver import Program
from sortition.model import Counts, Floats, Pool

# Types that a split is made whole among, and how many such choices are tried before all types are taken.
CORE, CORES = 100, 3
# Fractions that may have to go down in one dive, and splits tried at each halving.
FALLS, TRIES = 4, 4
NEARLY_WHOLE = 1e-9


def split_into_panels(pool: Pool, target: Floats, number: int, patience: float) -> list[Counts] | None:
    """`number` panels (counts per type) that together seat each type as often as `target` says, up or down to a whole.

    None when they were not found with `patience` failures per panel, as happens where few panels exist.
    """
    if number == 0:
        return []
    splitter = _Splitter(pool, int(patience * number) + 10)
    totals = splitter.totals(target, number)
    return None if totals is None else splitter.split(totals, number)


class _Splitter:
    def __init__(self, pool: Pool, failures: int) -> None:
        self._matrix = pool.matrix
        self._lower, self._upper = pool.row_bounds
        self._program: Program | None = None
        self._noise = np.random.default_rng(0)
        self._failures = failures

    def totals(self, target: Floats, number: int) -> Counts | None:
        """Whole numbers around `target` that the rows of `number` panels allow."""
        return self._round(target, (number * self._lower, number * self._upper))

    def split(self, totals: Counts, number: int) -> list[Counts] | None:
        """Panels with these totals."""
        if number == 1:
            return [totals]
        here = number // 2
        there = number - here
        for _ in range(TRIES):
            half = self._half(totals, here, there)
            if half is not None and (first := self.split(half, here)) is not None:
                rest = self.split(totals - half, there)
                if rest is not None:
                    return first + rest
            self._failures -= 1
            if self._failures < 0:
                return None
        return None

    def _half(self, totals: Counts, here: int, there: int) -> Counts | None:
        """Totals of `here` panels that leave totals of `there` panels; every row stays near its share."""
        rows = self._matrix @ totals
        share = rows * (here / (here + there))
        lower = np.maximum(here * self._lower, rows - there * self._upper)
        upper = np.minimum(here * self._upper, rows - there * self._lower)
        near = np.maximum(lower, np.floor(share) - 1), np.minimum(upper, np.ceil(share) + 1)
        return self._round(np.asarray(totals * (here / (here + there))), near)

    def _round(self, target: Floats, row_bounds: tuple[Floats, Floats]) -> Counts | None:
        """`target` with each fraction up or down, the rows within bounds."""
        base = np.floor(target + NEARLY_WHOLE)
        open_ = np.flatnonzero(target - base > NEARLY_WHOLE)
        if not len(open_):
            return self._whole(base, row_bounds)
        values = self._vertex(base, open_, row_bounds)
        if values is None:
            return None
        for _ in range(CORES if len(open_) > CORE else 0):
            core = self._core(values)
            fixed = base.copy()
            fixed[np.delete(open_, core)] += np.rint(np.delete(values, core))
            if (
                self._vertex(fixed, open_[core], row_bounds) is not None
                and (found := self._dive(fixed, open_[core])) is not None
            ):
                return found
            values_again = self._vertex(base, open_, row_bounds)
            values = values if values_again is None else values_again
        return self._dive(base, open_)

    def _whole(self, base: Floats, row_bounds: tuple[Floats, Floats]) -> Counts | None:
        """`base` where the rows allow it: nothing is left to solve."""
        counted = self._matrix @ base
        allowed = (counted >= row_bounds[0]).all() and (counted <= row_bounds[1]).all()
        return base.astype(np.int64) if allowed else None

    def _core(self, values: Floats) -> NDArray[np.intp]:
        """The fractions, and further types at random."""
        fractions = np.flatnonzero((values > WHOLE) & (values < 1 - WHOLE))
        others = np.setdiff1d(np.arange(len(values)), fractions)
        more = self._noise.permutation(others)[: max(0, CORE - len(fractions))]
        return np.sort(np.concatenate([fractions, more]))

    def _vertex(
        self, base: Floats, open_: NDArray[np.intp], row_bounds: tuple[Floats, Floats]
    ) -> Floats | None:
        """A random vertex of what may be added to `base`: 0 to 1 of each open type."""
        counted = self._matrix @ base
        matrix = self._matrix[:, open_]
        bounds = (row_bounds[0] - counted, row_bounds[1] - counted)
        lower, upper = np.zeros(len(open_)), np.ones(len(open_))
        if self._program is None:
            self._program = Program(lower, upper, matrix, bounds)
        else:
            self._program.load(lower, upper, matrix, bounds)
        self._program.costs(self._noise.random(len(open_)) - 0.5)
        return self._program.values()

    def _dive(self, base: Floats, open_: NDArray[np.intp]) -> Counts | None:
        """Make the program at hand whole, and add it to `base`."""
        assert self._program is not None
        lower, upper = np.zeros(len(open_)), np.ones(len(open_))
        added = dive(self._program, lower, upper, FALLS)
        if added is None:
            return None
        found = base.astype(np.int64)
        found[open_] += added
        return found
