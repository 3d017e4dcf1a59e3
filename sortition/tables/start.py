"""One round that keeps every rule: found by exchanging places, else by an integer program.

Where the bounds cannot all be kept, the program finds the round that misses them by the fewest people.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pulp import HiGHS, LpInteger, LpProblem, LpStatusInfeasible, LpVariable, lpSum
from pulp.constants import LpSolutionIntegerFeasible, LpSolutionOptimal

from sortition.model import Counts
from sortition.problems import SortitionError
from sortition.tables.room import Room

# Exchanges before the program is asked, steps before a place may be taken again, nodes at which the program stops.
EXCHANGES, TENURE, NODES = 600, 8, 2000
# What a broken rule weighs, in people out of bounds.
FORBIDDEN = 1000


@dataclass(frozen=True)
class Start:
    """A round as the table of each unit; `proven` says that no round misses the bounds by fewer people."""

    seating: Counts
    proven: bool


def first_round(room: Room) -> Start | None:
    """A round that keeps the rules, and the bounds as nearly as can be; None when the rules contradict each other."""
    if any(len(set(group)) < len(group) for group in room.apart):
        return None
    seating = _deal(room)
    if seating is not None:
        seating = _exchange(room, seating)
        if _wrong(room, seating) == 0:
            return Start(seating, True)
    return solve(room, kinds(room))


def kinds(room: Room) -> list[list[int]]:
    """Units that may stand in for each other: as many people, the same values, and no rule of their own."""
    ruled = {unit for group in room.apart for unit in group}
    found: dict[tuple[object, ...], list[int]] = {}
    for unit, people in enumerate(room.units):
        own = unit if unit in ruled else -1
        key = (own, len(people), room.values[unit].tobytes(), room.barred[unit].tobytes())
        found.setdefault(key, []).append(unit)
    return list(found.values())


def _deal(room: Room) -> Counts | None:
    """Units one by one, the most bound first, to the table that lacks most of what they bring."""
    seating = np.full(len(room.units), -1, dtype=np.int64)
    free = room.sizes.copy()
    counts = np.zeros(room.low.shape, dtype=np.int64)
    conflicts = room.conflicts
    weights = room.weights
    bound = conflicts.sum(axis=1)
    order = sorted(
        range(len(weights)),
        key=lambda unit: (
            -room.barred[unit].sum(),
            -weights[unit],
            -bound[unit],
            room.values[unit].tobytes(),
        ),
    )
    for unit in order:
        taken = np.isin(np.arange(len(free)), seating[conflicts[unit] & (seating >= 0)])
        open_ = (free >= weights[unit]) & ~room.barred[unit]
        if not open_.any():
            return None
        over = np.maximum(counts + room.values[unit] - room.high, 0).sum(axis=1)
        cost = over * 100 - free + FORBIDDEN * taken + np.where(open_, 0, 10 * FORBIDDEN)
        table = int(np.argmin(cost))
        seating[unit] = table
        free[table] -= weights[unit]
        counts[table] += room.values[unit]
    return seating


def _exchange(room: Room, seating: Counts) -> Counts:
    """Exchange two units of the same size, always the pair that mends most, never back at once (tabu search)."""
    best, least = seating.copy(), _wrong(room, seating)
    weights, conflicts = room.weights, room.conflicts
    until = np.zeros((len(weights), len(room.sizes)), dtype=np.int64)
    for step in range(EXCHANGES):
        if least == 0:
            break
        after = _after_exchanges(room, seating, weights, conflicts)
        blocked = until[:, seating] > step
        after[(blocked | blocked.T) & (after >= least)] = np.inf
        one, other = np.unravel_index(int(np.argmin(after)), after.shape)
        if not np.isfinite(after[one, other]):
            break
        until[one, seating[one]] = until[other, seating[other]] = step + TENURE + step % 5
        seating[one], seating[other] = seating[other], seating[one]
        if after[one, other] < least:
            best, least = seating.copy(), int(after[one, other])
    return best


def _after_exchanges(
    room: Room, seating: Counts, weights: Counts, conflicts: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """What would be wrong after every exchange that can mend something; infinite for the others."""
    counts = room.counts(seating)
    missed = np.maximum(counts - room.high, 0) + np.maximum(room.low - counts, 0)
    at = np.eye(len(room.sizes), dtype=np.int64)[seating]
    clashes = conflicts @ at
    own = clashes[np.arange(len(seating)), seating]
    troubled = np.flatnonzero((missed.sum(axis=1)[seating] > 0) | (own > 0))
    total = int(missed.sum()) + FORBIDDEN * int(own.sum()) // 2
    after = np.full((len(seating), len(seating)), np.inf)
    for one in troubled:
        home, away = seating[one], seating
        change = room.values - room.values[one]
        here, there = counts[home] + change, counts[away] - change
        wrong = np.maximum(here - room.high[home], 0) + np.maximum(room.low[home] - here, 0)
        wrong += np.maximum(there - room.high[away], 0) + np.maximum(room.low[away] - there, 0)
        gone = missed[home].sum() + missed.sum(axis=1)[away]
        meeting = clashes[one, away] + clashes[:, home] - own[one] - own - 2 * conflicts[one]
        possible = (
            (weights == weights[one]) & (away != home) & ~room.barred[one, away] & ~room.barred[:, home]
        )
        after[one] = np.where(possible, total - gone + wrong.sum(axis=1) + FORBIDDEN * meeting, np.inf)
    return after


def _wrong(room: Room, seating: Counts) -> int:
    clashes = room.conflicts & (seating[:, None] == seating)
    return room.outside(seating) + FORBIDDEN * int(clashes.sum()) // 2


def solve(room: Room, groups: Sequence[Sequence[int]], costs: Counts | None = None) -> Start | None:
    """The integer program: how many units of each group (units alike) sit at each table.

    It misses the bounds by the fewest people; among such rounds the sum of `costs[group, table]` over the units is
    least. None when the rules contradict each other.
    """
    model = LpProblem("tables")
    tables = range(len(room.sizes))
    seated = [
        [
            model.add_variable(
                f"seated_{kind}_{t}", 0, 0 if room.barred[units[0], t] else len(units), LpInteger
            )
            for t in tables
        ]
        for kind, units in enumerate(groups)
    ]
    for units, row in zip(groups, seated, strict=True):
        model += lpSum(row) == len(units)
    for t in tables:
        model += lpSum(len(room.units[u[0]]) * row[t] for u, row in zip(groups, seated, strict=True)) == int(
            room.sizes[t]
        )
    kind_of = {unit: kind for kind, units in enumerate(groups) for unit in units}
    for group in room.apart:
        for t in tables:
            model += lpSum(seated[kind_of[unit]][t] for unit in group) <= 1
    missed = lpSum(_misses(model, room, groups, seated))
    if costs is None:
        model.setObjective(missed)
    else:
        moved = (int(costs[at]) * seated[at[0]][at[1]] for at in np.ndindex(costs.shape))
        model.setObjective((len(room.people) + 1) * missed + lpSum(moved))
    proven = _solved(model)
    if proven is None:
        return None
    return Start(_seats_of(groups, seated, len(room.units)), proven)


def _misses(
    model: LpProblem, room: Room, groups: Sequence[Sequence[int]], seated: Sequence[Sequence[LpVariable]]
) -> list[LpVariable]:
    missed = []
    for t, feature in np.ndindex(room.low.shape):
        counted = lpSum(
            int(room.values[units[0], feature]) * row[t]
            for units, row in zip(groups, seated, strict=True)
            if room.values[units[0], feature]
        )
        under = model.add_variable(f"under_{t}_{feature}", 0, int(room.low[t, feature]), LpInteger)
        over = model.add_variable(f"over_{t}_{feature}", 0, int(room.sizes[t]), LpInteger)
        model += counted + under >= int(room.low[t, feature])
        model += counted - over <= int(room.high[t, feature])
        missed += [under, over]
    return missed


def _solved(model: LpProblem) -> bool | None:
    """Whether the solution is proven to be the best one; None when there is none. Stops after a number of nodes."""
    status = model.solve(
        HiGHS(msg=False, threads=1, gapRel=0.0, random_seed=0, parallel="off", mip_max_nodes=NODES)
    )
    if status == LpStatusInfeasible:
        return None
    if model.sol_status not in (LpSolutionOptimal, LpSolutionIntegerFeasible):
        raise SortitionError(
            "No tables were found for these rules. Balance fewer categories, or drop some rules."
        )
    return bool(model.sol_status == LpSolutionOptimal)


def _seats_of(groups: Sequence[Sequence[int]], seated: Sequence[Sequence[LpVariable]], units: int) -> Counts:
    seating = np.zeros(units, dtype=np.int64)
    for members, row in zip(groups, seated, strict=True):
        places = np.repeat(np.arange(len(row)), [round(variable.value()) for variable in row])
        seating[list(members)] = places
    return seating
