"""An exact certificate that no lottery does better, level by level.

For any multipliers μ on the rows (positive on a maximum, negative on a minimum; the panel size is one more row, carried
by everybody; a household shared is one more, at most 1, carried by its people; a cut is one more, with a maximum only)
let g be the sum over the rows of a person and y = max(0, g). Then no panel has Σ y over its members above

    ŷ = Σ max·μ⁺ − Σ min·μ⁻ + Σ over people max(0, −g),

so in any lottery that gives everyone settled earlier at least their stated chance p, somebody among the
others has at most A = (ŷ − Σ over the settled p·y) / Σ over the others y. All numbers are whole or rational:
the solver's duals, rounded, only suggest μ, and rounding can loosen A but never make it false.

The other objectives make one statement, with the same rows; `sortition.proofs.optimality` says which.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from sortition.engine.cuts import scale_of
from sortition.engine.objectives import LEVELS
from sortition.engine.relaxation import Level, Relaxed
from sortition.model import Branch, Cut, Pool, Tree
from sortition.proofs.optimality import goldilocks_bound, level_bound, minimax_bound, nash_bound

CHANCE_SCALE = 10**12


@dataclass(frozen=True)
class Statement:
    """What is stated of the people of `types`.

    Their `chance`, cut after 12 decimals, and the `bound` that `multipliers` prove: by leximin and maximin, what no
    lottery can give all the people still open; else that of the objective, in the first statement only.
    """

    bound: Fraction
    chance: Fraction
    types: tuple[int, ...]
    multipliers: tuple[int, ...]


def ratio(number: Fraction) -> str:
    """``p/q``, as canonical JSON holds it."""
    return f"{number.numerator}/{number.denominator}"


def statements(pool: Pool, relaxed: Relaxed, objective: str = "leximin") -> list[Statement]:
    """What is stated of `relaxed`, each level resting on the chances stated before it."""
    if objective in LEVELS:
        found = _levels(pool, relaxed)
        return found + _unproved(pool, relaxed, {type_ for one in found for type_ in one.types})
    only = relaxed.levels[0].multipliers
    groups = _unproved(pool, relaxed, set())
    first = groups[0]
    bound = _cut_off(_objective_bound(pool, objective, only, groups))
    return [Statement(bound, first.chance, first.types, only), *groups[1:]]


def first_bound(pool: Pool, relaxed: Relaxed) -> Fraction:
    """What no lottery can give those with the least chance."""
    gained, level = _Rows(pool), relaxed.levels[0]
    return level_bound(gained.constant(level), gained.terms(level, {}))


def _levels(pool: Pool, relaxed: Relaxed) -> list[Statement]:
    gained = _Rows(pool)
    settled: dict[int, Fraction] = {}
    found = []
    for level in relaxed.levels:
        bound = level_bound(gained.constant(level), gained.terms(level, settled))
        chance = _cut_off(min(Fraction(level.chance), bound))
        found.append(Statement(bound, chance, level.types, level.multipliers))
        settled |= dict.fromkeys(level.types, chance)
    return found


def _cut_off(chance: Fraction) -> Fraction:
    return Fraction(int(chance * CHANCE_SCALE), CHANCE_SCALE)


def _unproved(pool: Pool, relaxed: Relaxed, stated: set[int]) -> list[Statement]:
    """The chances of the types not yet stated, the least first, under a bound that says nothing."""
    nothing = (0,) * pool.matrix.shape[0]
    groups: dict[Fraction, list[int]] = {}
    for type_, chance in enumerate(relaxed.chances):
        if type_ not in stated:
            groups.setdefault(_cut_off(Fraction(float(chance))), []).append(type_)
    return [Statement(Fraction(1), chance, tuple(types), nothing) for chance, types in sorted(groups.items())]


def _objective_bound(
    pool: Pool, objective: str, multipliers: tuple[int, ...], groups: Sequence[Statement]
) -> Fraction:
    rows = _Rows(pool)
    level = Level(0.0, (), multipliers)
    chances = {type_: group.chance for group in groups for type_ in group.types}
    terms = rows.terms(level, chances)
    if objective == "minimax":
        return minimax_bound(rows.constant(level), terms)
    if objective == "nash":
        return nash_bound(rows.constant(level), terms)
    return goldilocks_bound(rows.constant(level), terms, pool.people, pool.size)


class _Rows:
    """What multipliers on the rows of a pool give each type."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._columns = pool.matrix.T.tocsr()

    def constant(self, level: Level) -> int:
        """Σ max·μ⁺ − Σ min·μ⁻."""
        return sum(
            multiplier * (most if multiplier > 0 else least or 0)
            for (least, most), multiplier in zip(self._pool.limits, level.multipliers, strict=True)
        )

    def terms(self, level: Level, chances: Mapping[int, Fraction]) -> list[tuple[int, int, Fraction | None]]:
        """Per type: its gain g, its people, and the chance stated of them."""
        starts, rows, data = self._columns.indptr, self._columns.indices, self._columns.data
        return [
            (
                sum(
                    level.multipliers[rows[entry]] * int(data[entry])
                    for entry in range(starts[type_], starts[type_ + 1])
                ),
                len(people),
                chances.get(type_),
            )
            for type_, people in enumerate(self._pool.members)
        ]


