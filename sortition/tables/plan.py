"""Tables over rounds as they were made, and what they are worth: who met whom, against what is possible at best."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import comb

import numpy as np

from sortition.problems import Problem
from sortition.tables.room import Room


@dataclass(frozen=True)
class Limit:
    """At one table, `low` to `high` people with a value, where their share is between `floor` and `ceiling`."""

    table: int
    category: str
    value: str
    low: int
    high: int
    floor: int
    ceiling: int

    @property
    def widened(self) -> bool:
        """Whether the share could not be kept."""
        return (self.low, self.high) != (self.floor, self.ceiling)


@dataclass(frozen=True)
class Tables:
    """People at numbered tables, round after round.

    `rounds[r][t]` holds the ids at table t + 1 in round r + 1, `facilitators[t]` who stays at that table through all
    rounds without counting as a participant. No assignment of these people to these tables lets more than `bound`
    distinct pairs meet; `simple_bound` is min(C(n, 2), Σ C(size, 2)), which knows no rules. `smallest` says that no
    tables within the rules miss the shares by fewer people in a round.
    """

    rounds: tuple[tuple[tuple[str, ...], ...], ...]
    facilitators: tuple[tuple[str, ...], ...]
    limits: tuple[Limit, ...]
    values: Mapping[str, Mapping[str, str]]
    bound: int
    simple_bound: int
    smallest: bool

    @cached_property
    def meetings(self) -> Counter[tuple[str, str]]:
        """How often each pair of participants shares a table; pairs that never do are left out."""
        return Counter(
            pair for round_ in self.rounds for table in round_ for pair in combinations(sorted(table), 2)
        )

    @property
    def pairs(self) -> int:
        """How many distinct pairs of participants meet."""
        return len(self.meetings)

    @property
    def repeats(self) -> dict[tuple[str, str], int]:
        """The pairs that meet more than once, and how often."""
        return {pair: times for pair, times in sorted(self.meetings.items()) if times > 1}

    @cached_property
    def people(self) -> tuple[str, ...]:
        """The participants, sorted."""
        return tuple(sorted({one for round_ in self.rounds for table in round_ for one in table}))

    @cached_property
    def places(self) -> dict[str, tuple[int, ...]]:
        """Each participant's table number in each round; 0 where they sit nowhere."""
        at = [
            {one: number for number, table in enumerate(round_, start=1) for one in table}
            for round_ in self.rounds
        ]
        return {one: tuple(round_.get(one, 0) for round_ in at) for one in self.people}

    def never_met(self, person: str) -> tuple[str, ...]:
        """The participants with whom a person shares no table in any round, sorted."""
        met = {one for pair in self.meetings if person in pair for one in pair}
        return tuple(one for one in self.people if one != person and one not in met)

    def composition(self, round_: int, table: int) -> dict[tuple[str, str], int]:
        """How many people at a table (both by number) have each balanced (category, value)."""
        there = self.rounds[round_ - 1][table - 1]
        return {
            (limit.category, limit.value): sum(
                self.values[one].get(limit.category, "") == limit.value for one in there
            )
            for limit in self.limits
            if limit.table == table
        }

    @property
    def relaxed(self) -> list[Problem]:
        """Where shares could not be kept, in words."""
        sentence = (
            "Table %(table)d, “%(category)s”: from %(low)d to %(high)d people with “%(value)s”, instead of %(floor)d to "
            "%(ceiling)d."
        )
        return [Problem(sentence, vars(limit)) for limit in self.limits if limit.widened]


def limits_of(room: Room, shares: Room) -> tuple[Limit, ...]:
    """The bounds of a room beside those that its shares alone would give."""
    return tuple(
        Limit(
            table=table + 1,
            category=category,
            value=value,
            low=int(room.low[table, feature]),
            high=int(room.high[table, feature]),
            floor=int(shares.low[table, feature]),
            ceiling=int(shares.high[table, feature]),
        )
        for table in range(len(room.sizes))
        for feature, (category, value) in enumerate(room.features)
    )


def most_pairs(room: Room, rounds: int) -> tuple[int, int]:
    """Two bounds on how many distinct pairs can meet: min(C(n, 2), Σ C(size, 2)), and one that is never larger.

    The sharper one leaves out pairs that the rules keep apart, and subtracts what any two rounds have in common: pairs
    that always sit together and, as n people spread over T × T pairs of tables, at least as many pairs as when they
    spread evenly. By the inequality of Hunter (1976) that may be subtracted once for each round after the first.
    """
    people = len(room.people)
    a_round = sum(comb(int(size), 2) for size in room.sizes)
    every = comb(people, 2)
    cells = len(room.sizes) ** 2
    full, more = divmod(people, cells)
    evenly = more * comb(full + 1, 2) + (cells - more) * comb(full, 2)
    always, never = _always_and_never(room)
    meetings = rounds * a_round
    return min(every, meetings), min(every - never, meetings - (rounds - 1) * max(always, evenly))


def _always_and_never(room: Room) -> tuple[int, int]:
    """How many pairs of people meet in every round, and how many in none, whatever the tables."""
    weights = room.weights
    product = np.triu(np.outer(weights, weights), 1)
    admitted = (~room.barred).astype(np.int64)
    shared = admitted @ admitted.T
    fixed = admitted.sum(axis=1) == 1
    always = product[np.outer(fixed, fixed) & (shared == 1)].sum()
    never = product[room.conflicts | (shared == 0)].sum()
    inside = sum(comb(int(weight), 2) for weight in weights)
    return int(always) + inside, int(never)
