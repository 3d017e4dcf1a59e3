"""Panels peeled off a target until nothing of it is left.

Every point of a polytope is a mixture of few of its corners: take one on the smallest face that holds the point, with
the greatest weight that leaves the rest inside; the rest lies on a smaller face (Grötschel, Lovász, Schrijver,
*Geometric Algorithms and Combinatorial Optimization*, 1988, 6.5.11). Here the corners must be panels, and a face need
not hold one. Then peeling goes back some steps, each time twice as many, and on by another way. What it found on all its
ways is a small set of panels that mixtures of the target are made of.
"""

from collections.abc import Iterator

import numpy as np

from sortition.engine.panels import PanelFinder, dive, relaxed_program
from sortition.model import Counts, Floats, Pool
from sortition.problems import no_panel

# Seats of a type, and of a row, this near to a bound are at it; so much of the target is nothing.
ON_BOUND, ROW_ON_BOUND, NOTHING = 1e-9, 1e-7, 1e-7
# Dives on a face before it is left, and the steps to go back then.
DIVES, BACK = 3, 8
# How far chance sways what a dive looks for: at first, and where one failed or peeling went back.
CALM, SWAYED = 1e-3, 0.1


def peel(pool: Pool, chances: Floats, finder: PanelFinder) -> Iterator[list[Counts]]:
    """Panels whose mixture is to give each type `chances`: those found until a way ended, way after way.

    There is always another way; whoever has enough stops asking. Raises SortitionError when no panel
    meets the quotas.
    """
    peeling = _Peeling(pool, chances, finder)
    back = BACK
    while True:
        yield peeling.way()
        back *= 2
        peeling.go_back(back)


class _Peeling:
    """What is left of the target, in seats per type, and its weight; `steps` are the states before it."""

    def __init__(self, pool: Pool, chances: Floats, finder: PanelFinder) -> None:
        self._multiplicity = pool.multiplicity.astype(float)
        self._matrix = pool.matrix
        self._rows = pool.row_bounds
        self._scale = pool.row_scale
        self._finder = finder
        self._program = relaxed_program(pool)
        self._every = np.arange(len(chances), dtype=np.int32)
        self._every_row = np.arange(len(self._scale), dtype=np.int32)
        self._noise = np.random.default_rng(0)
        self._left: Floats = chances * self._multiplicity
        self._weight = 1.0
        self._steps: list[tuple[Floats, float]] = []
        self._restless = 0

    @property
    def done(self) -> bool:
        return self._weight <= NOTHING

    def way(self) -> list[Counts]:
        """Peel until nothing is left or no panel is found on a face."""
        found: list[Counts] = []
        # Each step meets one more bound, so that more of them can only come of rounding.
        for _ in range(len(self._every) + len(self._every_row)):
            panel = None if self.done else self._panel()
            if panel is None:
                break
            found.append(panel)
            self._take(panel)
        return found

    def go_back(self, steps: int) -> None:
        """Undo so many steps, and look for other panels than before on as many."""
        self._restless = steps
        first = max(0, len(self._steps) - steps)
        self._left, self._weight = self._steps[first]
        del self._steps[first:]

    def _panel(self) -> Counts | None:
        """A panel on the face of what is left, that seats most of those who are left most."""
        lower, upper = self._face()
        wanted = self._left / self._multiplicity
        for attempt in range(DIVES):
            sway = SWAYED if attempt or self._restless > 0 else CALM
            weights = wanted + sway * self._noise.standard_normal(len(wanted))
            self._program.costs(-weights)
            panel = dive(self._program, lower.copy(), upper.copy())
            self._program.bounds(self._every, lower, upper)
            if panel is not None:
                return panel
        return None if self._steps else self._any(wanted)

    def _any(self, weights: Floats) -> Counts:
        panel = self._finder.find(weights)
        if panel is None:
            raise no_panel()
        return panel

    def _face(self) -> tuple[Floats, Floats]:
        """Bounds of the types on the smallest face that holds what is left; those of the rows go to the program."""
        left, most = self._left, self._multiplicity
        lower = np.where(left >= most - ON_BOUND, most, 0.0)
        upper = np.where(left <= ON_BOUND, 0.0, most)
        self._program.bounds(self._every, lower, upper)
        counted = self._matrix @ left
        least, greatest = self._rows
        at_least, at_most = counted <= least + ROW_ON_BOUND, counted >= greatest - ROW_ON_BOUND
        self._program.row_bounds(
            self._every_row,
            np.where(at_most, greatest, least) * self._scale,
            np.where(at_least, least, greatest) * self._scale,
        )
        return lower, upper

    def _take(self, panel: Counts) -> None:
        """Take the panel with the greatest weight that leaves a point of the polytope."""
        self._steps.append((self._left, self._weight))
        self._restless -= 1
        weight = min(1.0, *self._weights(panel.astype(float)))
        self._weight *= 1 - weight
        if not self.done:
            rest = (self._left - weight * panel) / (1 - weight)
            self._left = np.clip(rest, 0.0, self._multiplicity)

    def _weights(self, panel: Floats) -> Iterator[float]:
        """The weight at which each bound is met."""
        counted, seats = self._matrix @ self._left, self._matrix @ panel
        for left, taken, bound in (
            (self._left, panel, np.zeros(len(panel))),
            (-self._left, -panel, -self._multiplicity),
            (counted, seats, self._rows[0]),
            (-counted, -seats, -self._rows[1]),
        ):
            nearing = np.isfinite(bound) & (taken > bound + ON_BOUND)
            yield max(0.0, float(np.min((left - bound)[nearing] / (taken - bound)[nearing], initial=1.0)))
