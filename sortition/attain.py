"""Attaining the relaxed leximin point with real panels.

Herding finds panels whose average approaches the point; column generation then adds the panels still missing
until the point is a convex combination of panels. When it is, no lottery beats it: it is the leximin optimum.
When exact pricing proves that it is not, or the pool is too large to complete the mixture, the nearest
combination found is kept and its distance is stated.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, eye_array, hstack, vstack

from sortition.model import Counts, Floats, Pool
from sortition.panels import PanelFinder
from sortition.problems import SortitionError
from sortition.solver import Program

MOST_HERDED = 600
HERDED_PER_TYPE = 4
# Pricing rounds times types: the work allowed, counted instead of timed so that every machine does the same.
MOST_PRICED = 150_000
CLOSE = 1e-6
LEAST_GAIN = 1e-9

Heard = Callable[[float, Floats], None]


@dataclass(frozen=True)
class Distribution:
    """Panels (counts per type, shape (panels, types)), their weights, and the distance left to the target.

    `distance` is Σₜ |Σⱼ weightⱼ·countⱼₜ − xₜ|/mₜ; `attained` says that it is zero up to rounding.
    """

    panels: Counts
    weights: Floats
    distance: float

    @property
    def attained(self) -> bool:
        return self.distance <= CLOSE


def attain(pool: Pool, chances: Floats, heard: Heard) -> Distribution:
    """A distribution over panels that gives each type `chances`, or comes as near as panels allow.

    `heard` receives a fraction from 0 to 1 and the chances reached per type. Raises SortitionError when no
    panel meets the quotas.
    """
    finder = PanelFinder(pool)
    panels = herd(pool, chances, finder, lambda fraction, reached: heard(fraction / 2, reached))
    return _Master(pool, chances, panels).complete(finder, heard)


def herd(pool: Pool, chances: Floats, finder: PanelFinder, heard: Heard) -> Counts:
    """Panels found one after the other, each making up for what the earlier ones left behind.

    Panel j nearly maximises Σₜ (j·xₜ − Sₜ)/mₜ · countₜ, S being the running count. Without duplicates.
    """
    multiplicity = pool.multiplicity.astype(float)
    target = chances * multiplicity
    running = np.zeros(len(target))
    found: dict[bytes, Counts] = {}
    last = min(MOST_HERDED, HERDED_PER_TYPE * len(target))
    for number in range(1, last + 1):
        panel = finder.find((number * target - running) / multiplicity)
        if panel is None:
            raise SortitionError(
                "No panel of this pool meets every quota. Check the quotas to see which of them conflict."
            )
        running += panel
        found[panel.tobytes()] = panel
        if number % 20 == 0:
            heard(number / last, running / number / multiplicity)
    return np.array(list(found.values()))


class _Master:
    """Minimise the distance of a convex combination of the panels found so far to the target."""

    def __init__(self, pool: Pool, chances: Floats, panels: Counts) -> None:
        self._multiplicity = pool.multiplicity.astype(float)
        self._chances = chances
        types = len(chances)
        shortfall = eye_array(types, format="csc")
        matrix = vstack([hstack([shortfall, -shortfall]), csc_array((1, 2 * types))], format="csc")
        target = np.append(chances, 1.0)
        unlimited = np.full(2 * types, np.inf)
        self._program = Program(np.zeros(2 * types), unlimited, csc_array(matrix), (target, target))
        self._program.costs(np.ones(2 * types))
        self._panels: dict[bytes, Counts] = {}
        for panel in panels:
            self._add(panel)

    def complete(self, finder: PanelFinder, heard: Heard) -> Distribution:
        """Add panels until the target is attained, proved out of reach, or the work allowed is done."""
        first = distance = 0.0
        for _ in range(1 + MOST_PRICED // len(self._chances)):
            solution = self._program.solve()
            assert solution is not None, "slack columns reach any target"
            distance = solution.value
            first = first or max(distance, CLOSE)
            weights = np.clip(solution.columns[2 * len(self._chances) :], 0.0, None)
            panels = np.array(list(self._panels.values()))
            heard(1 - min(1.0, distance / first) / 2, weights @ panels / self._multiplicity)
            panel = None if distance <= CLOSE else self._price(finder, distance, solution.duals)
            if panel is None:
                break
            self._add(panel)
        return Distribution(panels, weights, distance)

    def _price(self, finder: PanelFinder, distance: float, duals: Floats) -> Counts | None:
        """A panel that brings the combination nearer; None when exact pricing finds none.

        While the target is within reach some panel gains at least the whole distance (the weights of a
        combination sum to 1), so a quarter of it is enough to stop searching.
        """
        weights = duals[:-1] / self._multiplicity
        least = LEAST_GAIN - float(duals[-1])
        panel = finder.find(weights)
        if panel is None or float(weights @ panel) <= least or panel.tobytes() in self._panels:
            panel = finder.best(weights, enough=distance / 4 - float(duals[-1]))
        gaining = panel is not None and float(weights @ panel) > least
        return panel if gaining and panel is not None and panel.tobytes() not in self._panels else None

    def _add(self, panel: Counts) -> None:
        self._panels[panel.tobytes()] = panel
        column = np.append(panel / self._multiplicity, 1.0)
        rows = np.flatnonzero(column).astype(np.int32)
        self._program.add_column(0.0, np.inf, rows, column[rows])
