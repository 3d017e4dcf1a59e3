"""What fair can mean: the objectives on offer, each solved on the relaxation.

leximin: raise the least chance, then the next, and so on (Flanigan, Gölz, Gupta, Hennig, Procaccia, *Nature* 2021).
maximin: raise the least chance and stop there. minimax: lower the greatest. nash: raise the geometric mean of all chances.
goldilocks: lower (n/k)·greatest + (k/n)/least together (Baharav and Flanigan 2024, with γ = 1).

Chances are scaled so that their mean is 1. People who fit no panel have no chance and count in no mean and no least.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, hstack

from sortition.engine.relaxation import Level, Relaxation, Relaxed, leximin
from sortition.engine.solver import Program, Solution
from sortition.model import Floats, Pool
from sortition.problems import no_panel
from sortition.proofs.optimality import NASH_SCALE

OBJECTIVES = ("leximin", "maximin", "minimax", "nash", "goldilocks")
# How many levels the objectives have that are also solved over panels.
LEVELS = {"leximin": 10**6, "maximin": 1}
# What is better by these is said of those who fit a panel; that the others fit none is proved.
OF_THE_ABLE = ("nash", "goldilocks")
PROPORTION_SCALE = 10**9
TANGENTS = np.geomspace(0.01, 20.0, 30)
MOST_TANGENTS = 60
ENOUGH = 1e-9
# A least chance below this, on the scale where the mean is 1, is none.
NO_CHANCE = 1e-7


def relaxed_chances(pool: Pool, objective: str) -> Relaxed:
    """The best chances by `objective` on the relaxation, and what proves it.

    Raises SortitionError when the polytope is empty.
    """
    return SOLVERS[objective](pool)


def _maximin(pool: Pool) -> Relaxed:
    relaxation = Relaxation(pool)
    relaxation.raise_level()
    return Relaxed(relaxation.point, tuple(relaxation.levels))


def _minimax(pool: Pool) -> Relaxed:
    program = _Convex(pool, further=1)
    program.keep_below(program.width)
    program.costs(np.array([1.0]))
    solution = program.solve()
    return program.relaxed(solution, program.proportions(solution))


def _nash(pool: Pool) -> Relaxed:
    """Outer approximation: the logarithms are kept below tangents, which are added where a solution exceeds them."""
    program = _Convex(pool, further=len(pool.types))
    able = program.able
    free = np.full(len(pool.types), np.inf)
    program.bounds_of_further(np.where(able, -free, 0.0), np.where(able, free, 0.0))
    program.costs(np.where(able, -pool.multiplicity, 0.0))
    for at in TANGENTS:
        program.tangents(np.flatnonzero(able), np.full(int(able.sum()), at))
    for _ in range(MOST_TANGENTS):
        solution = program.solve()
        chances, logarithms = np.split(solution.columns, 2)
        above = np.flatnonzero(able & (logarithms > np.log(np.maximum(chances, 1e-9)) + ENOUGH))
        if not len(above):
            break
        program.tangents(above, np.maximum(chances[above], 1e-6))
    return program.relaxed(solution, NASH_SCALE * program.scale)


def _goldilocks(pool: Pool) -> Relaxed:
    """Outer approximation of 1/least by tangents. The further columns: least, greatest, 1/least."""
    program = _Convex(pool, further=3)
    least, greatest, inverse = program.width, program.width + 1, program.width + 2
    program.keep_below(greatest)
    program.link(np.flatnonzero(program.able), -1.0, least, 1.0)
    program.costs(np.array([0.0, 1.0, 1.0]))
    for at in TANGENTS[TANGENTS <= 1]:
        program.row(-np.inf, -2 / at, {least: -1 / at**2, inverse: -1.0})
    for _ in range(MOST_TANGENTS):
        solution = program.solve()
        at = max(float(solution.columns[least]), 1e-6)
        if solution.columns[inverse] >= 1 / at - ENOUGH:
            break
        program.row(-np.inf, -2 / at, {least: -1 / at**2, inverse: -1.0})
    return program.relaxed(solution, program.proportions(solution))


SOLVERS: dict[str, Callable[[Pool], Relaxed]] = {
    "leximin": leximin,
    "maximin": _maximin,
    "minimax": _minimax,
    "nash": _nash,
    "goldilocks": _goldilocks,
}


def _able(pool: Pool) -> NDArray[np.bool_]:
    """The types that the rows of the pool leave a chance at all."""
    relaxation, able = Relaxation(pool), np.ones(len(pool.types), dtype=bool)
    while relaxation.open.any():
        relaxation.raise_level()
        if relaxation.levels[-1].chance * relaxation.scale > NO_CHANCE:
            break
        able[list(relaxation.levels[-1].types)] = False
    return able


class _Convex:
    """The polytope of chances (a column per type, scaled) with `further` columns."""

    def __init__(self, pool: Pool, further: int) -> None:
        self.scale = pool.people / pool.size
        self.width = len(pool.types)
        self.every = np.arange(self.width)
        self._rows = pool.matrix.shape[0]
        self._cuts = len(pool.cuts)
        columns = csc_array(pool.matrix.multiply(pool.multiplicity.astype(float)[np.newaxis, :]))
        lower, upper = pool.row_bounds
        self._program = Program(
            np.zeros(self.width + further),
            np.append(np.full(self.width, self.scale), np.full(further, np.inf)),
            csc_array(hstack([columns, csc_array((self._rows, further))])),
            (lower * self.scale, upper * self.scale),
        )
        self.able = _able(pool)

    def costs(self, further: Floats) -> None:
        self._program.costs(np.append(np.zeros(self.width), further))

    def bounds_of_further(self, lower: Floats, upper: Floats) -> None:
        places = np.arange(self.width, self.width + len(lower), dtype=np.int32)
        self._program.bounds(places, lower, upper)

    def row(self, lower: float, upper: float, entries: dict[int, float]) -> None:
        places = np.array(list(entries), dtype=np.int32)
        self._program.add_row(lower, upper, places, np.array(list(entries.values())))

    def keep_below(self, greatest: int) -> None:
        """Nobody has more than the column `greatest`, nor that more than certainty: so the price of being certain is
        seen in the rows of the pool, and nowhere else."""
        self.link(np.flatnonzero(self.able), 1.0, greatest, -1.0)
        upper = np.append(np.full(self.width, np.inf), self.scale)
        places = np.append(self.every, greatest).astype(np.int32)
        self._program.bounds(places, np.zeros(self.width + 1), upper)

    def link(self, types: NDArray[np.intp], own: float, column: int, other: float) -> None:
        """own·c + other·column ≤ 0 for each of these types."""
        for type_ in types:
            self.row(-np.inf, 0.0, {int(type_): own, column: other})

    def tangents(self, types: NDArray[np.intp], at: Floats) -> None:
        """Keep the logarithm columns of these types below the tangent at `at`."""
        for type_, place in zip(types, at, strict=True):
            entries = {int(type_): -1 / float(place), self.width + int(type_): 1.0}
            self.row(-np.inf, float(np.log(place)) - 1, entries)

    def solve(self) -> Solution:
        solution = self._program.solve()
        if solution is None:
            raise no_panel()
        return solution

    def prices(self, solution: Solution) -> Floats:
        """The multipliers of the rows of the pool; nothing limits a cut from below."""
        prices = -solution.duals[: self._rows]
        first = self._rows - self._cuts
        return np.append(prices[:first], np.clip(prices[first:], 0.0, None))

    def proportions(self, solution: Solution) -> float:
        """The scale of multipliers of which only the proportions matter."""
        return PROPORTION_SCALE / max(1e-12, float(np.abs(self.prices(solution)).max()))

    def relaxed(self, solution: Solution, scale: float) -> Relaxed:
        chances = np.where(self.able, np.clip(solution.columns[: self.width] / self.scale, 0.0, 1.0), 0.0)
        multipliers = tuple(int(one) for one in np.rint(self.prices(solution) * scale))
        return Relaxed(chances, (Level(float(chances.min()), (), multipliers),))
