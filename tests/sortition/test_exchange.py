"""The search for alternates against every set there is, on pools small enough to try them all."""

from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

import pytest

from sortition.model import Quota
from sortition.randomness import Stream
from sortition.vacancies.absences import Absences, deviation, sample
from sortition.vacancies.alternates import next_alternate
from sortition.vacancies.dropout import Dropout
from sortition.vacancies.exchange import NEAR, near_optimal

VALUES = {"gender": ("woman", "man"), "age": ("young", "middle", "old"), "town": ("in", "out")}


def small(
    seed: int, people: int = 15, size: int = 6, samples: int = 60
) -> tuple[Absences, list[int], dict[str, Any]]:
    """A pool drawn at random, its first `size` people being the panel, its quotas at most one apart."""
    stream = Stream(str(seed).encode(), "test pool")
    rows = [[values[stream.below(len(values))] for values in VALUES.values()] for _ in range(people)]
    quotas = []
    for place, (category, values) in enumerate(VALUES.items()):
        for value in values:
            there = sum(row[place] == value for row in rows[:size])
            quotas.append(
                {
                    "category": category,
                    "value": value,
                    "min": max(there - stream.below(2), 0),
                    "max": there,
                    "seated": 0,
                }
            )
    public = {"quotas": quotas}
    dropout = Dropout(multipliers={("age", "young"): Dropout().base * 30})
    absences = sample(public, {"rows": rows}, range(size), dropout, samples, stream)
    return absences, list(range(size, people)), public


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_best_set_found_is_the_best_there_is(seed: int, number: int) -> None:
    absences, remaining, _ = small(seed)
    best = min(absences.expected(chosen) for chosen in combinations(remaining, number))
    near = near_optimal(absences, remaining, number, Stream(b"search", "test"))
    found = [absences.expected(chosen) for chosen in near]
    assert min(found) <= best * 1.02 + 1e-9
    assert max(found) <= min(found) * NEAR + 1e-9


@pytest.mark.parametrize("seed", range(5))
def test_absences_are_replaced_as_the_desk_calls_alternates(seed: int) -> None:
    absences, remaining, public = small(seed, samples=20)
    quotas = [Quota(one["category"], one["value"], one["min"], one["max"]) for one in public["quotas"]]

    def values(carried: Any) -> dict[str, str]:
        return {quota.category: quota.value for quota, has in zip(quotas, carried, strict=True) if has}

    after = absences.replaced(remaining[:4])
    for number, counts in enumerate(absences.counts):
        waiting = list(remaining[:4])
        there = counts.copy()
        for _ in range(min(int(absences.absent[number]), 4)):
            present = _people_with(there, quotas)
            place = next_alternate(quotas, present, [values(absences.carried[one]) for one in waiting])
            assert place is not None
            there += absences.carried[waiting.pop(place)]
        assert deviation(there, absences.limits) == deviation(after[number], absences.limits)


def _people_with(counts: Any, quotas: list[Quota]) -> list[dict[str, str]]:
    """One row per person and quota that counts: what matters to the rule are the counts alone."""
    return [
        {quota.category: quota.value}
        for quota, count in zip(quotas, counts, strict=True)
        for _ in range(count)
    ]


def test_more_alternates_never_serve_worse() -> None:
    absences, remaining, _ = small(3, people=30, size=8)
    stream = Stream(b"search", "test")
    expected = [
        min(absences.expected(chosen) for chosen in near_optimal(absences, remaining, number, stream))
        for number in range(1, 7)
    ]
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(expected))


def test_nobody_is_in_a_set_twice() -> None:
    absences, remaining, _ = small(5, people=12)
    for chosen in near_optimal(absences, remaining, 6, Stream(b"search", "test")):
        assert sorted(chosen) == remaining


def test_who_drops_out_more_is_absent_more_often() -> None:
    stream = Stream(b"absences", "test")
    quota = {"category": "age", "min": 0, "max": 4, "seated": 0}
    public = {"quotas": [quota | {"value": "young"}, quota | {"value": "old"}]}
    dropout = Dropout(multipliers={("age", "young"): Fraction(4)})
    absences = sample(public, {"rows": [["young"], ["old"]]}, [0, 1], dropout, 4000, stream)
    assert 1 - absences.counts.mean(axis=0) == pytest.approx([0.4, 0.1], abs=0.03)


def test_people_seated_before_are_counted_and_stay() -> None:
    public = {"quotas": [{"category": "age", "value": "old", "min": 3, "max": 3, "seated": 2}]}
    absences = sample(public, {"rows": [["old"], ["old"]]}, [0], Dropout(), 50, Stream(b"seated", "test"))
    assert set(absences.counts[:, 0]) == {2, 3}
    assert absences.expected([1]) == 0
    assert absences.expected([]) > 0
