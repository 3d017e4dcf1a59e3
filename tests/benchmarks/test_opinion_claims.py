"""Claims about the opinion map are read off figures; how alike two groupings are is reckoned by hand."""

from dataclasses import replace

import numpy as np
import pytest

from deliberate.inputs.opinions.mapping.votes import votes
from tests.benchmarks.conversations import drawn
from tests.benchmarks.opinion_claims import opinion_claims
from tests.benchmarks.opinion_figures import OpinionFigures, told
from tests.benchmarks.opinions import Mapped, Side, adjusted_rand
from tests.benchmarks.opinions_stability import Stability, stability
from tests.deliberate.inputs.opinions.mapping.conversation import two_camps

STEADY = Stability(50, 0.01, 0.05, 0.0, 0, 3, 0, 0)
MAPPED = Mapped(
    "water", 4000, 7, 0.02,
    Side(0.005, 0.005, 100, (75, 25)), Side(0.075, 0.08, 100, (76, 24)),
    others=0.0, rand=0.95, rank=0.99, apart=0.1, elsewhere=1, refused=29, stability=STEADY,
)  # fmt: skip
LARGE = {
    "votes": 1_000_000, "participants": 10_000, "statements": 1000, "seconds": 1.2, "processor_seconds": 1.0,
    "memory_mb": 280.0, "new": 10_000, "touched": 6000, "fold_seconds": 0.05, "fold_processor_seconds": 0.05,
    "orders": 5, "different": 1, "others": 0.0,
}  # fmt: skip


def test_every_claim_is_met_by_figures_within_its_limits() -> None:
    assert [claim.met for claim in opinion_claims([MAPPED], LARGE)] == [True] * 6


def test_what_a_run_did_not_measure_is_not_claimed() -> None:
    assert {claim.met for claim in opinion_claims([], {})} == {None}


def test_the_clock_decides_on_a_machine_without_other_work() -> None:
    slow = replace(MAPPED, ours=Side(0.01, 0.005, 100, (75, 25)))
    busy = replace(slow, others=1.0)
    assert [opinion_claims([one], {})[1].met for one in (slow, busy)] == [False, True]


@pytest.mark.parametrize(
    ("place", "changed"),
    [
        (0, replace(MAPPED, ours=Side(0.005, 0.005, 99, (75, 24)))),
        (2, replace(MAPPED, stability=replace(STEADY, flips=1))),
        (2, replace(MAPPED, stability=replace(STEADY, swaps=1))),
    ],
    ids=["other number in groups", "flip", "swap"],
)
def test_a_claim_that_does_not_hold_says_so(place: int, changed: Mapped) -> None:
    assert opinion_claims([changed], LARGE)[place].met is False


@pytest.mark.parametrize(
    ("place", "wrong"),
    [(3, {"seconds": 2.1}), (3, {"memory_mb": 1100.0}), (4, {"fold_seconds": 0.3}), (5, {"different": 2})],
)
def test_a_large_map_that_is_slow_large_or_depends_on_order_is_told(
    place: int, wrong: dict[str, float]
) -> None:
    assert opinion_claims([MAPPED], LARGE | wrong)[place].met is False


def test_differences_are_explained_in_a_sentence() -> None:
    text = told(OpinionFigures([MAPPED], LARGE))
    assert "water: 1 of 100 in another group" in text
    assert "The 29 refused statements make the difference" in text


def test_the_adjusted_rand_index_by_hand() -> None:
    first, second = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 2, 2])
    # Together in both: 1 + 1 = 2; in the first 6, in the second 3, of 15: (2 − 6·3/15) / ((6 + 3)/2 − 6·3/15)
    assert adjusted_rand(first, second) == pytest.approx((2 - 1.2) / (4.5 - 1.2))
    assert adjusted_rand(first, 1 - first) == 1


def test_a_conversation_is_generated_the_same_each_time() -> None:
    one, other = drawn(20, 10, 5, 1), drawn(20, 10, 5, 1)
    assert len(one) == 100
    assert np.array_equal(one.values, other.values)


def test_stability_counts_over_all_draws() -> None:
    found = stability(votes(two_camps()), [], draws=3)
    assert (found.draws, found.flips, found.swaps) == (3, 0, 0)
    assert found.median_move <= found.far_move
