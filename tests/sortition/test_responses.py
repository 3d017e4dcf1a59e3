from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortition.invitations.responses import expected_response, responses, wilson
from sortition.problems import SortitionError


def test_the_interval_is_the_one_of_wilson() -> None:
    low, high = wilson(8, 200)
    assert (round(low, 4), round(high, 4)) == (0.0204, 0.0769)
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(1, 500), st.data())
def test_the_interval_holds_the_share_and_stays_a_share(letters: int, data: st.DataObject) -> None:
    answers = data.draw(st.integers(0, letters))
    low, high = wilson(answers, letters)
    assert 0 <= low <= answers / letters + 1e-12
    assert answers / letters - 1e-12 <= high <= 1


def test_a_stratum_with_few_letters_is_expected_to_answer_like_all() -> None:
    overall = Fraction(1, 20)
    assert expected_response(0, 0, overall) == overall
    assert 0 < expected_response(0, 100, overall) < overall
    assert expected_response(50, 50, Fraction(1)) == 1


def test_each_stratum_that_got_letters_is_counted() -> None:
    found = responses([["north"], ["south"], ["east"]], [0, 0, 0, 0, 1, 1], [0, 1])
    assert [(one.values, one.letters, one.answers) for one in found] == [
        (("north",), 4, 1),
        (("south",), 2, 1),
    ]


def test_nothing_is_expected_from_no_answer_at_all() -> None:
    with pytest.raises(SortitionError, match="None of the people"):
        responses([["north"]], [0, 0], [])
