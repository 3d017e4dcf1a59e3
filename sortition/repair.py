"""What keeps the quotas from being met, and the least that would mend it.

Integer programs written in PuLP as on paper, solved by HiGHS in this process: one thread, a fixed seed, no time
limit. Panels are counted on types: `seats[t]` people of type t, whole numbers from 0 to all there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pulp import (
    HiGHS,
    LpAffineExpression,
    LpContinuous,
    LpInteger,
    LpProblem,
    LpStatus,
    LpStatusInfeasible,
    LpVariable,
    lpSum,
)
from pulp.constants import LpSolutionOptimal

from sortition.model import Pool, Quota
from sortition.problems import SortitionError


@dataclass(frozen=True)
class Limit:
    """One side of a quota: its `side` is min or max."""

    quota: Quota
    side: str


def meets(pool: Pool, limits: Sequence[Limit], kind: str = LpInteger) -> bool:
    """Whether some panel of the pool's size keeps all these limits together.

    With `kind` LpContinuous people may be cut into fractions: quicker, and a No is a No for whole people too.
    """
    model = LpProblem("panel")
    seats = _seats(model, pool, kind)
    counted = dict(zip(pool.quotas, _counted(pool, seats), strict=True))
    model += lpSum(seats) == pool.size
    _one_per_household(model, pool, seats)
    for limit in limits:
        if limit.side == "min":
            model += counted[limit.quota] >= limit.quota.min
        else:
            model += counted[limit.quota] <= limit.quota.max
    return _solved(model)


def limits(pool: Pool) -> list[Limit]:
    """Both sides of every quota, without those that any panel of this size keeps."""
    sides = [Limit(quota, side) for quota in pool.quotas for side in ("min", "max")]
    return [
        limit
        for limit in sides
        if (limit.quota.min > 0 if limit.side == "min" else limit.quota.max < pool.size)
    ]


def conflict(pool: Pool) -> tuple[Limit, ...]:
    """An irreducible set of limits that no panel of this size meets together.

    Drop any one of them and the others can be met (deletion filter, Chinneck and Dravnieks 1991). Empty when all
    can be met, or when the pool has fewer people than seats.
    """
    kept = limits(pool)
    if meets(pool, kept) or not meets(pool, []):
        return ()
    if not meets(pool, kept, LpContinuous):
        kept = _without_the_rest(pool, kept, LpContinuous)
    return tuple(_without_the_rest(pool, kept, LpInteger))


def _without_the_rest(pool: Pool, conflicting: Sequence[Limit], kind: str) -> list[Limit]:
    kept = list(conflicting)
    for limit in conflicting:
        others = [other for other in kept if other != limit]
        if not meets(pool, others, kind):
            kept = others
    return kept


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
    model += lpSum(seats) + number == pool.size
    _one_per_household(model, pool, seats)
    for quota, counted, more in zip(pool.quotas, _counted(pool, seats), carrying, strict=True):
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
    model += number == fewest
    needless = [_value(more) == 0 for more in carrying]
    needed = [0 if none else _least(model, more) or 0 for more, none in zip(carrying, needless, strict=True)]
    groups = tuple((quota, least) for quota, least in zip(pool.quotas, needed, strict=True) if least)
    return Recruits(fewest, groups)


def relaxation(pool: Pool) -> tuple[Quota, ...] | None:
    """The quotas, changed as little as makes a panel possible; None when min_flex and max_flex forbid it.

    Lowering a minimum by one weighs 1 + 2/min, so that small groups keep their seats; raising a maximum by
    one weighs 1. Without min_flex a minimum may fall to 0, without max_flex a maximum may rise to the panel
    size.
    """
    model = LpProblem("relaxation")
    seats = _seats(model, pool)
    falls, rises = [], []
    model += lpSum(seats) == pool.size
    _one_per_household(model, pool, seats)
    for index, (quota, counted) in enumerate(zip(pool.quotas, _counted(pool, seats), strict=True)):
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


def _seats(model: LpProblem, pool: Pool, kind: str = LpInteger) -> list[LpVariable]:
    return [
        model.add_variable(f"seats_{type_}", 0, len(people), kind)
        for type_, people in enumerate(pool.members)
    ]


def _counted(pool: Pool, seats: Sequence[LpVariable]) -> list[LpAffineExpression]:
    """Per quota, the people on the panel who have its value."""
    return [
        lpSum(seated for type_, seated in zip(pool.types, seats, strict=True) if index in type_)
        for index in range(len(pool.quotas))
    ]


def _one_per_household(model: LpProblem, pool: Pool, seats: Sequence[LpVariable]) -> None:
    living: list[list[LpVariable]] = [[] for _ in range(pool.households)]
    for type_, seated in zip(pool.types, seats, strict=True):
        if type_[-1] > len(pool.quotas):
            living[type_[-1] - len(pool.quotas) - 1].append(seated)
    for people in living:
        model += lpSum(people) <= 1


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
