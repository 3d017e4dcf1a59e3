from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sortition import Quota, Respondent, SortitionError, check
from sortition.checking.conflict import Limit

EXACTLY_ONE = [Quota(category, value, 1, 1) for category in "abc" for value in "01"]
GAP = [Respondent(text, dict(zip("abc", text, strict=True))) for text in ("110", "101", "011", "000")]


def people(**groups: int) -> list[Respondent]:
    """People of one category, so many per value."""
    return [
        Respondent(f"{value}{number}", {"group": value})
        for value, size in groups.items()
        for number in range(size)
    ]


def test_a_pool_that_can_be_drawn_from_is_said_so(quotas: list[Quota], respondents: list[Respondent]) -> None:
    found = check(quotas, respondents, 6)
    assert found.feasible
    assert str(found.problems[0]).startswith("A panel of 6 can be drawn from these 30 people.")
    assert (found.conflict, found.recruits, found.relaxed) == ((), None, None)


def test_quotas_that_only_fractions_of_people_meet_are_refused() -> None:
    found = check(EXACTLY_ONE, GAP, 2)
    assert not found.feasible
    assert str(found.problems[0]) == (
        "No panel of 2 from these 4 people meets all of the following together:"
    )
    assert found.recruits is not None
    assert found.recruits.number == 1


def test_a_missing_group_is_to_be_recruited_first() -> None:
    found = check([Quota("group", "rare", 3, 4), Quota("group", "common", 0, 9)], people(rare=1, common=9), 6)
    sentences = [str(problem) for problem in found.problems]
    assert found.conflict == (Limit(Quota("group", "rare", 3, 4), "min"),)
    assert sentences == [
        "No panel of 6 from these 10 people meets all of the following together:",
        "at least 3 with “group: rare”",
        "First, recruit. Further volunteers that would be enough, if chosen well: 2.",
        "Among them at least 2 with “group: rare”.",
        "Failing that, the smallest relaxation of the quotas is:",
        "“group: rare”: minimum 1 instead of 3.",
        (
            "All 1 people with “group: rare” are needed: they would no longer be drawn but certain to sit. "
            "Recruit more of them."
        ),
    ]


def test_advice_recruits_first_relaxes_next_and_warns_last() -> None:
    quotas = [Quota("group", "rare", 2, 2), Quota("group", "common", 4, 4), Quota("group", "other", 0, 0)]
    told = [problem.template for problem in check(quotas, people(rare=1, common=2, other=9), 6).problems]
    conflicting = [template for template in told if template.startswith(("at least", "at most"))]
    starts = ["No panel", *conflicting, "First, recruit", "Among", "Among", "Failing that", "“%", "“%", "“%"]
    assert conflicting
    assert len(told) == len(starts) + 2
    assert all(template.startswith(start) for template, start in zip(told, starts, strict=False))
    assert all(template.startswith("All %(number)d people") for template in told[len(starts) :])


def test_a_pool_smaller_than_the_panel_is_said_so_before_anything_else() -> None:
    found = check([Quota("group", "x", 0, 9)], people(x=4), 6)
    assert not found.feasible
    assert [str(problem) for problem in found.problems[:2]] == [
        "The pool has 4 people for the 6 seats of the panel.",
        "First, recruit. Further volunteers that would be enough, if chosen well: 2.",
    ]


def test_a_conflict_that_only_whole_people_have_is_irreducible_too() -> None:
    found = check(EXACTLY_ONE, GAP, 2).conflict
    assert not check(only(EXACTLY_ONE, found), GAP, 2).feasible
    for dropped in found:
        kept = tuple(limit for limit in found if limit != dropped)
        assert check(only(EXACTLY_ONE, kept), GAP, 2).feasible


def test_no_solver_program_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr("subprocess.Popen", refuse)
    assert check(EXACTLY_ONE, GAP, 2).recruits is not None


def test_quotas_that_contradict_the_size_cannot_be_mended_by_recruiting() -> None:
    found = check([Quota("group", "x", 3, 3), Quota("group", "y", 4, 5)], people(x=9, y=9), 6)
    assert found.recruits is None
    assert "Recruiting cannot help" in " ".join(map(str, found.problems))


