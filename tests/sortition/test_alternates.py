from typing import Any

import pytest

from sortition import Lottery, Quota, SortitionError, alternates, next_alternate, reveal

QUOTAS = [Quota("gender", "woman", 1, 1), Quota("gender", "man", 1, 1)]
WOMAN, MAN = {"gender": "woman"}, {"gender": "man"}


def test_alternates_come_from_outside_the_panel(lottery: Lottery) -> None:
    drawn = reveal(lottery.public, lottery.attributes, "42")
    found = alternates(lottery.public, lottery.attributes, drawn, 5)
    assert len(set(found.people)) == 5
    assert not set(found.people) & set(drawn.people)
    assert set(found.people) <= set(lottery.key)


def test_alternates_lower_the_deviation_that_dropouts_cause(lottery: Lottery) -> None:
    found = alternates(lottery.public, lottery.attributes, reveal(lottery.public, lottery.attributes, "42"), 4)
    assert found.deviation < found.deviation_without / 2


def test_the_same_ceremony_draws_the_same_alternates(lottery: Lottery) -> None:
    drawn = reveal(lottery.public, lottery.attributes, "42")
    first, second = (alternates(lottery.public, lottery.attributes, drawn, 3) for _ in range(2))
    assert first == second


def test_another_text_may_be_declared_for_the_alternates(lottery: Lottery) -> None:
    drawn = reveal(lottery.public, lottery.attributes, "42")
    found = {
        alternates(lottery.public, lottery.attributes, drawn, 3, randomness=text).people for text in "abcdef"
    }
    assert len(found) > 1


@pytest.mark.parametrize("number", [0, 25])
def test_an_impossible_number_of_alternates_is_refused(lottery: Lottery, number: int) -> None:
    with pytest.raises(SortitionError, match="24 people remain outside the panel"):
        alternates(lottery.public, lottery.attributes, reveal(lottery.public, lottery.attributes, "42"), number)


def test_everyone_outside_the_panel_may_be_an_alternate(lottery: Lottery) -> None:
    found = alternates(lottery.public, lottery.attributes, reveal(lottery.public, lottery.attributes, "42"), 24)
    assert len(set(found.people)) == 24


@pytest.mark.parametrize(
    ("present", "waiting", "called"),
    [
        ([WOMAN], [WOMAN, MAN], 1),
        ([MAN], [WOMAN, MAN, WOMAN], 0),
        ([WOMAN, MAN], [MAN, WOMAN], 0),
        ([WOMAN], [], None),
        ([], [MAN], 0),
    ],
)
def test_whoever_mends_the_quotas_best_is_called_first(
    present: list[dict[str, Any]], waiting: list[dict[str, Any]], called: int | None
) -> None:
    assert next_alternate(QUOTAS, present, waiting) == called


def test_nobody_who_withdrew_their_row_is_an_alternate(lottery: Lottery) -> None:
    drawn = reveal(lottery.public, lottery.attributes, "42")
    first = alternates(lottery.public, lottery.attributes, drawn, 5)
    pseudonyms = lottery.public["pseudonyms"]
    assert isinstance(pseudonyms, list)
    gone = [pseudonyms.index(first.people[0]), pseudonyms.index(drawn.people[0])]
    rows = [None if place in gone else row for place, row in enumerate(lottery.attributes["rows"])]  # type: ignore[arg-type, var-annotated]
    later = alternates(lottery.public, lottery.attributes | {"rows": rows}, drawn, 5)
    assert len(later.people) == 5
    assert first.people[0] not in later.people
