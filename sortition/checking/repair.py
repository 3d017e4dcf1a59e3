"""The least that would mend quotas which no panel meets: whom to recruit, or what to relax.

Integer programs written in PuLP as on paper, solved by HiGHS in this process: one thread, a fixed seed, no time
limit. Panels are counted on types: `seats[t]` people of type t, whole numbers from 0 to all there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from pulp import (
    HiGHS,
    LpAffineExpression,
    LpInteger,
    LpProblem,
    LpStatus,
    LpStatusInfeasible,
    LpVariable,
    lpSum,
)
from pulp.constants import LpSolutionOptimal
from scipy.sparse import csc_array, csr_array, eye_array, hstack, vstack

from sortition.engine.solver import Program
from sortition.model import Pool, Quota
from sortition.problems import SortitionError


@dataclass(frozen=True)
class Recruits:
    """The fewest `number` of further volunteers that make a panel possible.

    `groups` says how many of them at least must have which value; the rest may be anybody.
    """

    number: int
    groups: tuple[tuple[Quota, int], ...]


def recruits(pool: Pool) -> Recruits | None:
    """Whom to recruit; None when the quotas contradict each other whoever volunteers."""
    model = LpProblem("recruits")
    seats = _seats(model, pool)
    number = _whole(model, "number", pool.size)
    carrying = [_whole(model, f"carrying_{index}", pool.size) for index in range(len(pool.quotas))]
    counts = _counted(pool, seats)
    model += counts[len(pool.quotas)] + number == pool.size
    _keep_households(model, pool, counts)
    for quota, counted, more in zip(pool.quotas, counts, carrying, strict=False):
        model += counted + more >= quota.min
        model += counted + more <= quota.max
    for category in dict.fromkeys(quota.category for quota in pool.quotas):
        values = [
            more for quota, more in zip(pool.quotas, carrying, strict=True) if quota.category == category
        ]
        model += lpSum(values) == number
    fewest = _least(model, number)
    if fewest is None:
        return None
    least = _least_carrying(pool, fewest)
    groups = tuple((quota, number) for quota, number in zip(pool.quotas, least, strict=True) if number)
    return Recruits(fewest, groups)


def _least_carrying(pool: Pool, recruited: int) -> list[int]:
    """Per quota, how many of so many recruits must have its value at least, were people to be cut into fractions.

    One linear program, solved again for each quota: seats per type, then recruits per quota.
    """
    quotas, width = len(pool.quotas), len(pool.types)
    categories = list(dict.fromkeys(quota.category for quota in pool.quotas))
    carried = np.array([[quota.category == one for quota in pool.quotas] for one in categories], dtype=float)
    rows = csr_array(pool.matrix)
    carrying = vstack([eye_array(quotas), csr_array((rows.shape[0] - quotas, quotas))])
    lower, upper = (bounds.copy() for bounds in pool.row_bounds)
    lower[quotas] = upper[quotas] = pool.size - recruited
    number = np.full(len(categories), float(recruited))
    program = Program(
        np.zeros(width + quotas),
        np.concatenate([pool.multiplicity.astype(float), np.full(quotas, float(recruited))]),
        csc_array(
            vstack(
                [hstack([rows, carrying]), hstack([csr_array((len(categories), width)), csr_array(carried)])]
            )
        ),
        (np.concatenate([lower, number]), np.concatenate([upper, number])),
    )
    found = []
    for place in range(width, width + quotas):
        costs = np.zeros(width + quotas)
        costs[place] = 1.0
        program.costs(costs)
        solution = program.solve()
        found.append(0 if solution is None else ceil(solution.value - 1e-6))
    return found


def relaxation(pool: Pool) -> tuple[Quota, ...] | None:
    """The quotas, changed as little as makes a panel possible; None when min_flex and max_flex forbid it.

    Lowering a minimum by one weighs 1 + 2/min, so that small groups keep their seats; raising a maximum by
    one weighs 1. Without min_flex a minimum may fall to 0, without max_flex a maximum may rise to the panel
    size.
    """
    model = LpProblem("relaxation")
    seats = _seats(model, pool)
    falls, rises = [], []
    counts = _counted(pool, seats)
    model += counts[len(pool.quotas)] == pool.size
    _keep_households(model, pool, counts)
    for index, (quota, counted) in enumerate(zip(pool.quotas, counts, strict=False)):
        lowest = 0 if quota.min_flex is None else quota.min_flex
        highest = pool.size if quota.max_flex is None else quota.max_flex
        fall = _whole(model, f"fall_{index}", quota.min - lowest)
        rise = _whole(model, f"rise_{index}", max(0, highest - quota.max))
        model += counted >= quota.min - fall
        model += counted <= quota.max + rise
        falls.append(fall)
        rises.append(rise)
    weights = [1 + 2 / max(quota.min, 1) for quota in pool.quotas]
    model.setObjective(
        lpSum(weight * fall for weight, fall in zip(weights, falls, strict=True)) + lpSum(rises)
    )
    if not _solved(model):
        return None
    return tuple(
        replace(quota, min=quota.min - _value(fall), max=quota.max + _value(rise))
        for quota, fall, rise in zip(pool.quotas, falls, rises, strict=True)
    )


def _seats(model: LpProblem, pool: Pool) -> list[LpVariable]:
    return [_whole(model, f"seats_{type_}", len(people)) for type_, people in enumerate(pool.members)]


def _counted(pool: Pool, seats: Sequence[LpVariable]) -> list[LpAffineExpression]:
    """Per row of the pool's matrix, the people on the panel who count in it."""
    matrix = csr_array(pool.matrix)
    return [
        lpSum(
            float(one) * seats[type_]
            for type_, one in zip(matrix.indices[a:b], matrix.data[a:b], strict=True)
        )
        for a, b in zip(matrix.indptr, matrix.indptr[1:], strict=False)
    ]


def _keep_households(model: LpProblem, pool: Pool, counted: Sequence[LpAffineExpression]) -> None:
    _, most = pool.row_bounds
    for row in range(len(pool.quotas) + 1, len(counted)):
        model += counted[row] <= float(most[row])


def _whole(model: LpProblem, name: str, most: int) -> LpVariable:
    return model.add_variable(name, 0, most, LpInteger)


def _value(variable: LpVariable) -> int:
    value: float = variable.value()
    return round(value)


def _least(model: LpProblem, variable: LpVariable) -> int | None:
    model.setObjective(variable)
    return _value(variable) if _solved(model) else None


def _solved(model: LpProblem) -> bool:
    """Whether there is a solution; then the variables hold the best one, exactly (no gap is tolerated)."""
    status = model.solve(HiGHS(msg=False, threads=1, gapRel=0.0, random_seed=0, parallel="off"))
    if status == LpStatusInfeasible:
        return False
    if model.sol_status != LpSolutionOptimal:
        raise SortitionError(
            "The solver stopped without an answer (%(status)s). Check the quotas for very large numbers.",
            {"status": LpStatus[status]},
        )
    return True
