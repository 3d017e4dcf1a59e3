"""Rounds in which as many distinct pairs as possible meet: tabu search over exchanges of two places.

After Dotú and Van Hentenryck (2007, social golfers): one round after the other is bettered while the others stand
still, always by the exchange that costs least among those not made a moment ago. All costs are whole numbers held in
floats, so that every machine finds the same rounds.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sortition.model import Counts
from sortition.randomness import Stream
from sortition.tables.room import Flags, Room
from sortition.tables.start import kinds

Costs = NDArray[np.float32]
Narrow = NDArray[np.int16]

# What it costs that two people meet again, more for each time further, and that two meet who never may.
PAIR, AGAIN, CLASH = 64, 4, float(1 << 18)
# How many of the cheapest exchanges, and of the units that meet again, are looked at first.
FEW = 128
ROWS = 32
# What one step costs whatever the size, in compared exchanges.
OVERHEAD = 5000
INFINITE = np.float32(np.inf)


class Search:
    """The rounds being bettered: `seating[r, u]` is the table of unit u in round r.

    `work` counts what was compared, so that a search ends at the same exchange on every machine.
    """

    def __init__(self, room: Room, first: Counts, rounds: int, stream: Stream) -> None:
        self.room, self.stream = room, stream
        self.weights = room.weights
        self.product = np.outer(self.weights, self.weights)
        self.same_size = np.asarray(self.weights[:, None] == self.weights)
        self.work = 0
        self.narrow = tuple(part.astype(np.int16) for part in (room.values, room.low, room.high))
        self.uniform = bool(self.same_size.all())
        self.conflicts = room.conflicts
        self.any_barred = bool(room.barred.any())
        self.seating = np.array([_shuffled(room, first, stream) for _ in range(rounds)])
        self.resume(self.seating)

    def resume(self, seating: Counts) -> None:
        """Go on from these rounds."""
        self.seating = seating.copy()
        self.meetings = sum((_sharing(round_) for round_ in seating), np.zeros_like(self.product))

    @property
    def pairs(self) -> int:
        """How many distinct pairs of people meet."""
        met = np.triu(self.meetings > 0, 1)
        inside = sum(len(unit) * (len(unit) - 1) // 2 for unit in self.room.units)
        return int(self.product[met].sum()) + inside

    def better(self, round_: int, steps: int) -> None:
        """Better one round by at most `steps` exchanges without progress, the others standing still."""
        tables = self.seating[round_]
        others = self.meetings - _sharing(tables)
        self.seating[round_] = _Round(self, tables.copy(), others).search(steps)
        self.meetings = others + _sharing(self.seating[round_])

    def shake(self, round_: int) -> None:
        """Begin a round anew, from another round that keeps the rules."""
        old = self.seating[round_].copy()
        self.seating[round_] = _shuffled(self.room, old, self.stream)
        self.meetings += _sharing(self.seating[round_]) - _sharing(old)


class _Round:
    """One round while it is bettered. `costs[u, w]` is what it costs that u and w meet in it."""

    def __init__(self, search: Search, tables: Counts, others: Counts) -> None:
        self.room, self.search_ = search.room, search
        self.tables = tables
        again = PAIR * (others > 0) + AGAIN * np.maximum(others - 1, 0)
        self.costs: Costs = (search.product * again + CLASH * search.conflicts).astype(np.float32)
        np.fill_diagonal(self.costs, 0)
        at = np.eye(len(self.room.sizes), dtype=np.float32)[tables]
        # What it costs each unit to sit with those at each table.
        self.sums: Costs = self.costs @ at
        self.values, self.low, self.high = search.narrow
        self.counts: Narrow = self.room.counts(tables).astype(np.int16)
        self.until = np.zeros(self.sums.shape, dtype=np.int64)
        tenures = np.frombuffer(search.stream.take(256), dtype=np.uint8)
        self.tenures = 3 + tenures.astype(np.int64) % (4 + len(tables) // 8)
        noise = np.frombuffer(search.stream.take(len(tables)), dtype=np.uint8) % 4
        self.noise: Costs = noise.astype(np.float32)[:, None] + noise.astype(np.float32)

    def search(self, steps: int) -> Counts:
        """The best tables met; among equals the last, so that the search drifts."""
        every = np.arange(len(self.tables))
        best, change, least, waited, step = self.tables.copy(), 0.0, 0.0, 0, 0
        while waited < steps:
            own = self.sums[every, self.tables]
            found = self._exchange(own, step, least - change)
            if found is None:
                break
            one, other, cost = found
            self._make(one, other, step)
            change += cost
            step, waited = step + 1, waited + 1
            if change <= least:
                waited = 0 if change < least else waited
                best, least = self.tables.copy(), change
        return best

    def _exchange(self, own: Costs, step: int, wanted: float) -> tuple[int, int, float] | None:
        rows = np.flatnonzero(own >= PAIR)
        if not len(rows):
            return None
        if len(rows) > ROWS:
            rows = rows[(step * ROWS + np.arange(ROWS)) % len(rows)]
        tables = self.tables
        self.search_.work += OVERHEAD + len(rows) * len(tables)
        cost = self.sums[rows][:, tables] + self.sums[:, tables[rows]].T
        cost -= own[rows, None] + own
        cost -= 2 * self.costs[rows]
        cost[self._forbidden(rows)] = INFINITE
        blocked = self.until > step
        blocked_pairs = blocked[rows][:, tables] | blocked[:, tables[rows]].T
        ranked = cost + self.noise[rows]
        ranked[blocked_pairs & (cost >= wanted)] = INFINITE
        return self._cheapest(rows, ranked, cost)

    def _forbidden(self, rows: Counts) -> Flags:
        tables = self.tables
        forbidden = np.equal(tables[rows][:, None], tables)
        if not self.search_.uniform:
            forbidden |= ~self.search_.same_size[rows]
        if self.search_.any_barred:
            forbidden |= self.room.barred[rows][:, tables] | self.room.barred[:, tables[rows]].T
        return forbidden

    def _cheapest(self, rows: Counts, ranked: Costs, cost: Costs) -> tuple[int, int, float] | None:
        """The exchange that costs least of those that keep the bounds, looked for among the few cheapest first."""
        flat = ranked.ravel()
        for few in (FEW, len(flat)):
            bar = CLASH / 2
            if few < len(flat):
                bar = min(float(np.partition(flat, few)[few]), bar)
            likely = np.flatnonzero(flat <= bar)
            ones, others = rows[likely // ranked.shape[1]], likely % ranked.shape[1]
            fits = likely[self._fit(ones, others)]
            if len(fits):
                at = int(fits[np.argmin(flat[fits])])
                return int(rows[at // ranked.shape[1]]), at % ranked.shape[1], float(cost.ravel()[at])
        return None

    def _fit(self, ones: Counts, others: Counts) -> Flags:
        """Which of these exchanges keep the bounds of both tables."""
        here, there = self.tables[ones], self.tables[others]
        self.search_.work += len(ones) * self.values.shape[1]
        change = self.values[others] - self.values[ones]
        first, second = self.counts[here] + change, self.counts[there] - change
        within = (first >= self.low[here]) & (first <= self.high[here])
        within &= (second >= self.low[there]) & (second <= self.high[there])
        fits: Flags = np.logical_and.reduce(within, axis=1)
        return fits

    def _make(self, one: int, other: int, step: int) -> None:
        here, there = self.tables[one], self.tables[other]
        moved = self.costs[:, other] - self.costs[:, one]
        self.sums[:, here] += moved
        self.sums[:, there] -= moved
        change = self.values[other] - self.values[one]
        self.counts[here] += change
        self.counts[there] -= change
        tenure = self.tenures[step % len(self.tenures)]
        self.until[one, here] = self.until[other, there] = step + 1 + tenure
        self.tables[one], self.tables[other] = there, here


def _sharing(tables: Counts) -> Counts:
    """1 where two units share a table, shape (units, units)."""
    return np.asarray(tables[:, None] == tables, dtype=np.int64)


def _shuffled(room: Room, tables: Counts, stream: Stream) -> Counts:
    """Another round of the same kind: units alike exchanged at random, then tables alike."""
    mixed = tables.copy()
    for units in kinds(room):
        mixed[units] = stream.shuffled([int(table) for table in tables[units]])
    renamed = np.arange(len(room.sizes))
    for group in _alike(room):
        renamed[group] = stream.shuffled(group)
    return renamed[mixed]


def _alike(room: Room) -> Sequence[list[int]]:
    found: dict[tuple[object, ...], list[int]] = {}
    for table, size in enumerate(room.sizes):
        bounds = (room.low[table].tobytes(), room.high[table].tobytes(), room.barred[:, table].tobytes())
        found.setdefault((int(size), *bounds), []).append(table)
    return list(found.values())
