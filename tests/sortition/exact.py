"""What the engine should find, found another way: every panel of a small pool listed, and the simplex method in whole
numbers. It shares no code with the engine, no solver and no tolerance."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import gcd

from sortition import Quota, Respondent

Row = list[int]


@dataclass(frozen=True)
class Enumeration:
    """Kinds of people who are alike, and the count of each kind on every panel there is, without repeats.

    People are alike who have the same values and live in households composed alike: exchanging two such households
    changes no panel, so a lottery as equal as can be gives them the same chance.
    """

    kinds: tuple[tuple[str, ...], ...]
    panels: tuple[tuple[int, ...], ...]

    @property
    def people(self) -> list[int]:
        return [len(kind) for kind in self.kinds]


def enumerated(quotas: Sequence[Quota], people: Sequence[Respondent], size: int) -> Enumeration:
    """Every panel of at most a dozen people, by trying all of them."""
    homes: dict[str, list[Respondent]] = {}
    for number, person in enumerate(people):
        homes.setdefault(person.household or f"alone {number}", []).append(person)
    alike: dict[object, list[str]] = {}
    for home in homes.values():
        composition = tuple(sorted(_values(person) for person in home))
        for person in home:
            alike.setdefault((_values(person), composition), []).append(person.id)
    kinds = tuple(map(tuple, alike.values()))
    kind_of = {id_: number for number, kind in enumerate(kinds) for id_ in kind}
    panels = {
        tuple(Counter(kind_of[person.id] for person in panel)[kind] for kind in range(len(kinds)))
        for panel in combinations(people, size)
        if meets(quotas, panel)
    }
    return Enumeration(kinds, tuple(sorted(panels)))


def _values(person: Respondent) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(person.values.items()))


def meets(quotas: Sequence[Quota], panel: Sequence[Respondent]) -> bool:
    """Whether these people meet every quota and live in households of their own."""
    homes = [person.household for person in panel if person.household]
    counts = Counter(pair for person in panel for pair in person.values.items())
    return len(set(homes)) == len(homes) and all(
        quota.min <= counts[quota.category, quota.value] <= quota.max for quota in quotas
    )


def exact_leximin(pool: Enumeration, levels: int = 10**6) -> list[Fraction]:
    """The chance of each kind: the least raised as far as panels go, then that of the others, and so on.

    A kind with a positive dual price has its chance in every optimal solution; the others are raised again. After
    `levels` levels the kinds still open have at least the chance of the last.
    """
    settled: dict[int, Fraction] = {}
    chance = Fraction(0)
    while len(settled) < len(pool.kinds) and levels:
        rows, limits = [], []
        for kind, people in enumerate(pool.people):
            known = settled.get(kind)
            scale = known.denominator if known is not None else 1
            rows.append(
                [0 if known is not None else people, *(-panel[kind] * scale for panel in pool.panels)]
            )
            limits.append(-known.numerator * people if known is not None else 0)
        rows.append([0] + [1] * len(pool.panels))
        chance, prices = maximise([1] + [0] * len(pool.panels), rows, [*limits, 1])
        open_ = [kind for kind in range(len(pool.kinds)) if kind not in settled]
        held = [kind for kind in open_ if prices[kind] > 0] if chance < 1 else open_
        assert held, "somebody keeps the level from rising"
        settled |= dict.fromkeys(held, chance)
        levels -= 1
    return [settled.get(kind, chance) for kind in range(len(pool.kinds))]


def exact_minimax(pool: Enumeration) -> Fraction:
    """The lowest greatest chance."""
    rows = [[-people, *(panel[kind] for panel in pool.panels)] for kind, people in enumerate(pool.people)]
    rows.append([0] + [-1] * len(pool.panels))
    value, _ = maximise([-1] + [0] * len(pool.panels), rows, [0] * len(pool.kinds) + [-1])
    return -value


def maximise(costs: Row, rows: Sequence[Row], limits: Row) -> tuple[Fraction, list[Fraction]]:
    """The greatest costs·x with rows·x ≤ limits and x ≥ 0, and the dual price of each row. Exact.

    A program without a solution, or without a greatest one, is an AssertionError.
    """
    width, height = len(costs), len(rows)
    spare = width + height  # the column that is taken off every row until all of them have a solution
    table = [
        [*row, *(int(place == number) for place in range(height)), -1, limit]
        for number, (row, limit) in enumerate(zip(rows, limits, strict=True))
    ]
    basis = list(range(width, spare))
    if min(limits) < 0:
        last = [0] * spare + [1, 0]
        _pivot(table, basis, last, limits.index(min(limits)), spare)
        _improve(table, basis, last, spare + 1)
        assert last[-1] == 0, "there is no solution"
        if spare in basis:
            row = basis.index(spare)
            _pivot(table, basis, last, row, next(c for c in range(spare) if table[row][c]))
    objective = [*(-cost for cost in costs), *[0] * height, 0, 0]
    scale = [1]
    for row, column in enumerate(basis):
        _subtract(objective, table[row], column, scale)
    _improve(table, basis, objective, spare, scale)
    return Fraction(objective[-1], scale[0]), [Fraction(one, scale[0]) for one in objective[width:spare]]


def _improve(
    table: list[Row], basis: list[int], objective: Row, width: int, scale: Row | None = None
) -> None:
    """Pivot until no column is worth more; after a step that gained nothing, the first column and row in order."""
    stuck = False
    while True:
        gaining = [column for column in range(width) if objective[column] < 0]
        if not gaining:
            return
        column = gaining[0] if stuck else min(gaining, key=objective.__getitem__)
        steps = [
            (Fraction(row[-1], row[column]), basis[number], number)
            for number, row in enumerate(table)
            if row[column] > 0
        ]
        assert steps, "there is no greatest solution"
        step, _, number = min(steps)
        stuck = step == 0
        _pivot(table, basis, objective, number, column, scale)


def _pivot(
    table: list[Row], basis: list[int], objective: Row, number: int, column: int, scale: Row | None = None
) -> None:
    if table[number][column] < 0:
        table[number] = [-one for one in table[number]]
    for other, row in enumerate(table):
        if other != number:
            _subtract(row, table[number], column)
    _subtract(objective, table[number], column, scale)
    basis[number] = column


def _subtract(row: Row, pivot: Row, column: int, scale: Row | None = None) -> None:
    """Take as much of `pivot` off `row` that `column` vanishes; `scale` follows what the row is multiplied by."""
    mine, its = row[column], pivot[column]
    if mine:
        row[:] = [one * its - mine * other for one, other in zip(row, pivot, strict=True)]
        common = gcd(*row, scale[0] * its if scale else 0)
        if scale:
            scale[0] = scale[0] * its // common
        if common > 1:
            row[:] = [one // common for one in row]
