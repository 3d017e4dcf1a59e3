"""Making tables: read the rules, find a first round, better all rounds together."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import cycle

from sortition.model import Counts, Respondent
from sortition.problems import Problem, SortitionError
from sortition.randomness import Stream
from sortition.tables.plan import Tables, limits_of, most_pairs
from sortition.tables.room import Room, Rules, build_room, check_numbers, unknown_people
from sortition.tables.search import Search
from sortition.tables.start import first_round

WORK = 150_000_000
# Exchanges without progress at which a round is left, and turns of all rounds at which one begins anew.
EXCHANGES, PATIENCE = 40, 2


class ContradictionError(SortitionError):
    """The rules cannot all be kept; `problems` names those that contradict each other, none of which is needless."""


def tables(
    people: Sequence[Respondent],
    *,
    tables: int,
    rounds: int,
    balance: Sequence[str] = (),
    apart: Iterable[Collection[str]] = (),
    together: Iterable[Collection[str]] = (),
    seats: Mapping[str, int] | None = None,
    facilitators: Sequence[str] = (),
    entropy: bytes = b"",
    work: int | None = None,
) -> Tables:
    """Seat people at `tables` tables over `rounds` rounds, so that as many distinct pairs as possible meet.

    Table sizes differ by at most one. Every table of every round keeps, for every value of the categories `balance`,
    between ⌊share⌋ and ⌈share⌉ people (share = people with the value × table size / people). Where that is impossible
    the bounds are widened by the fewest people, and the result says where. People (ids) of one group of `apart` never
    share a table, those of one group of `together` always do; `seats` fixes the table (from 1) of some people. The k-th
    of the `facilitators` stays at table k, beginning again after the last, or at the one `seats` says; they are not
    counted as participants.

    The same people, rules, `entropy` and `work` give the same tables: work (exchanges compared, WORK by default) is
    counted, not timed. Raises SortitionError for numbers or names that make no sense, ContradictionError where the
    rules contradict each other.
    """
    seated = [person for person in people if person.id not in set(facilitators)]
    rules = Rules(
        apart=tuple(frozenset(group) for group in apart),
        together=tuple(frozenset(group) for group in together),
        seats=tuple((one, table - 1) for one, table in (seats or {}).items()),
    )
    _check(seated, tables, rounds, balance, rules, facilitators)
    hosts = dict(zip(facilitators, cycle(range(tables)))) | {
        one: table for one, table in rules.seats if one in set(facilitators)
    }
    shares = build_room(seated, tables, balance, rules, hosts)
    start = first_round(shares)
    if start is None:
        raise _contradiction(seated, tables, rules, hosts)
    room = shares.widened(start.seating)
    simple, bound = most_pairs(room, rounds)
    seating = _search(room, start.seating, rounds, bound, Stream(entropy, "tables"), work or WORK)
    return Tables(
        rounds=tuple(seated_ids(room, round_) for round_ in seating),
        facilitators=tuple(
            tuple(one for one, table in hosts.items() if table == number) for number in range(tables)
        ),
        limits=limits_of(room, shares),
        values={person.id: {name: person.values.get(name, "") for name in balance} for person in seated},
        bound=bound,
        simple_bound=simple,
        smallest=start.proven,
    )


def _check(
    people: Sequence[Respondent],
    tables: int,
    rounds: int,
    balance: Sequence[str],
    rules: Rules,
    facilitators: Sequence[str],
) -> None:
    check_numbers(len(people), tables, rounds)
    problems = unknown_people(rules, {person.id for person in people}, facilitators)
    problems += [
        Problem("“%(id)s” is to sit at table %(table)d, but the tables are numbered from 1 to %(tables)d.",
                {"id": one, "table": table + 1, "tables": tables})
        for one, table in rules.seats
        if not 0 <= table < tables
    ]  # fmt: skip
    problems += [
        Problem("Nobody has a value for “%(category)s”, so it cannot be balanced.", {"category": category})
        for category in balance
        if not any(person.values.get(category) for person in people)
    ]
    problems += [
        Problem("Two people have the id “%(id)s”. Each person needs an id of their own.", {"id": one})
        for one, times in Counter(person.id for person in people).items()
        if times > 1
    ]
    if problems:
        raise SortitionError(
            "The rules of these tables cannot be used as they are:", problems=tuple(problems)
        )


def _search(room: Room, first: Counts, rounds: int, bound: int, stream: Stream, work: int) -> Counts:
    """The best rounds met within the work allowed. A search that no longer advances begins one round anew."""
    search = Search(room, first, rounds, stream)
    best, most, since, idle = search.seating.copy(), search.pairs, search.pairs, 0
    while most < bound and search.work < work:
        for round_ in range(rounds):
            search.better(round_, EXCHANGES)
        found = search.pairs
        idle = 0 if found > since else idle + 1
        since = max(found, since)
        if found > most:
            best, most = search.seating.copy(), found
        if idle == PATIENCE:
            search.resume(best)
            search.shake(stream.below(rounds))
            since, idle = 0, 0
    return best


def seated_ids(room: Room, seating: Counts) -> tuple[tuple[str, ...], ...]:
    """A round as the ids at each table, in the order of the people."""
    return tuple(
        tuple(
            room.people[one]
            for one in sorted(
                person
                for unit, people in enumerate(room.units)
                for person in people
                if seating[unit] == table
            )
        )
        for table in range(len(room.sizes))
    )


def _contradiction(
    people: Sequence[Respondent], tables: int, rules: Rules, hosts: Mapping[str, int]
) -> ContradictionError:
    """An irreducible set of rules that no round keeps (deletion filter, Chinneck and Dravnieks 1991)."""
    kept = _each(rules)
    for one in list(kept):
        fewer = [other for other in kept if other is not one]
        if first_round(build_room(people, tables, (), _joined(fewer), hosts)) is None:
            kept = fewer
    sizes = sorted({len(people) // tables, -(-len(people) // tables)})
    return ContradictionError(
        "These rules cannot be kept together at %(tables)d tables of %(sizes)s people. Drop or change one of them:",
        {"tables": tables, "sizes": "–".join(map(str, sizes))},
        problems=tuple(problem for one in kept for problem in _said(one, hosts)),
    )


def _each(rules: Rules) -> list[Rules]:
    """Every rule alone."""
    return [
        *(Rules(together=(group,)) for group in rules.together),
        *(Rules(apart=(group,)) for group in rules.apart),
        *(Rules(seats=(seat,)) for seat in rules.seats),
    ]


def _joined(rules: Sequence[Rules]) -> Rules:
    whole = Rules()
    for one in rules:
        whole = replace(
            whole,
            apart=whole.apart + one.apart,
            together=whole.together + one.together,
            seats=whole.seats + one.seats,
        )
    return whole


def _said(rule: Rules, hosts: Mapping[str, int]) -> list[Problem]:
    said = [
        Problem("%(people)s sit at one table.", {"people": ", ".join(sorted(group))})
        for group in rule.together
    ]
    said += [
        Problem("%(people)s never share a table.", {"people": ", ".join(sorted(group))})
        for group in rule.apart
    ]
    said += [
        Problem("%(people)s sits at table %(table)d.", {"people": one, "table": table + 1})
        for one, table in rule.seats
    ]
    said += [
        Problem(
            "%(people)s stays at table %(table)d as facilitator.", {"people": one, "table": hosts[one] + 1}
        )
        for group in (*rule.together, *rule.apart)
        for one in sorted(group & set(hosts))
    ]
    return said
