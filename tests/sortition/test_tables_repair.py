"""Mending tables on the day: who moves, and what is still kept."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortition import ContradictionError, Respondent, SortitionError, Tables, tables
from sortition.tables import assignment, repair


@pytest.fixture(autouse=True, scope="module")
def _little_work() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assignment, "WORK", 1_000_000)
        yield


def crowd(number: int) -> list[Respondent]:
    return [Respondent(f"p{one:02}", {"gender": "wm"[one % 2]}, {}) for one in range(number)]


def moved(before: Tables, after: Tables) -> set[tuple[str, int]]:
    """Who sits elsewhere than planned, and in which round."""
    return {
        (one, number)
        for number, (was, now) in enumerate(zip(before.rounds, after.rounds, strict=True), start=1)
        for old, new in zip(was, now, strict=True)
        for one in set(new) - set(old)
        if one in before.people
    }


def test_one_who_leaves_moves_nobody_where_sizes_allow() -> None:
    people = crowd(13)
    plan = tables(people, tables=3, rounds=3)
    larger = next(table for table in plan.rounds[0] if len(table) == 5)
    mended = repair(plan, [one for one in people if one.id != larger[0]], first=1)
    assert not {one for one, number in moved(plan, mended) if number == 1}
    assert larger[0] not in mended.people


def test_an_arrival_takes_a_free_seat_and_nobody_else_moves() -> None:
    plan = tables(crowd(11), tables=3, rounds=2)
    mended = repair(plan, [*crowd(11), Respondent("late", {}, {})])
    assert moved(plan, mended) == set()
    assert len(mended.places["late"]) == 2


def test_rounds_that_are_over_stay_as_they_were() -> None:
    people = crowd(12)
    plan = tables(people, tables=3, rounds=3)
    mended = repair(plan, people[2:], first=3)
    assert mended.rounds[:2] == plan.rounds[:2]
    assert mended.places["p00"] == (*plan.places["p00"][:2], 0)
    assert mended.pairs <= mended.bound


def test_the_fewest_people_move_when_a_table_would_be_short_of_two() -> None:
    people = crowd(12)
    plan = tables(people, tables=3, rounds=1)
    gone = plan.rounds[0][0][:2]
    # Two of four left at one table, four at each other one: one person comes over, and the sizes are 4, 3, 3.
    mended = repair(plan, [one for one in people if one.id not in gone])
    assert len(moved(plan, mended)) == 1


def test_rules_are_kept_in_the_mended_rounds_or_refused() -> None:
    people = crowd(8)
    plan = tables(people, tables=2, rounds=1, together=[("p00", "p01")], facilitators=["host"])
    apart = repair(plan, people, apart=[("p00", "p01"), ("host", "p02")])
    assert apart.places["p00"] != apart.places["p01"]
    assert apart.places["p02"] == (2,)
    with pytest.raises(ContradictionError, match="cannot all be kept"):
        repair(plan, people, apart=[("p00", "p01", "p02")])
    with pytest.raises(SortitionError, match="somebody alone"):
        repair(plan, people[:3])


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(0, 15), max_size=5), st.integers(0, 3))
def test_everyone_who_is_there_sits_once_and_bounds_are_kept(left: set[int], late: int) -> None:
    people = crowd(16)
    plan = tables(people, tables=4, rounds=2, balance=["gender"])
    stay = [one for number, one in enumerate(people) if number not in left]
    here = [*stay, *(Respondent(f"late{one}", {"gender": "w"}, {}) for one in range(late))]
    mended = repair(plan, here, balance=["gender"])
    for number, round_ in enumerate(mended.rounds, start=1):
        assert sorted(one for table in round_ for one in table) == sorted(one.id for one in here)
        assert max(map(len, round_)) - min(map(len, round_)) <= 1
        for limit in mended.limits:
            there = mended.composition(number, limit.table)[limit.category, limit.value]
            assert limit.low <= there <= limit.high
    if not left and not late:
        assert moved(plan, mended) == set()
