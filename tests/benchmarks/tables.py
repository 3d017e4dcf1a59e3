"""Tables over rounds: distinct pairs that meet, against the bound, a random assignment and greedy restarts.

All three keep the same bounds, checked here again; all run in one process, one after the other.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from sortition import Respondent, Tables, tables
from sortition.randomness import Stream
from sortition.tables.room import Room, Rules, build_room
from sortition.tables.search import Search
from sortition.tables.start import first_round

RESTARTS = 100
# People, tables, rounds, how many values each balanced category has.
SESSIONS = [
    (9, 3, 4, ()), (16, 4, 5, ()), (25, 5, 6, ()), (24, 4, 3, (2, 3)), (24, 4, 4, (2, 3)), (24, 4, 5, (2, 3)),
    (36, 6, 3, (2, 4, 3)), (110, 15, 5, (2, 4, 3, 4)), (150, 20, 6, (2, 4, 3)), (200, 25, 5, (2, 4, 3, 4)),
    (60, 10, 3, (2, 3, 4, 4, 5, 3)), (200, 25, 5, (2, 4, 3, 4, 5, 4, 3)),
]  # fmt: skip

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Session:
    """Distinct pairs that meet at our tables, at random ones and at the best of the greedy ones; at most `bound`.

    `simple_bound` is min(C(n, 2), Σ C(size, 2)), `widened` counts the shares that no tables could keep.
    """

    people: int
    tables: int
    rounds: int
    categories: int
    pairs: int
    chance: int
    greedy: int
    bound: int
    simple_bound: int
    widened: int
    processor_seconds: float

    def __str__(self) -> str:
        share, chance, greedy = (pairs / self.bound for pairs in (self.pairs, self.chance, self.greedy))
        return (
            f"{self.people:>3} people, {self.tables:>2} tables, {self.rounds} rounds, {self.categories} categories: "
            f"{self.pairs:>5} of {self.bound:>5} ({share:6.1%}, gap {1 - share:5.1%}; min(C(n, 2), Σ C(size, 2)) "
            f"{self.simple_bound}) in {self.processor_seconds:5.2f} s; random {chance:6.1%}, "
            f"best of {RESTARTS} greedy {greedy:6.1%}; bounds widened {self.widened}"
        )


def measure() -> Iterator[Session]:
    """Every session in turn."""
    for number, count, rounds, values in SESSIONS:
        people = crowd(number, values)
        balance = [f"c{column}" for column in range(len(values))]
        begun = time.process_time()
        found = tables(people, tables=count, rounds=rounds, balance=balance)
        seconds = time.process_time() - begun
        check(found, people)
        room, start = _room(people, count, balance)
        yield Session(
            people=number,
            tables=count,
            rounds=rounds,
            categories=len(values),
            pairs=found.pairs,
            chance=_random(room, start, rounds),
            greedy=max(
                _greedy(room, start, rounds, Stream(bytes([one]), "greedy")) for one in range(RESTARTS)
            ),
            bound=found.bound,
            simple_bound=found.simple_bound,
            widened=len(found.relaxed),
            processor_seconds=seconds,
        )


def crowd(number: int, values: tuple[int, ...]) -> list[Respondent]:
    """People whose answers follow from SHA-256, the first ones of a category more frequent."""
    chance = Stream(b"tables", f"people {number}")
    return [
        Respondent(
            f"p{one:03}",
            {
                f"c{column}": str(min(chance.below(count + 1), count - 1))
                for column, count in enumerate(values)
            },
        )
        for one in range(number)
    ]


def check(found: Tables, people: list[Respondent]) -> None:
    """Recount everything that is claimed. Raises AssertionError."""
    everyone = sorted(person.id for person in people)
    met = set()
    for number, round_ in enumerate(found.rounds, start=1):
        assert sorted(one for table in round_ for one in table) == everyone
        assert max(map(len, round_)) - min(map(len, round_)) <= 1
        met |= {pair for table in round_ for pair in combinations(sorted(table), 2)}
        for limit in found.limits:
            assert (
                limit.low <= found.composition(number, limit.table)[limit.category, limit.value] <= limit.high
            )
    assert len(met) == found.pairs <= found.bound <= found.simple_bound


def _room(people: list[Respondent], count: int, balance: list[str]) -> tuple[Room, Places]:
    shares = build_room(people, count, balance, Rules(), {})
    start = first_round(shares)
    assert start is not None
    return shares.widened(start.seating), start.seating


def _random(room: Room, start: Places, rounds: int) -> int:
    """Rounds that keep the bounds and are otherwise left to chance."""
    return Search(room, start, rounds, Stream(b"random", "tables")).pairs


def _greedy(room: Room, start: Places, rounds: int, chance: Stream) -> int:
    """Round after round: from a random round that keeps the bounds, people one by one (in a random order) take the
    exchange within the bounds that saves most pairs met before."""
    people = len(start)
    met = np.zeros((people, people), dtype=np.int64)
    for at in Search(room, start, rounds, chance).seating:
        for one in chance.shuffled(range(people)):
            _exchange(room, at, met, one)
        met |= np.asarray(at[:, None] == at, dtype=np.int64)
    return int(np.triu(met > 0, 1).sum())


def _exchange(room: Room, at: Places, met: Places, one: int) -> None:
    here = at == at[one]
    again = met @ np.eye(len(room.sizes), dtype=np.int64)[at]
    saved = (
        again[one, at[one]]
        + again[np.arange(len(at)), at]
        - again[one, at]
        - again[:, at[one]]
        + 2 * met[one]
    )
    counts = room.counts(at)
    change = room.values - room.values[one]
    home, away = counts[at[one]] + change, counts[at] - change
    fits = ((home >= room.low[at[one]]) & (home <= room.high[at[one]])).all(axis=1)
    fits &= ((away >= room.low[at]) & (away <= room.high[at])).all(axis=1) & ~here
    saved = np.where(fits, saved, -1)
    other = int(np.argmax(saved))
    if saved[other] > 0:
        at[one], at[other] = at[other], at[one]


if __name__ == "__main__":
    for session in measure():
        print(session, flush=True)
