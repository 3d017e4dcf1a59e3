"""Mending tables on the day: some people do not come or leave, others arrive; as few others as possible move."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from sortition.model import Counts, Respondent
from sortition.tables.assignment import ContradictionError, seated_ids
from sortition.tables.plan import Limit, Tables, limits_of, most_pairs
from sortition.tables.room import Room, Rules, build_room, check_numbers
from sortition.tables.start import kinds, solve


def repair(
    plan: Tables,
    people: Sequence[Respondent],
    *,
    first: int = 1,
    balance: Sequence[str] = (),
    apart: Sequence[Collection[str]] = (),
    together: Sequence[Collection[str]] = (),
    seats: Mapping[str, int] | None = None,
) -> Tables:
    """The plan for those who are there from round `first` on; its earlier rounds stay as they were.

    `people` are all who sit down in the rounds to come: whoever is missing from the plan arrives, whoever is missing
    from `people` has left. Table sizes differ by at most one, the larger being those that are fullest, and the bounds
    are kept as in `tables`. Among all such rounds, those are found in which the fewest people sit elsewhere than
    planned. Rules that name people who are not there do not count. The bound on distinct pairs adds what met in the
    earlier rounds to what can meet at best in the others. Raises SortitionError for numbers that make no sense,
    ContradictionError where the rules cannot be kept.
    """
    count = len(plan.facilitators)
    check_numbers(len(people), count, 1)
    here = {person.id for person in people}
    hosts = {one: table for table, there in enumerate(plan.facilitators) for one in there}
    rules = Rules(
        tuple(frozenset(group) & (here | set(hosts)) for group in apart),
        tuple(frozenset(group) & (here | set(hosts)) for group in together),
        tuple((one, table - 1) for one, table in (seats or {}).items() if one in here),
    )
    rounds, limits, proven = list(plan.rounds[: first - 1]), [], True
    met = len(replace(plan, rounds=tuple(rounds)).meetings)
    simple, bound = met, met
    for planned in plan.rounds[first - 1 :]:
        filled = [len(here & set(table)) for table in planned]
        shares = build_room(people, count, balance, rules, hosts, filled)
        seating, best = _mend(shares, planned)
        room = shares.widened(seating)
        rounds.append(seated_ids(room, seating))
        limits.append(limits_of(room, shares))
        proven &= best
        more = most_pairs(room, 1)
        simple, bound = simple + more[0], bound + more[1]
    everyone = len(here | set(plan.people))
    every = everyone * (everyone - 1) // 2
    values = {person.id: {name: person.values.get(name, "") for name in balance} for person in people}
    return replace(
        plan,
        rounds=tuple(rounds),
        limits=tuple(_widest(same) for same in zip(*limits, strict=True)),
        values={**plan.values, **values},
        bound=min(bound, every),
        simple_bound=min(simple, every),
        smallest=proven,
    )


def _mend(room: Room, planned: Sequence[Sequence[str]]) -> tuple[Counts, bool]:
    """One round near the planned one, and whether none is proven to be nearer."""
    table_of = {one: table for table, there in enumerate(planned) for one in there}
    wanted = [tuple(table_of.get(room.people[one], -1) for one in unit) for unit in room.units]
    groups = [
        [unit for unit in units if wanted[unit] == place]
        for units in kinds(room)
        for place in dict.fromkeys(wanted[unit] for unit in units)
    ]
    costs = np.array(
        [
            [sum(place not in (-1, table) for place in wanted[units[0]]) for table in range(len(room.sizes))]
            for units in groups
        ]
    )
    start = solve(room, groups, costs)
    if start is None:
        raise ContradictionError(
            "With the people who are there these rules cannot all be kept at the tables. Drop one of the rules."
        )
    return start.seating, start.proven


def _widest(same: Sequence[Limit]) -> Limit:
    """The bounds of one table over several rounds, in which it may have had different sizes."""
    return replace(
        same[0],
        low=min(limit.low for limit in same),
        high=max(limit.high for limit in same),
        floor=min(limit.floor for limit in same),
        ceiling=max(limit.ceiling for limit in same),
    )
