"""A room: who sits as one, how large the tables are, and what each of them must keep."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from sortition.model import Counts, Respondent
from sortition.problems import Problem, SortitionError

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Rules:
    """Who never shares a table, who always does, and who sits at which table (by index), as ids."""

    apart: tuple[frozenset[str], ...] = ()
    together: tuple[frozenset[str], ...] = ()
    seats: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Room:
    """What every round must keep. People who always sit together are one unit; most units are one person.

    `units` holds people (indices). `values[u, v]` counts the people of unit u who have the v-th (category, value) of
    `features`. Table t has `sizes[t]` seats and keeps low[t] ≤ count ≤ high[t] for every feature. Units of one group of
    `apart` never share a table; `barred[u, t]` keeps unit u from table t.
    """

    people: tuple[str, ...]
    units: tuple[tuple[int, ...], ...]
    features: tuple[tuple[str, str], ...]
    values: Counts
    sizes: Counts
    low: Counts
    high: Counts
    apart: tuple[tuple[int, ...], ...]
    barred: Flags

    @property
    def weights(self) -> Counts:
        """How many people each unit is."""
        return np.array([len(unit) for unit in self.units], dtype=np.int64)

    @property
    def conflicts(self) -> Flags:
        """Which units never share a table, shape (units, units)."""
        found = np.zeros((len(self.units), len(self.units)), dtype=bool)
        for group in self.apart:
            found[np.ix_(group, group)] = True
        np.fill_diagonal(found, False)
        return found

    def counts(self, seating: Counts) -> Counts:
        """How many people at each table have each feature, shape (tables, features)."""
        found = np.zeros(self.low.shape, dtype=np.int64)
        np.add.at(found, seating, self.values)
        return found

    def outside(self, seating: Counts) -> int:
        """By how many people, over all tables and features, a round misses the bounds."""
        counts = self.counts(seating)
        return int(np.maximum(counts - self.high, 0).sum() + np.maximum(self.low - counts, 0).sum())

    def widened(self, seating: Counts) -> "Room":
        """The room whose bounds this round keeps: widened only at the tables and features that need it."""
        counts = self.counts(seating)
        return replace(self, low=np.minimum(self.low, counts), high=np.maximum(self.high, counts))


def check_numbers(people: int, tables: int, rounds: int) -> None:
    """Raise SortitionError unless so many people can sit at so many tables, two at each."""
    if tables < 1:
        raise SortitionError(
            "There must be at least one table; %(tables)d were asked for.", {"tables": tables}
        )
    if rounds < 1:
        raise SortitionError(
            "There must be at least one round; %(rounds)d were asked for.", {"rounds": rounds}
        )
    if people < 2 * tables:
        raise SortitionError(
            "%(people)d people at %(tables)d tables would leave somebody alone. Ask for at most %(most)d tables.",
            {"people": people, "tables": tables, "most": people // 2},
        )


def unknown_people(rules: Rules, known: Collection[str], facilitators: Sequence[str]) -> list[Problem]:
    """Who a rule names that is nobody here."""
    named = [*(one for group in (*rules.apart, *rules.together) for one in sorted(group))]
    named += [one for one, _ in rules.seats]
    everyone = {*known, *facilitators}
    return [
        Problem("A rule names “%(id)s”, who is not among the people to seat.", {"id": one})
        for one in dict.fromkeys(named)
        if one not in everyone
    ]


def build_room(
    people: Sequence[Respondent],
    tables: int,
    balance: Sequence[str],
    rules: Rules,
    hosts: Mapping[str, int],
    filled: Sequence[int] = (),
) -> Room:
    """The room as the rules make it. `hosts` are facilitators with the table (index) at which they stay.

    Table sizes differ by at most one; the larger tables are those with most fixed seats, then the most `filled`,
    then the first ones. The share of a value at a table is people with the value × table size / people.
    """
    index = {person.id: number for number, person in enumerate(people)}
    units = _units(index, rules.together)
    unit_of = {person: number for number, unit in enumerate(units) for person in unit}
    sizes = _sizes(len(people), tables, rules, filled or [0] * tables)
    features, values = _features(people, units, balance)
    shares = np.outer(sizes, values.sum(axis=0))
    barred = np.zeros((len(units), tables), dtype=bool)
    for one, table in rules.seats:
        if one in index:
            barred[unit_of[index[one]], np.arange(tables) != table] = True
    for barring, groups in ((False, rules.together), (True, rules.apart)):
        for group in groups:
            for host, other in product(group & set(hosts), group & set(index)):
                barred[unit_of[index[other]], (np.arange(tables) == hosts[host]) == barring] = True
    return Room(
        people=tuple(person.id for person in people),
        units=units,
        features=features,
        values=values,
        sizes=sizes,
        low=shares // len(people),
        high=-(-shares // len(people)),
        apart=tuple(
            tuple(unit_of[index[one]] for one in sorted(group, key=lambda one: index.get(one, -1)) if one in index)
            for group in rules.apart
        ),
        barred=barred,
    )  # fmt: skip


def _units(index: Mapping[str, int], together: Iterable[frozenset[str]]) -> tuple[tuple[int, ...], ...]:
    """People who sit together, directly or through somebody, in the order of the people."""
    first = list(range(len(index)))
    for group in together:
        joined = {first[index[one]] for one in group if one in index}
        first = [min(joined) if number in joined else number for number in first]
    units: dict[int, list[int]] = {}
    for person, number in enumerate(first):
        units.setdefault(number, []).append(person)
    return tuple(tuple(unit) for unit in units.values())


def _sizes(people: int, tables: int, rules: Rules, filled: Sequence[int]) -> Counts:
    fixed = [sum(table == number for _, table in rules.seats) for number in range(tables)]
    larger = sorted(range(tables), key=lambda number: (-fixed[number], -filled[number], number))[
        : people % tables
    ]
    return np.array([people // tables + (number in larger) for number in range(tables)], dtype=np.int64)


def _features(
    people: Sequence[Respondent], units: Sequence[Sequence[int]], balance: Sequence[str]
) -> tuple[tuple[tuple[str, str], ...], Counts]:
    features = tuple(
        (category, value)
        for category in balance
        for value in sorted({person.values.get(category, "") for person in people})
    )
    values = np.zeros((len(units), len(features)), dtype=np.int64)
    for number, unit in enumerate(units):
        for column, (category, value) in enumerate(features):
            values[number, column] = sum(people[one].values.get(category, "") == value for one in unit)
    return features, values