def test_a_relaxation_stays_within_min_flex_and_max_flex() -> None:
    tight = [Quota("group", "x", 3, 3, 3, 3), Quota("group", "y", 4, 4, 4, 4)]
    assert check(tight, people(x=9, y=9), 6).relaxed is None
    loose = [tight[0], replace(tight[1], min_flex=3)]
    assert check(loose, people(x=9, y=9), 6).relaxed == (tight[0], replace(loose[1], min=3))


def test_the_minimum_of_a_small_group_is_the_last_to_fall() -> None:
    quotas = [Quota("group", "small", 2, 2, 0, 2), Quota("group", "large", 5, 5, 0, 5)]
    found = check(quotas, people(small=9, large=9), 6)
    assert found.relaxed is not None
    assert [quota.min for quota in found.relaxed] == [2, 4]


def test_a_group_taken_whole_is_warned_of() -> None:
    found = check([Quota("group", "x", 2, 3), Quota("group", "y", 0, 9)], people(x=2, y=9), 6)
    assert found.feasible
    assert found.certain == ((Quota("group", "x", 2, 3), 2),)


def test_people_alone_in_their_values_are_counted() -> None:
    assert check(EXACTLY_ONE[:2], [Respondent("1", {"a": "0"}), *GAP[:2]], 2).alone == 1


def test_what_each_quota_costs_is_what_the_draw_without_it_would_give() -> None:
    quotas = [Quota("group", "few", 6, 9), Quota("group", "many", 0, 9)]
    found = check(quotas, people(few=10, many=90), 10)
    assert found.fairness is not None
    assert found.least_chance == pytest.approx(4 / 90)
    assert [(cost.limit, cost.number) for cost in found.fairness.costs] == [(Limit(quotas[0], "min"), 5)]
    told = [str(problem) for problem in found.problems]
    assert told[-2:] == [
        "What these quotas cost in fairness, the dearest first:",
        "“group: few”, at least 6: with 5 the least chance would be 5.56 % instead of 4.44 %.",
    ]
    loosened = check([replace(quotas[0], min=5), quotas[1]], people(few=10, many=90), 10)
    assert loosened.least_chance == pytest.approx(found.fairness.costs[0].chance)


def test_where_every_quota_is_exact_the_move_of_a_seat_is_told() -> None:
    quotas = [Quota("group", "few", 6, 6), Quota("group", "many", 4, 4)]
    found = check(quotas, people(few=12, many=80), 10)
    assert found.fairness is not None
    (cost,) = found.fairness.costs
    assert (cost.limit, cost.number, cost.other) == (Limit(quotas[0], "min"), 5, Limit(quotas[1], "max"))
    assert str(found.problems[-1]) == (
        "“group”: with one seat fewer for “few” (at least 5) and one more for “many” (at most 5), the least chance "
        "would be 6.25 % instead of 5.00 %."
    )


def test_quotas_that_cost_nothing_are_not_told() -> None:
    found = check([Quota("group", "x", 0, 6), Quota("group", "y", 3, 3)], people(x=9, y=9), 6)
    assert found.fairness is not None
    assert found.fairness.costs == ()


@settings(max_examples=40, deadline=None)
@given(counts=st.lists(st.integers(1, 9), min_size=2, max_size=4), data=st.data())
def test_the_costs_told_are_those_of_the_looser_quotas_and_none_is_left_out(
    counts: list[int], data: st.DataObject
) -> None:
    pool = people(**{f"g{number}": size for number, size in enumerate(counts)})
    panel = data.draw(st.permutations(pool))[: data.draw(st.integers(1, len(pool)))]
    seated = [sum(one.values["group"] == f"g{number}" for one in panel) for number in range(len(counts))]
    quotas = [Quota("group", f"g{number}", seats, seats) for number, seats in enumerate(seated)]
    quotas[0] = replace(quotas[0], min=0, max=len(panel))
    found = check(quotas, pool, len(panel))
    assert found.fairness is not None
    alone = [cost for cost in found.fairness.costs if cost.other is None]
    told = {(cost.limit.quota.value, cost.limit.side): cost.chance for cost in alone}
    for place, quota in enumerate(quotas):
        for side, looser in (
            ("min", replace(quota, min=max(quota.min - 1, 0))),
            ("max", replace(quota, max=quota.max + 1)),
        ):
            least = check([*quotas[:place], looser, *quotas[place + 1 :]], pool, len(panel)).least_chance
            assert least is not None
            if (quota.value, side) in told:
                assert told[quota.value, side] == pytest.approx(least)
            else:
                assert least <= found.fairness.least * 1.0051


