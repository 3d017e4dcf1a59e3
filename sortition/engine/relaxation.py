"""Leximin on the relaxation: the most equal chances that the quotas allow, before panels are looked at.

Leximin after Flanigan, Gölz, Gupta, Hennig, Procaccia (*Nature* 2021), solved on types over the panel
polytope instead of over lists of panels. Chances are scaled so that their mean is 1.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, hstack

from sortition.engine.solver import Program, Solution
from sortition.model import Floats, Pool
from sortition.problems import no_panel

# A dual above this, on a scale where the weights of all people sum to n, proves a type blocked.
BLOCKED = 1e-6
# How far below its level a settled type may fall, on the scale where the mean chance is 1.
LEAST_SLACK, MOST_SLACK = 1e-9, 1e-5
MULTIPLIER_SCALE = 10**9


@dataclass(frozen=True)
class Level:
    """One step of leximin: the types fixed at it, their chance, and the multipliers that prove it.

    `multipliers` has one whole number per quota, one for the panel size and one per household: positive where the maximum
    holds the level down, negative where the minimum does. Only their proportions matter.
    """

    chance: float
    types: tuple[int, ...]
    multipliers: tuple[int, ...]


@dataclass(frozen=True)
class Relaxed:
    """`chances` per type, and the levels in rising order."""

    chances: Floats
    levels: tuple[Level, ...]


def leximin(pool: Pool) -> Relaxed:
    """The leximin point of the panel polytope. Raises SortitionError when the polytope is empty."""
    relaxation = Relaxation(pool)
    while relaxation.open.any():
        relaxation.raise_level()
    return Relaxed(np.clip(relaxation.chance / relaxation.scale, 0.0, 1.0), tuple(relaxation.levels))


class Relaxation:
    """Column t is cₜ once type t is settled and cₜ − z while it is open; the last column is z.

    With z inside the columns, a level costs a program with one row per quota instead of one per type. The
    rows cₜ ≤ 1 of open types are added only when a solution breaks them.
    """

    def __init__(self, pool: Pool) -> None:
        self.scale = pool.people / pool.size
        self.open: NDArray[np.bool_] = np.ones(len(pool.types), dtype=bool)
        self.chance: Floats = np.zeros(len(pool.types))
        self.levels: list[Level] = []
        self.point: Floats = self.chance
        self._multiplicity = pool.multiplicity.astype(float)
        self._people = float(pool.people)
        self._columns = csc_array(pool.matrix.multiply(self._multiplicity[np.newaxis, :]))
        self._rows = self._columns.shape[0]
        self._cuts = len(pool.cuts)
        lower, upper = pool.row_bounds
        level = csc_array(self._columns.sum(axis=1)[:, np.newaxis])
        width = len(pool.types)
        self._program = Program(
            np.zeros(width + 1),
            np.append(np.full(width, np.inf), self.scale),
            csc_array(hstack([self._columns, level])),
            (lower * self.scale, upper * self.scale),
        )
        self._program.costs(np.append(np.zeros(width), -self._people))
        self._capped: dict[int, int] = {}
        self._slack = LEAST_SLACK

    def raise_level(self) -> None:
        """Raise the chance of all open types together; settle those that can rise no further."""
        solution = self._solve()
        level = max(float(solution.columns[-1]), 0.0)
        certain = level >= self.scale * (1 - 1e-9)
        multipliers = np.zeros(self._rows) if certain else -solution.duals[: self._rows]
        weights = self._columns.T @ multipliers
        blocked = self.open & (certain | (weights > BLOCKED))
        if not blocked.any():
            blocked = self.open & (weights >= weights[self.open].max())
        types = np.flatnonzero(blocked)
        self.point = np.clip((solution.columns[:-1] + level * self.open) / self.scale, 0.0, 1.0)
        self.settle(types, level)
        self.levels.append(
            Level(min(level / self.scale, 1.0), tuple(map(int, types)), self._whole_numbers(multipliers))
        )

    def multipliers(self) -> tuple[int, ...]:
        """What proves how far the open types could rise together, given those settled."""
        return self._whole_numbers(-self._solve().duals[: self._rows])

    def _solve(self) -> Solution:
        while True:
            solution = self._program.solve()
            if solution is None:
                self._loosen()
                continue
            excess = solution.columns[:-1] + solution.columns[-1] * self.open - self.scale
            above = np.flatnonzero(self.open & (excess > 1e-9))
            added = [int(type_) for type_ in above if int(type_) not in self._capped]
            if not added:
                return solution
            for type_ in added:
                self._cap(type_)

    def _loosen(self) -> None:
        """Settled types only just hold their levels: give way where the solver's tolerance adds up."""
        if self.open.all() or self._slack >= MOST_SLACK:
            raise no_panel()
        self._slack *= 10
        self._hold(np.flatnonzero(~self.open))

    def _hold(self, types: NDArray[np.intp]) -> None:
        """Keep settled types at their level, a hair below it."""
        lower = np.maximum(self.chance[types] - self._slack, 0.0)
        self._program.bounds(types.astype(np.int32), lower, np.full(len(types), self.scale))

    def _cap(self, type_: int) -> None:
        self._capped[type_] = self._rows + len(self._capped)
        columns = np.array([type_, len(self.open)], dtype=np.int32)
        self._program.add_row(-np.inf, self.scale, columns, np.ones(2))

    def settle(self, types: NDArray[np.intp], level: float) -> None:
        """Fix these types at `level`, on the scale where the mean chance is 1."""
        self.open[types] = False
        self.chance[types] = level
        for type_ in types:
            if int(type_) in self._capped:
                self._program.coefficient(self._capped[int(type_)], len(self.open), 0.0)
        self._hold(types)
        remaining = self._columns @ self.open.astype(float)
        for row, value in enumerate(remaining):
            self._program.coefficient(row, len(self.open), float(value))

    def _whole_numbers(self, multipliers: Floats) -> tuple[int, ...]:
        """Only their proportions matter; nothing limits a cut from below."""
        cuts = self._rows - self._cuts
        kept = np.append(multipliers[:cuts], np.clip(multipliers[cuts:], 0.0, None))
        largest = float(np.abs(kept).max())
        if largest == 0.0:
            return (0,) * len(kept)
        return tuple(int(number) for number in np.rint(kept * (MULTIPLIER_SCALE / largest)))
