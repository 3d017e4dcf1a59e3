from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sortition import (
    Lottery,
    Progress,
    Quota,
    Respondent,
    SortitionError,
    prepare,
    reveal,
    verify_lottery,
)

ENTROPY = bytes(range(16))
SOURCE = "balls drawn in public"
VALUES = {"gender": ("w", "m"), "age": ("young", "middle", "old")}


@st.composite
def feasible_pools(draw: st.DrawFn) -> tuple[list[Quota], list[Respondent], int]:
    """A pool and quotas around one panel of it, so that at least that panel can be drawn."""
    rows = draw(st.lists(st.tuples(*map(st.sampled_from, VALUES.values())), min_size=8, max_size=30))
    size = draw(st.integers(3, 6))
    people = [Respondent(f"p{i}", dict(zip(VALUES, row, strict=True))) for i, row in enumerate(rows)]
    panel = draw(st.permutations(people))[:size]
    quotas = []
    for category, values in VALUES.items():
        for value in values:
            count = sum(person.values[category] == value for person in panel)
            low, high = draw(st.integers(0, 1)), draw(st.integers(0, 2))
            quotas.append(Quota(category, value, max(count - low, 0), count + high))
    return quotas, people, size


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pool=feasible_pools(), panels=st.sampled_from([1, 10, 37]))
def test_every_panel_meets_every_quota_and_the_lottery_verifies(
    pool: tuple[list[Quota], list[Respondent], int], panels: int
) -> None:
    quotas, people, size = pool
    lottery = prepare(
        quotas, people, size, panels=panels, ticket="hash", randomness_source=SOURCE, entropy=ENTROPY
    )
    by_id = {person.id: person for person in people}
    drawn = lottery.attributes["panels"]
    assert isinstance(drawn, list)
    assert len(drawn) == panels
    for panel in drawn:
        names = [lottery.key[lottery.public["pseudonyms"][position]] for position in panel]  # type: ignore[index]
        assert len(set(names)) == size
        counts = Counter((c, by_id[name].values[c]) for name in names for c in VALUES)
        assert all(quota.min <= counts[quota.category, quota.value] <= quota.max for quota in quotas)
    findings = verify_lottery(lottery.public, lottery.attributes, commitment=lottery.commitment)
    assert [str(finding) for finding in findings if finding.outcome == "failed"] == []


@settings(max_examples=8, deadline=None)
@given(pool=feasible_pools())
def test_the_same_entropy_gives_the_same_bytes(pool: tuple[list[Quota], list[Respondent], int]) -> None:
    quotas, people, size = pool
    first, second = (
        prepare(quotas, people, size, panels=10, randomness_source=SOURCE, entropy=ENTROPY) for _ in range(2)
    )
    assert first.public_bytes == second.public_bytes
    assert first.attributes == second.attributes


def test_fresh_entropy_gives_fresh_pseudonyms(quotas: list[Quota], respondents: list[Respondent]) -> None:
    first, second = (prepare(quotas, respondents, 6, panels=10, randomness_source=SOURCE) for _ in range(2))
    assert not set(first.key) & set(second.key)


def test_chances_are_counted_over_the_panels_and_sum_to_the_seats(lottery: Lottery) -> None:
    assert sum(chance.lottery for chance in lottery.chances.values()) == 6
    assert all(chance.lottery == Fraction(len(chance.panels), 100) for chance in lottery.chances.values())
    assert lottery.least == min(chance.lottery for chance in lottery.chances.values())


def test_the_lottery_stays_close_to_the_leximin_chances(lottery: Lottery) -> None:
    assert lottery.attained
    assert lottery.largest_difference <= Fraction(2, 100)
    assert lottery.least <= lottery.bound


def test_people_with_the_same_values_differ_by_one_panel_at_most(
    lottery: Lottery, respondents: list[Respondent]
) -> None:
    counts: dict[tuple[str, ...], list[int]] = {}
    for person in respondents:
        counts.setdefault(tuple(person.values.values()), []).append(len(lottery.chances[person.id].panels))
    assert all(max(group) - min(group) <= 1 for group in counts.values())


def test_the_public_document_holds_neither_ids_nor_rows_nor_counts_per_panel(lottery: Lottery) -> None:
    text = lottery.public_bytes.decode()
    assert not any(f'"{person}"' in text for person in lottery.chances)
    assert set(lottery.public) == {
        "format", "size", "seated", "one_per_household", "quotas", "pseudonyms", "commitments", "certificate", "panels",
        "entries", "alternates",
        "objective", "randomness", "replaces", "chances", "software", "digests",
    }  # fmt: skip


def test_progress_is_told_with_the_bound_and_can_cancel(
    quotas: list[Quota], respondents: list[Respondent]
) -> None:
    heard: list[Progress] = []
    prepare(quotas, respondents, 6, panels=10, randomness_source=SOURCE, progress=heard.append)
    assert [step.fraction for step in heard] == sorted(step.fraction for step in heard)
    assert {step.stage for step in heard} == {"relaxation", "panels", "rounding", "sealing"}
    assert all(step.bound is not None for step in heard if step.stage != "relaxation")

    class Cancelled(Exception):
        pass

    def cancel(step: Progress) -> None:
        if step.stage == "panels":
            raise Cancelled

    with pytest.raises(Cancelled):
        prepare(quotas, respondents, 6, panels=10, randomness_source=SOURCE, progress=cancel)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"objective": "luck"}, "objective “luck” is not offered"),
        ({"panels": 0}, "from 1 to 100000 panels"),
        ({"panels": 999}, "must be 10, 100, 1000"),
        ({"ticket": "dice"}, "ticket rule “dice” is unknown"),
        ({"randomness_source": "  "}, "source of randomness is missing"),
        ({"entropy": b"short"}, "The entropy has 5 bytes"),
        ({"size": 0}, "at least one seat"),
        ({"size": 25}, "No panel of this pool meets every quota"),
        ({"respondents": []}, "pool is empty"),
        ({"respondents": [Respondent("a", {}), Respondent("a", {})]}, "Two people have the id “a”"),
        ({"respondents": [Respondent("a", {"gender": "x"})]}, "Person a has “x” in “gender”"),
    ],
)
def test_a_malformed_request_is_refused(
    quotas: list[Quota], respondents: list[Respondent], changed: dict[str, object], sentence: str
) -> None:
    request: dict[str, object] = {
        "quotas": quotas, "respondents": respondents, "size": 6, "panels": 10, "randomness_source": SOURCE,
    }  # fmt: skip
    with pytest.raises(SortitionError) as refused:
        prepare(**(request | changed))  # type: ignore[arg-type]
    assert sentence in str(refused.value)


def test_the_digits_drawn_name_the_panel(lottery: Lottery) -> None:
    drawn = reveal(lottery.public, lottery.attributes, "4 2")
    assert drawn.ticket == 42
    assert {lottery.key[name] for name in drawn.people} == {
        person for person, chance in lottery.chances.items() if 42 in chance.panels
    }


def test_a_second_different_randomness_is_refused(lottery: Lottery) -> None:
    first = reveal(lottery.public, lottery.attributes, "42")
    assert reveal(lottery.public, lottery.attributes, "4 2", first.document).people == first.people
    with pytest.raises(SortitionError, match="already revealed with “42”"):
        reveal(lottery.public, lottery.attributes, "43", first.document)


def test_a_text_that_does_not_fit_the_rule_is_refused(lottery: Lottery) -> None:
    with pytest.raises(SortitionError, match="awaits 2 digits"):
        reveal(lottery.public, lottery.attributes, "heads")
