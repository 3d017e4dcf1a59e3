"""Attaining the target chances with real panels.

Panels are peeled off the target, way after way, until a mixture of them is the target: then no lottery beats it. Column
generation adds what little is still missing. Where the target stays out of reach, the nearest mixture found is kept,
its distance is stated, and the types that fit no panel at all are named.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, eye_array, hstack, vstack

from sortition.engine.panels import PanelFinder, add_panel
from sortition.engine.peeling import peel
from sortition.engine.solver import Program
from sortition.model import Counts, Floats, Pool

# Panels per type at which peeling ends.
MOST_PANELS = 3.5
# Ways to peel before it is asked who fits no panel, and as many after.
MOST_WAYS = 12
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
    ways = peel(pool, chances, finder)
    master = _Master(pool, chances, next(ways))
    for most in (len(chances), MOST_PANELS * len(chances)):
        _peel(ways, master, most, heard)
        # Who fits no panel is looked for one by one: once few are left, before peeling in vain.
        absent = () if master.attained else _absent(finder, chances, master)
        if absent:
            break
    if not absent:
        master.complete(finder)
    heard(1.0, master.reached)
    return master.nearest(absent)


def _peel(ways: Iterator[list[Counts]], master: "_Master", most: float, heard: Heard) -> None:
    """Add way after way until the target is attained, `most` panels are known, or enough ways were tried."""
    for _ in range(MOST_WAYS):
        if master.attained or len(master.panels) >= most:
            return
        master.add(next(ways))
        heard(min(1.0, len(master.panels) / (MOST_PANELS * len(master.reached))), master.reached)


def _absent(finder: PanelFinder, chances: Floats, master: "_Master") -> tuple[int, ...]:
    """The types that fit no panel though the target gives them a chance; the others are given one."""
    found = []
    met = master.panels.sum(axis=0) > 0
    for type_ in np.flatnonzero(chances > CLOSE):
        if met[type_]:
            continue
        only = np.zeros(len(chances))
        only[type_] = 1.0
        panel = finder.best(only, enough=0.5)
        if panel is None or panel[type_] == 0:
            found.append(int(type_))
        else:
            master.add([panel])
            met |= panel > 0
    return tuple(found)


class _Master:
    """Minimise the distance of a convex combination of the panels found so far to the target."""

    def __init__(self, pool: Pool, chances: Floats, panels: Iterable[Counts]) -> None:
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

    def add(self, panels: Iterable[Counts]) -> None:
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
    def panels(self) -> Counts:
        """Those found, without duplicates."""
        return np.array(list(self._panels.values()))

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
        return Distribution(self.panels, weights, self._solution.value, absent)

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