def certificate(
    pool: Pool, stated: Sequence[Statement], place: Sequence[int], homes: Sequence[int]
) -> dict[str, object]:
    """The cuts and the levels as canonical JSON.

    `place` gives the position of each person in the published pool, `homes` the household of `pool` that each
    published household is.
    """
    published = _Published(pool, place, homes)
    return {
        "cuts": [published.cut(cut) for cut in pool.cuts],
        "levels": [
            {
                "bound": ratio(statement.bound),
                "chance": ratio(statement.chance),
                "multipliers": [statement.multipliers[row] for row in published.rows],
                "people": sorted(person for type_ in statement.types for person in published.people[type_]),
            }
            for statement in stated
        ],
    }


class _Published:
    """The rows and types of a pool as its published documents number them."""

    def __init__(self, pool: Pool, place: Sequence[int], homes: Sequence[int]) -> None:
        first = len(pool.quotas) + 1
        row_of = {home: first + row for row, alike in enumerate(pool.households) for home in alike}
        cuts = range(first + len(pool.households), first + len(pool.households) + len(pool.cuts))
        self.rows = [*range(first), *(row_of[home] for home in homes), *cuts]
        self.people = [sorted(place[person] for person in people) for people in pool.members]
        self._places: dict[int, list[int]] = {}
        for position, row in enumerate(self.rows):
            self._places.setdefault(row, []).append(position)

    def cut(self, cut: Cut) -> dict[str, object]:
        types = sorted({int(type_) for type_ in np.flatnonzero(cut.weights)} | _branched(cut.tree))
        group = {type_: number for number, type_ in enumerate(types)}
        return {
            "groups": [self.people[type_] for type_ in types],
            "weights": [cut.weights[type_] for type_ in types],
            "limit": cut.limit,
            "scale": scale_of(cut.weights),
            "nodes": self._nodes(cut.tree, group),
        }

    def _nodes(self, tree: Tree, group: Mapping[int, int]) -> list[object]:
        """The tree in one list: a branch, all of its lower side, all of its upper side."""
        nodes: list[object] = []
        waiting: list[Tree] = [tree]
        while waiting:
            node = waiting.pop()
            if isinstance(node, Branch):
                nodes.append({"group": group[node.type_], "value": node.value})
                waiting += [node.above, node.below]
            else:
                nodes.append(
                    [
                        [place, multiplier]
                        for row, multiplier in node.items()
                        for place in self._places.get(row, [])
                    ]
                )
        return nodes


def _branched(tree: Tree) -> set[int]:
    found: set[int] = set()
    waiting: list[Tree] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Branch):
            found.add(node.type_)
            waiting += [node.above, node.below]
    return found
