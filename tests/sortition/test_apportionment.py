from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortition.proofs.apportionment import apportion

STRATA = st.lists(st.tuples(st.fractions(0, 50), st.integers(0, 40)), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("number", "weights", "most", "given_"),
    [
        (10, [1, 1], [50, 50], [5, 5]),
        (10, [1, 2, 4], [50, 50, 50], [1, 3, 6]),  # 1.43, 2.86, 5.71: two remainders round up
        (10, [1, 1, 8], [50, 50, 4], [3, 3, 4]),
        (3, [1, 1], [50, 50], [2, 1]),
        (10, [1, 1], [4, 5], None),
        (10, [0, 1], [50, 5], None),
        (0, [1, 1], [5, 5], [0, 0]),
    ],
)
def test_letters_go_by_largest_remainder_and_never_beyond_a_stratum(
    number: int, weights: list[int], most: list[int], given_: list[int] | None
) -> None:
    assert apportion(number, list(map(Fraction, weights)), most) == given_


@given(STRATA, st.integers(0, 200))
def test_every_letter_is_given_and_none_too_many(strata: list[tuple[Fraction, int]], number: int) -> None:
    weights, most = [weight for weight, _ in strata], [limit for _, limit in strata]
    given_ = apportion(number, weights, most)
    room = sum(limit for weight, limit in strata if weight)
    assert (given_ is None) == (number > room)
    if given_ is not None:
        assert sum(given_) == number
        assert all(0 <= letters <= limit for letters, limit in zip(given_, most, strict=True))


@given(STRATA, st.integers(1, 200))
def test_strata_below_their_limit_stay_within_one_letter_of_proportion(
    strata: list[tuple[Fraction, int]], number: int
) -> None:
    weights, most = [weight for weight, _ in strata], [limit for _, limit in strata]
    given_ = apportion(number, weights, most)
    if given_ is None:
        return
    open_ = [place for place, letters in enumerate(given_) if letters < most[place] and weights[place]]
    for one in open_:
        for other in open_:
            exact = weights[one] * given_[other] / weights[other]
            assert abs(given_[one] - exact) < 1 + weights[one] / weights[other]
