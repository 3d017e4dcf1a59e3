"""What keeps the quotas from being met, and the least that would mend it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import block_array, coo_array, csc_array, eye_array

from sortition.model import Floats, Pool, Quota
from sortition.solver import Program


@dataclass(frozen=True)
class Limit:
    """One side of a quota: its `side` is min or max."""

    quota: Quota
    side: str


def conflict(pool: Pool) -> tuple[Limit, ...]:
    """An irreducible set of limits that no panel of this size meets together.

    Drop any one of them and the others can be met (deletion filter). Empty when all can be met.
    """
    program = _panel_program(pool, integer=False)
    if program.solve() is not None:
        program = _panel_program(pool, integer=True)
        if program.solve() is not None:
            return ()
    kept: list[Limit] = []
    for row, quota in enumerate(pool.quotas):
        limits = {"min": (-np.inf, float(quota.min)), "max": (np.inf, float(quota.max))}
        for side, (dropped, value) in limits.items():
            held = {"min": -np.inf, "max": np.inf} | {
                limit.side: limits[limit.side][1] for limit in kept if limit.quota is quota
            }
            if side == "min":
                held["max"] = float(quota.max)
            held[side] = dropped
            program.row_bounds(row, held["min"], held["max"])
            if program.solve() is not None:
                kept.append(Limit(quota, side))
                held[side] = value
                program.row_bounds(row, held["min"], held["max"])
    return tuple(kept)


def _panel_program(pool: Pool, integer: bool) -> Program:
    upper = pool.multiplicity.astype(float)
    return Program(np.zeros(len(upper)), upper, csc_array(pool.matrix), pool.row_bounds, integer)


@dataclass(frozen=True)
class Recruits:
    """The fewest `number` of further volunteers that make a panel possible.

    `groups` says how many of them at least must have which value; the rest may be anybody.
    """

    number: int
    groups: tuple[tuple[Quota, int], ...]


def recruits(pool: Pool) -> Recruits | None:
    """Whom to recruit; None when the quotas contradict each other whoever volunteers."""
    types, quotas = len(pool.types), len(pool.quotas)
    categories = list(dict.fromkeys(quota.category for quota in pool.quotas))
    belongs = np.array(
        [[quota.category == category for quota in pool.quotas] for category in categories], float
    )
    # Columns: people of each type, recruits with each value, recruits. Rows: quotas and size, categories.
    seats = np.vstack([np.eye(quotas), np.zeros(quotas)])
    total = np.append(np.zeros(quotas), 1.0)[:, np.newaxis]
    matrix = csc_array(
        block_array([[pool.matrix, seats, total], [None, belongs, -np.ones((len(categories), 1))]])
    )
    lower, upper = pool.row_bounds
    zeros = np.zeros(len(categories))
    limits = np.concatenate([pool.multiplicity, np.full(quotas + 1, pool.size)]).astype(float)
    program = Program(
        np.zeros(len(limits)),
        limits,
        matrix,
        (np.append(lower, zeros), np.append(upper, zeros)),
        integer=True,
    )
    number = _least(program, types + quotas)
    if number is None:
        return None
    last = np.array([types + quotas], dtype=np.int32)
    program.bounds(last, np.array([number], dtype=float), np.array([number], dtype=float))
    least = [_least(program, types + index) or 0 for index in range(quotas)]
    groups = tuple((quota, needed) for quota, needed in zip(pool.quotas, least, strict=True) if needed)
    return Recruits(number, groups)


def _least(program: Program, column: int) -> int | None:
    program.costs(np.eye(1, program.width, column)[0])
    solution = program.solve()
    return None if solution is None else round(solution.value)


def relaxation(pool: Pool) -> tuple[Quota, ...] | None:
    """The quotas, changed as little as makes a panel possible; None when min_flex and max_flex forbid it.

    Lowering a minimum by one weighs 1 + 2/min, so that small groups keep their seats; raising a maximum by
    one weighs 1. Without min_flex a minimum may fall to 0, without max_flex a maximum may rise to the panel
    size.
    """
    quotas = len(pool.quotas)
    down = [quota.min - (0 if quota.min_flex is None else quota.min_flex) for quota in pool.quotas]
    up = [max(0, _most(quota, pool.size) - quota.max) for quota in pool.quotas]
    costs = [1 + 2 / max(quota.min, 1) for quota in pool.quotas] + [1.0] * quotas
    people = csc_array(pool.matrix)
    seats = csc_array(people[:quotas])
    identity = eye_array(quotas)
    size = coo_array(np.ones((1, people.shape[1])))
    # Columns: people of each type, steps down, steps up. Rows: minimums, maximums, size.
    matrix = csc_array(block_array([[seats, identity, None], [seats, None, -identity], [size, None, None]]))
    lower, upper = pool.row_bounds
    unlimited = np.full(quotas, np.inf)
    program = Program(
        np.zeros(matrix.shape[1]),
        np.concatenate([pool.multiplicity, down, up]).astype(float),
        matrix,
        (np.concatenate([lower[:-1], -unlimited, lower[-1:]]), np.concatenate([unlimited, upper])),
        integer=True,
    )
    program.costs(np.concatenate([np.zeros(len(pool.types)), costs]))
    solution = program.solve()
    return None if solution is None else _changed(pool.quotas, solution.columns[len(pool.types) :])


def _most(quota: Quota, size: int) -> int:
    return size if quota.max_flex is None else quota.max_flex


def _changed(quotas: Sequence[Quota], steps: Floats) -> tuple[Quota, ...]:
    down, up = np.rint(steps).astype(int).reshape(2, len(quotas))
    return tuple(
        replace(quota, min=quota.min - int(fall), max=quota.max + int(rise))
        for quota, fall, rise in zip(quotas, down, up, strict=True)
    )
