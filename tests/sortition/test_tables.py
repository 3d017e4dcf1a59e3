"""Tables over rounds: who sits where, what every table keeps, who meets whom."""

from collections import Counter
from itertools import combinations
from math import comb
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sortition import ContradictionError, Respondent, SortitionError, Tables, tables
from sortition.tables import assignment

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def _little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests look at what is kept, not at how near the bound a long search comes."""
    monkeypatch.setattr(assignment, "WORK", 2_000_000)


def crowd(number: int, **categories: int) -> list[Respondent]:
    """People p0, p1, …; category name → how many values it has, spread unevenly."""
    return [
        Respondent(
            f"p{one}", {name: str((one * one + one) % count) for name, count in categories.items()}, {}
        )
        for one in range(number)
    ]


def assert_sound(found: Tables, people: list[Respondent], sizes: set[int]) -> None:
    """Everyone at one table a round, sizes, bounds and figures recounted by hand."""
    met = Counter()  # type: Counter[tuple[str, str]]
    for number, round_ in enumerate(found.rounds, start=1):
        assert sorted(one for table in round_ for one in table) == sorted(person.id for person in people)
        assert {len(table) for table in round_} == sizes
        for limit in found.limits:
            there = found.composition(number, limit.table)[limit.category, limit.value]
            assert limit.low <= there <= limit.high
        met.update(pair for table in round_ for pair in combinations(sorted(table), 2))
    assert found.pairs == len(met) <= found.bound <= found.simple_bound
    assert found.repeats == {pair: times for pair, times in met.items() if times > 1}


@st.composite
def sessions(draw: st.DrawFn) -> dict[str, Any]:
    number = draw(st.integers(4, 24))
    values = st.fixed_dictionaries({"gender": st.sampled_from("wm"), "age": st.sampled_from("123")})
    people = [Respondent(f"p{one}", draw(values), {}) for one in range(number)]
    return {
        "people": people,
        "tables": draw(st.integers(1, number // 2)),
        "rounds": draw(st.integers(1, 3)),
        "balance": draw(st.sampled_from([[], ["gender"], ["gender", "age"]])),
    }


@QUICK
@given(sessions())
def test_everyone_has_one_table_a_round_and_every_table_keeps_its_bounds(asked: dict[str, Any]) -> None:
    people, tables_ = asked["people"], asked["tables"]
    found = tables(people, tables=tables_, rounds=asked["rounds"], balance=asked["balance"])
    assert_sound(found, people, {len(people) // tables_, -(-len(people) // tables_)})


@QUICK
@given(sessions(), st.data())
def test_rules_on_who_sits_with_whom_are_kept_in_every_round_or_refused(
    asked: dict[str, Any], data: st.DataObject
) -> None:
    ids = st.sampled_from([person.id for person in asked["people"]])
    apart = data.draw(st.lists(st.sets(ids, min_size=2, max_size=3), max_size=2))
    together = data.draw(st.lists(st.sets(ids, min_size=2, max_size=2), max_size=2))
    seats = data.draw(st.dictionaries(ids, st.integers(1, asked["tables"]), max_size=2))
    try:
        found = tables(**asked, apart=apart, together=together, seats=seats)
    except ContradictionError:
        return
    for group in apart:
        for one, other in combinations(group, 2):
            assert all(a != b for a, b in zip(found.places[one], found.places[other], strict=True))
    for group in together:
        assert len({found.places[one] for one in group}) == 1
    for one, table in seats.items():
        assert set(found.places[one]) == {table}
    assert found.pairs <= found.bound


@pytest.mark.parametrize(
    ("people", "tables_", "rounds", "pairs"), [(4, 2, 3, 6), (9, 3, 4, 36), (16, 4, 5, 120), (12, 4, 3, 36)]
)
def test_a_perfect_schedule_is_found_where_one_exists(
    people: int, tables_: int, rounds: int, pairs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assignment, "WORK", 100_000_000)
    found = tables(crowd(people), tables=tables_, rounds=rounds)
    assert found.pairs == found.bound == pairs


def test_the_bound_counts_the_pairs_that_two_rounds_must_have_in_common() -> None:
    # 24 people spread over 4 × 4 pairs of tables: at least 8 pairs sit together in both of two rounds.
    found = tables(crowd(24), tables=4, rounds=2)
    assert found.simple_bound == 4 * comb(6, 2) * 2
    assert found.bound == found.simple_bound - 8
    assert found.pairs == found.bound


def test_pairs_that_the_rules_settle_enter_the_bound() -> None:
    found = tables(crowd(4), tables=2, rounds=5, apart=[("p0", "p1")])
    assert (found.bound, found.pairs) == (5, 4)
    found = tables(crowd(6), tables=2, rounds=9, together=[("p0", "p1")], seats={"p2": 1, "p3": 2})
    assert found.bound == 14


def test_the_same_people_and_entropy_give_the_same_tables() -> None:
    asked: dict[str, Any] = {"tables": 5, "rounds": 3, "balance": ["gender"]}
    people = crowd(33, gender=2)
    assert tables(people, **asked) == tables(people, **asked)
    assert tables(people, **asked).rounds != tables(people, **asked, entropy=b"other").rounds


def test_a_facilitator_stays_at_a_table_and_is_not_a_participant() -> None:
    found = tables(
        crowd(11), tables=2, rounds=3, facilitators=["p0", "host", "p1"], apart=[("p2", "p0")],
        together=[("p3", "host")], seats={"p1": 2},
    )  # fmt: skip
    assert found.facilitators == (("p0",), ("host", "p1"))
    assert "p0" not in found.people
    assert set(found.places["p2"]) == {2}
    assert set(found.places["p3"]) == {2}


def test_who_a_person_never_met_is_listed() -> None:
    found = tables(crowd(6), tables=2, rounds=1)
    other = found.rounds[0][1]
    assert found.never_met(found.rounds[0][0][0]) == tuple(sorted(other))


def test_bounds_that_cannot_all_be_kept_are_widened_least_and_told() -> None:
    # Six people whose three features pair off: each table of two should have exactly one person with each.
    rows = ["110", "101", "011", "000"]
    people = [Respondent(row, dict(zip("abc", row, strict=True)), {}) for row in rows]
    found = tables(people, tables=2, rounds=1, balance=["a", "b", "c"])
    assert found.smallest
    assert_sound(found, people, {2})
    # One of the three features is lost at both tables, in both of its values.
    assert sum(max(limit.floor - limit.low, limit.high - limit.ceiling) for limit in found.limits) == 4
    assert "instead of 1 to 1" in str(found.relaxed[0])


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (
            {"together": [("p0", "p1")], "apart": [("p1", "p0"), ("p3", "p4")]},
            ["p0, p1 sit at one table.", "p0, p1 never share a table."],
        ),
        ({"apart": [("p0", "p1", "p2")]}, ["p0, p1, p2 never share a table."]),
        ({"together": [("p0", "p1", "p2"), ("p2", "p3")]}, ["p0, p1, p2 sit at one table.", "p2, p3 sit at one table."]),
        ({"seats": {"p0": 1, "p1": 1}, "apart": [("p0", "p1")]}, [
            "p0, p1 never share a table.", "p0 sits at table 1.", "p1 sits at table 1.",
        ]),
        ({"facilitators": ["host"], "apart": [("host", "p0")], "seats": {"p0": 1}}, [
            "p0, host never share a table.", "p0 sits at table 1.", "host stays at table 1 as facilitator.",
        ]),
    ],
)  # fmt: skip
def test_rules_that_contradict_each_other_are_named_and_no_others(
    rules: dict[str, Any], told: list[str]
) -> None:
    with pytest.raises(ContradictionError, match="at 2 tables of 3 people") as caught:
        tables(crowd(6), tables=2, rounds=2, **rules)
    said = {str(problem).replace("host, p0", "p0, host") for problem in caught.value.problems}
    assert said == set(told)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"tables": 0}, "at least one table"),
        ({"rounds": 0}, "at least one round"),
        ({"tables": 4}, "leave somebody alone. Ask for at most 3 tables"),
        ({"apart": [("p0", "nobody")]}, "“nobody”, who is not among"),
        ({"seats": {"p0": 3}}, "numbered from 1 to 2"),
        ({"balance": ["shoe size"]}, "Nobody has a value for “shoe size”"),
    ],
)
def test_numbers_and_names_that_make_no_sense_are_refused(asked: dict[str, Any], told: str) -> None:
    with pytest.raises(SortitionError) as caught:
        tables(crowd(6), **({"tables": 2, "rounds": 2} | asked))
    assert not isinstance(caught.value, ContradictionError)
    assert told in " ".join(map(str, [caught.value, *caught.value.problems]))


def test_two_people_with_one_id_are_refused() -> None:
    with pytest.raises(SortitionError) as caught:
        tables([*crowd(6), *crowd(1)], tables=2, rounds=1)
    assert "Two people have the id “p0”" in str(caught.value.problems[0])
