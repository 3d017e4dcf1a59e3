"""Attaining the target chances with real panels.

Herding finds panels whose average approaches the target, batch after batch, until a mixture of them is the target:
then no lottery beats it. Column generation adds what little is still missing. Where the target stays out of reach,
the nearest mixture found is kept, its distance is stated, and the types that fit no panel at all are named.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, eye_array, hstack, vstack

from sortition.engine.panels import PanelFinder, add_panel
from sortition.engine.solver import Program
from sortition.model import Counts, Floats, Pool
from sortition.problems import no_panel

# Panels per type: the first batch, each further one, and all together.
FIRST_BATCH, BATCH, MOST_HERDED = 1.5, 0.2, 3.5
LEAST_HERDED = 40
# How strongly the prices of the mixture so far guide a further batch.
GUIDANCE = 2.0
# Column generation takes over where no more than this is missing, for so many rounds.
NEARLY, MOST_PRICED = 0.05, 100
CLOSE = 1e-6
LEAST_GAIN = 1e-9

Heard = Callable[[float, Floats], None]


@dataclass(frozen=True)
class Distribution:
    """Panels (counts per type, shape (panels, types)), their weights, and the distance left to the target.

    `distance` is Σₜ |Σⱼ weightⱼ·countⱼₜ − xₜ|/mₜ; `attained` says that it is zero up to rounding. `absent` are
    types that fit no panel though the target gives them a chance.
    """

    panels: Counts
    weights: Floats
    distance: float
    absent: tuple[int, ...] = ()

    @property
    def attained(self) -> bool:
        return self.distance <= CLOSE


def attain(pool: Pool, chances: Floats, heard: Heard) -> Distribution:
    """A distribution over panels that gives each type `chances`, or comes as near as panels allow.

    `heard` receives a fraction from 0 to 1 and the chances reached per type. Raises SortitionError when no
    panel meets the quotas.
    """
    finder = PanelFinder(pool)
    herd = Herd(pool, chances, finder)
    herd.extend(max(LEAST_HERDED, int(FIRST_BATCH * len(chances))))
    heard(0.3, herd.reached)
    absent = _absent(finder, chances, herd.panels)
    master = _Master(pool, chances, herd.panels)
    while not (absent or master.attained) and len(herd.list) < MOST_HERDED * len(chances):
        before = len(herd.found)
        herd.guided(master.prices)
        herd.extend(max(LEAST_HERDED, int(BATCH * len(chances))))
        heard(0.3 + 0.4 * len(herd.list) / (MOST_HERDED * len(chances)), herd.reached)
        if len(herd.found) == before:
            break
        master.add(herd.panels[before:])
    if not absent:
        master.complete(finder)
    heard(1.0, master.reached)
    return master.nearest(absent)


def _absent(finder: PanelFinder, chances: Floats, panels: Counts) -> tuple[int, ...]:
    """The types that fit no panel though the target gives them a chance."""
    found = []
    for type_ in np.flatnonzero(~panels.any(axis=0) & (chances > CLOSE)):
        only = np.zeros(len(chances))
        only[type_] = 1.0
        panel = finder.best(only, enough=0.5)
        if panel is not None and panel[type_] == 0:
            found.append(int(type_))
    return tuple(found)


class Herd:
    """Panels found one after the other, each making up for what the earlier ones left behind.

    Panel j nearly maximises Σₜ (j·xₜ − Sₜ)/mₜ · countₜ, S being the running count; guided by prices, Σₜ of both.
    """

    def __init__(self, pool: Pool, chances: Floats, finder: PanelFinder) -> None:
        self._multiplicity = pool.multiplicity.astype(float)
        self._target = chances * self._multiplicity
        self._finder = finder
        self.guided(np.zeros(len(chances)))
        self.list: list[Counts] = []
        self.found: dict[bytes, Counts] = {}

    def guided(self, prices: Floats) -> None:
        """Begin again, towards panels that are worth much at these prices."""
        self._prices = prices * (GUIDANCE / max(float(np.abs(prices).max()), LEAST_GAIN))
        self._running = np.zeros(len(prices))
        self._number = 0

    def extend(self, number: int) -> None:
        """As many further panels. Raises SortitionError when no panel meets the quotas."""
        for _ in range(number):
            self._number += 1
            missing = self._number * self._target - self._running
            panel = self._finder.find(self._prices + missing / self._multiplicity)
            if panel is None:
                raise no_panel()
            self._running += panel
            self.list.append(panel)
            self.found.setdefault(panel.tobytes(), panel)

    @property
    def panels(self) -> Counts:
        """Those found, without duplicates."""
        return np.array(list(self.found.values()))

    @property
    def reached(self) -> Floats:
        """Chances per type over the panels so far."""
        return np.asarray(self._running / self._number / self._multiplicity)


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
        self._program.grows()
        self._panels: dict[bytes, Counts] = {}
        self.add(panels)

    def add(self, panels: Counts) -> None:
        """Add panels, and find the nearest mixture again."""
        for panel in panels:
            if panel.tobytes() not in self._panels:
                self._panels[panel.tobytes()] = panel
                add_panel(self._program, panel, self._multiplicity)
        solution = self._program.solve()
        assert solution is not None, "slack columns reach any target"
        self._solution = solution

    @property
    def attained(self) -> bool:
        return self._solution.value <= CLOSE

    @property
    def prices(self) -> Floats:
        """What a person of each type is worth to the mixture."""
        return np.asarray(self._solution.duals[:-1] / self._multiplicity)

    @property
    def reached(self) -> Floats:
        """Chances per type of the nearest mixture."""
        found = self.nearest()
        return np.asarray(found.weights @ found.panels / self._multiplicity)

    def nearest(self, absent: tuple[int, ...] = ()) -> Distribution:
        """The nearest mixture of the panels so far."""
        weights = np.clip(self._solution.columns[2 * len(self._chances) :], 0.0, None)
        return Distribution(np.array(list(self._panels.values())), weights, self._solution.value, absent)

    def complete(self, finder: PanelFinder) -> None:
        """Add panels that bring a near mixture nearer, until it is the target or dives find no more."""
        for _ in range(MOST_PRICED):
            if self.attained or self._solution.value > NEARLY:
                return
            weights = self.prices
            panel = finder.find(weights)
            least = LEAST_GAIN - float(self._solution.duals[-1])
            if panel is None or float(weights @ panel) <= least or panel.tobytes() in self._panels:
                return
            self.add(panel[np.newaxis, :])
