"""Narrowing the bank: filters combine, and each says how many it would leave."""

from deliberate.inputs.experience.facets import Card, counted, narrowed, relaxed

CARDS = [
    Card(1, "a", ("time",), ("local",), ("failed",), ("France",), ("Brest",), ("3", "11"), ("care",)),
    Card(2, "b", ("time",), ("local",), ("worked",), ("France",), ("Lyon",), ("11",), ()),
    Card(3, "c", ("commons",), ("national",), ("worked",), ("Belgium",), (), (), ("care", "water")),
]


def test_every_filter_in_use_must_hold() -> None:
    assert [card.key for card in narrowed(CARDS, {"theme": "time", "sdg": "11"})] == ["a", "b"]
    assert narrowed(CARDS, {"theme": "time", "sector": "water"}) == []


def test_a_count_says_what_a_choice_would_leave_beside_the_other_filters() -> None:
    counts = counted(CARDS, {"outcome": "worked", "theme": "time"})
    assert counts["theme"] == [("commons", 1), ("time", 1)]
    assert counts["outcome"] == [("failed", 1), ("worked", 1)]
    assert counts["sdg"] == [("11", 1)]
    assert counted(CARDS, {})["sdg"] == [("3", 1), ("11", 2)]


def test_a_choice_that_leaves_nothing_is_still_listed_so_that_it_can_be_taken_back() -> None:
    assert ("water", 0) in counted(CARDS, {"theme": "time", "sector": "water"})["sector"]


def test_an_empty_result_says_which_filter_to_take_back() -> None:
    assert relaxed(CARDS, {"theme": "time", "country": "Belgium"}) == [("theme", 1), ("country", 2)][::-1]
    assert relaxed(CARDS, {"theme": "time", "country": "Belgium", "outcome": "mixed"}) == []