def test_sums_that_contradict_the_panel_size_are_told_before_anything_else() -> None:
    found = check([Quota("group", "x", 4, 4), Quota("group", "y", 3, 3)], people(x=9, y=9), 6)
    assert str(found.problems[0]) == (
        "The minimums of “group” add up to 7, more than the 6 seats of the panel."
    )
    found = check([Quota("group", "x", 0, 2), Quota("group", "y", 0, 3)], people(x=9, y=9), 6)
    assert str(found.problems[0]) == "The maximums of “group” add up to 5: they do not fill the 6 seats."


def test_a_minimum_below_the_share_of_the_population_is_warned_of() -> None:
    third = Fraction(1, 3)
    quotas = [Quota("group", "x", 1, 6, population=third), Quota("group", "y", 4, 6, population=2 * third)]
    found = check(quotas, people(x=9, y=9), 6)
    assert found.below_share == (quotas[0],)
    assert (
        "“group: x”: a minimum of 1 is below their share of the population, which is 2.0 of 6 seats."
    ) in map(str, found.problems)
    nearly = [replace(quotas[0], population=Fraction(33, 100)), quotas[1]]
    assert check(nearly, people(x=9, y=9), 6).below_share == ()


def test_a_relaxation_below_the_share_of_the_population_is_warned_of() -> None:
    quotas = [Quota("group", "rare", 3, 6, population=Fraction(1, 2)), Quota("group", "common", 0, 6)]
    found = check(quotas, people(rare=1, common=9), 6)
    assert found.relaxed is not None
    assert [quota.min for quota in found.below_share] == [1]


@pytest.mark.parametrize("size", [0, -3])
def test_a_panel_without_seats_is_refused(size: int) -> None:
    with pytest.raises(SortitionError, match="at least one seat"):
        check(EXACTLY_ONE, GAP, size)


def test_a_value_without_a_quota_is_refused() -> None:
    with pytest.raises(SortitionError, match="which has no quota"):
        check(EXACTLY_ONE, [Respondent("x", {"a": "2", "b": "0", "c": "0"})], 1)


def test_an_empty_pool_is_refused() -> None:
    with pytest.raises(SortitionError, match="pool is empty"):
        check(EXACTLY_ONE, [], 1)


values = st.tuples(st.sampled_from("xyz"), st.sampled_from("pq"))
limits = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda pair: (min(pair), max(pair)))


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(values, min_size=3, max_size=12), bounds=st.lists(limits, min_size=5, max_size=5))
def test_a_conflict_is_irreducible_and_the_advice_works(
    rows: list[tuple[str, str]], bounds: list[tuple[int, int]]
) -> None:
    keys = [("letter", value) for value in "xyz"] + [("sign", value) for value in "pq"]
    quotas = [Quota(category, value, *pair) for (category, value), pair in zip(keys, bounds, strict=True)]
    pool = [Respondent(str(i), {"letter": row[0], "sign": row[1]}) for i, row in enumerate(rows)]
    found = check(quotas, pool, 3)
    assume(not found.feasible)
    assert found.relaxed is not None
    assert check(found.relaxed, pool, 3).feasible
    assert not check(only(quotas, found.conflict), pool, 3).feasible
    for dropped in found.conflict:
        kept = tuple(limit for limit in found.conflict if limit != dropped)
        assert check(only(quotas, kept), pool, 3).feasible or len(pool) < 3


def only(quotas: list[Quota], limits: tuple[Limit, ...]) -> list[Quota]:
    """The quotas with nothing but the given limits."""
    return [
        replace(
            quota,
            min=quota.min if Limit(quota, "min") in limits else 0,
            max=quota.max if Limit(quota, "max") in limits else 99,
        )
        for quota in quotas
    ]
