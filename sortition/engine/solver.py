"""Linear and integer programs in HiGHS, kept in memory so that each solve starts from the last basis.

One thread, a fixed seed and no time limit: the same calls give the same answers.
"""

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from sortition.model import Floats
from sortition.problems import SortitionError

Indices = NDArray[np.int32]
PRIMAL = 4

SOLVED = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kObjectiveTarget)
INFEASIBLE = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)


@dataclass(frozen=True)
class Solution:
    """Values per column, duals per row, of a minimisation."""

    value: float
    columns: Floats
    duals: Floats


class Program:
    """Minimise ``costs·x`` with lower ≤ x ≤ upper and row_lower ≤ matrix·x ≤ row_upper."""

    def __init__(
        self,
        lower: Floats,
        upper: Floats,
        matrix: csc_array,
        row_bounds: tuple[Floats, Floats],
        integer: bool = False,
    ) -> None:
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        options: dict[str, bool | int | float | str] = {
            "output_flag": False,
            "threads": 1,
            "parallel": "off",
            "random_seed": 0,
            # Small linear programs solved by the thousand cost more to presolve than to solve.
            "presolve": "choose" if integer else "off",
            "primal_feasibility_tolerance": 1e-9,
            "dual_feasibility_tolerance": 1e-9,
        }
        for option, value in options.items():
            self._solver.setOptionValue(option, value)
        self.load(lower, upper, matrix, row_bounds, integer)

    def load(
        self,
        lower: Floats,
        upper: Floats,
        matrix: csc_array,
        row_bounds: tuple[Floats, Floats],
        integer: bool = False,
    ) -> None:
        """Begin again with another program."""
        self.width = len(lower)
        self._every = np.arange(self.width, dtype=np.int32)
        self._solver.clearModel()
        empty = np.array([], dtype=np.int32)
        self._solver.addRows(len(row_bounds[0]), *row_bounds, 0, empty, empty, np.array([]))
        self._solver.addCols(
            self.width, np.zeros(self.width), lower, upper, matrix.nnz,
            matrix.indptr[:-1].astype(np.int32), matrix.indices.astype(np.int32), matrix.data,
        )  # fmt: skip
        if integer:
            kinds = np.full(self.width, highspy.HighsVarType.kInteger)
            self._solver.changeColsIntegrality(self.width, self._every, kinds)

    def costs(self, costs: Floats) -> None:
        """Replace the whole objective; the feasible set, and so the basis, stay."""
        self._solver.changeColsCost(self.width, self._every, costs)

    def bounds(self, columns: Indices, lower: Floats, upper: Floats) -> None:
        """Replace the bounds of some columns."""
        self._solver.changeColsBounds(len(columns), columns, lower, upper)

    def row_bounds(self, rows: Indices, lower: Floats, upper: Floats) -> None:
        """Replace the bounds of some rows."""
        self._solver.changeRowsBounds(len(rows), rows, lower, upper)  # type: ignore[attr-defined]

    def coefficient(self, row: int, column: int, value: float) -> None:
        self._solver.changeCoeff(row, column, value)

    def add_row(self, lower: float, upper: float, columns: Indices, values: Floats) -> None:
        self._solver.addRow(lower, upper, len(columns), columns, values)

    def add_column(self, cost: float, upper: float, rows: Indices, values: Floats) -> None:
        """One more column, from 0 to `upper`."""
        self._solver.addCol(cost, 0.0, upper, len(rows), rows, values)

    def grows(self) -> None:
        """Say that columns will be added: a solution stays one, and the primal simplex goes on from it."""
        self._solver.setOptionValue("simplex_strategy", PRIMAL)

    def tolerate(self, gap: float, enough: float = -np.inf) -> None:
        """Accept an integer solution within a relative `gap` of the best, or of a value below `enough`."""
        self._solver.setOptionValue("mip_rel_gap", gap)
        self._solver.setOptionValue("objective_target", enough)

    def solve(self) -> Solution | None:
        """The optimum, or None when there is no feasible point.

        Every program here is bounded. Raises SortitionError when the solver neither solves the program nor
        proves it infeasible.
        """
        if not self._solved():
            return None
        found = self._solver.getSolution()
        return Solution(
            value=float(self._solver.getInfo().objective_function_value),
            columns=np.asarray(found.col_value, dtype=float),
            duals=np.asarray(found.row_dual, dtype=float),
        )

    def values(self) -> Floats | None:
        """The columns of the optimum alone: quicker where many programs are solved one after the other."""
        return np.asarray(self._solver.getSolution().col_value, dtype=float) if self._solved() else None

    def _solved(self) -> bool:
        self._solver.run()
        status = self._solver.getModelStatus()
        if status not in {*SOLVED, *INFEASIBLE}:
            # From the last basis it may lose its way among costs that are nearly equal; from none it finds it.
            self._solver.clearSolver()
            self._solver.run()
            status = self._solver.getModelStatus()
        if status in SOLVED:
            return True
        if status in INFEASIBLE:
            return False
        raise SortitionError(
            "The solver stopped without an answer (%(status)s). Check the quotas for very large numbers.",
            {"status": self._solver.modelStatusToString(status)},
        )
