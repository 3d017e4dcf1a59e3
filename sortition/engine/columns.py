"""Leximin over panels themselves, for pools whose relaxation no mixture of panels attains.

Leximin by column generation, as in Flanigan, Gölz, Gupta, Hennig, Procaccia (*Nature* 2021), on types. A level raises the
least chance of all who are still open, over the panels found so far; its prices ask for a panel that would raise it
further, first by a dive, then by the branch tree that either meets such a panel or proves that there is none. That
proof becomes a cut, and the certificate of the level.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_array

from sortition.engine.attain import Distribution
from sortition.engine.cuts import prove
from sortition.engine.panels import PanelFinder, add_panel
from sortition.engine.relaxation import Level, Relaxation, Relaxed
from sortition.engine.solver import Program, Solution
from sortition.model import Counts, Cut, Floats, Pool

WEIGHT_SCALE = 10**7
PRICED = 1e-7
GAIN = 1e-7
LEAST_GIVEN, MOST_GIVEN = 1e-9, 1e-5
CERTAIN = 1 - 1e-9
# Dives for a panel before the tree is asked, and how far chance sways them.
DIVES, SWAY = 12, 0.1


@dataclass(frozen=True)
class OverPanels:
    """Leximin over panels: the pool with the cuts that prove it, the levels, and the mixture.

    `proved` says that every level has its own proof; the others rest on the relaxation.
    """

    pool: Pool
    relaxed: Relaxed
    distribution: Distribution
    proved: bool


def leximin_over_panels(
    pool: Pool, panels: Counts, levels: int, heard: Callable[[float, Floats], None]
) -> OverPanels:
    """Leximin of `pool`, beginning with `panels`; stops after `levels` levels, the rest taking what is left.

    Types that a cut of `pool` keeps from every panel have no chance. `heard` receives the fraction of types settled
    and the chances so far.
    """
    search = _Search(pool, panels)
    while search.open.any() and len(search.levels) < levels:
        search.raise_level()
        heard(1 - float(search.open.mean()), search.chances)
    return search.result()


class _Search:
    def __init__(self, pool: Pool, panels: Counts) -> None:
        self.pool = pool
        self._multiplicity = pool.multiplicity.astype(float)
        self._finder = PanelFinder(pool)
        self._relaxation = Relaxation(pool)
        self._panels: dict[bytes, Counts] = {panel.tobytes(): panel for panel in panels}
        self._cuts: dict[int, Cut] = {}
        # What is proved of earlier levels makes the later ones quicker to search and to prove.
        self._tightened = pool
        self.open = np.ones(len(self._multiplicity), dtype=bool)
        self.chances: Floats = np.zeros(len(self._multiplicity))
        self.levels: list[Level] = []
        self._give = LEAST_GIVEN
        self._noise = np.random.default_rng(0)
        self._settle_absent()

    def _settle_absent(self) -> None:
        absent = sorted(
            cut.weights.index(1)
            for cut in self.pool.cuts
            if cut.limit == 0 and sum(map(abs, cut.weights)) == 1
        )
        if absent:
            rows = self.pool.matrix.shape[0]
            multipliers = [0] * (rows - len(self.pool.cuts)) + [1] * len(self.pool.cuts)
            self._settle(Level(0.0, tuple(absent), tuple(multipliers)))

    def raise_level(self) -> None:
        """Raise the least chance of the open types as far as panels go; settle those that can rise no further."""
        program = self._program()
        while True:
            program, solution = self._solved(program)
            chance = float(solution.columns[0])
            weights = solution.duals[:-1] / self._multiplicity
            panel = None if chance >= CERTAIN else self._improving(weights, -float(solution.duals[-1]))
            if panel is None:
                break
            self._panels[panel.tobytes()] = panel
            add_panel(program, panel, self._multiplicity)
        self._settle(self._level(solution, chance))

    def _level(self, solution: Solution, chance: float) -> Level:
        proof = self._relaxation.multipliers()
        if chance >= CERTAIN:
            return Level(1.0, tuple(map(int, np.flatnonzero(self.open))), (0,) * len(proof))
        blocked = self.open & (solution.duals[:-1] > PRICED)
        return Level(chance, tuple(map(int, np.flatnonzero(blocked))), proof)

    def _settle(self, level: Level) -> None:
        types = np.array(level.types)
        self.open[types] = False
        self.chances[types] = level.chance
        self._relaxation.settle(types, level.chance * self._relaxation.scale)
        self.levels.append(level)

    def _improving(self, weights: Floats, value: float) -> Counts | None:
        """A panel that weighs more than `value`; None when it is proved that there is none, or too hard to say."""
        if (panel := self._dived(weights, value)) is not None:
            return panel
        whole = np.rint(weights * (WEIGHT_SCALE / float(np.abs(weights).max()))).astype(np.int64)
        heaviest = max(int(whole @ known) for known in self._panels.values())
        answer = prove(self._tightened, [int(one) for one in whole], heaviest + 2 * self.pool.size)
        if isinstance(answer, Cut):
            self._cuts[len(self.levels)] = answer
            self._tightened = replace(self._tightened, cuts=(*self._tightened.cuts, answer))
            self._finder = PanelFinder(self._tightened)
            return None
        return answer if answer is not None and answer.tobytes() not in self._panels else None

    def _dived(self, weights: Floats, value: float) -> Counts | None:
        """A panel that weighs more than `value`, met by dives under slightly other weights: quicker than the tree."""
        sway = SWAY * float(np.std(weights))
        for attempt in range(DIVES):
            noise = sway * self._noise.standard_normal(len(weights)) if attempt else 0.0
            panel = self._finder.dive(weights + noise)
            if (
                panel is not None
                and float(weights @ panel) > value + GAIN
                and panel.tobytes() not in self._panels
            ):
                return panel
        return None

    def _solved(self, program: Program) -> tuple[Program, Solution]:
        """What is settled only just holds: give way where the solver's tolerance adds up."""
        while (solution := program.solve()) is None:
            self._give *= 10
            assert self._give < MOST_GIVEN, "the panels so far give what is settled"
            program = self._program()
        return program, solution

    def _program(self) -> Program:
        """The first column is the level; the others are weights of panels."""
        level = csc_array(np.append(-self.open.astype(float), 0.0)[:, np.newaxis])
        least = np.append(np.where(self.open, 0.0, self.chances - self._give), 1.0)
        most = np.append(np.full(len(self.open), np.inf), 1.0)
        program = Program(np.zeros(1), np.ones(1), level, (least, most))
        program.costs(np.array([-1.0]))
        for panel in self._panels.values():
            add_panel(program, panel, self._multiplicity)
        return program

    def result(self) -> OverPanels:
        _, solution = self._solved(self._program())
        panels = np.array(list(self._panels.values()))
        weights = np.clip(solution.columns[1:], 0.0, None)
        weights /= weights.sum()
        rows = self.pool.matrix.shape[0]
        cuts = tuple(self._cuts.values())
        place = {number: rows + position for position, number in enumerate(self._cuts)}
        levels = []
        for number, level in enumerate(self.levels):
            multipliers = [*level.multipliers, *[0] * len(cuts)]
            if number in place:
                multipliers = [0] * len(multipliers)
                multipliers[place[number]] = 1
            levels.append(replace(level, multipliers=tuple(multipliers)))
        reached = weights @ panels / self._multiplicity
        self.chances[self.open] = reached[self.open]
        return OverPanels(
            pool=self._tightened,
            relaxed=Relaxed(self.chances, tuple(levels)),
            distribution=Distribution(panels, weights, float(np.abs(reached - self.chances).sum())),
            proved=all(
                number in self._cuts or level.chance in {0.0, 1.0} for number, level in enumerate(self.levels)
            ),
        )
