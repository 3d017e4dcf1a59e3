"""What sets groups apart and what they share, on figures reckoned by hand."""

from random import Random

import numpy as np
import pytest

from deliberate.inputs.opinions.mapping.consensus import divisive, group_informed, shared
from deliberate.inputs.opinions.mapping.groups import one_proportion, representative, two_proportions
from deliberate.inputs.opinions.mapping.priority import choose, priorities
from deliberate.inputs.opinions.mapping.reference import reference
from deliberate.inputs.opinions.mapping.tallies import Tallies, tallies
from deliberate.inputs.opinions.mapping.votes import AGREE, DISAGREE, votes
from tests.deliberate.inputs.opinions.mapping.conversation import two_camps


def counted(agrees: list[list[int]], disagrees: list[list[int]], sizes: list[int]) -> Tallies:
    """Tallies without passes on statements 0, 1, …"""
    return Tallies(
        np.arange(len(agrees[0])),
        np.array(agrees),
        np.array(disagrees),
        np.zeros_like(np.array(agrees)),
        np.array(sizes),
    )


def test_a_share_is_held_against_one_half() -> None:
    # (7 + 1) / (8 + 1) = 8/9; 2 · √9 · (8/9 − 1/2) = 7/3
    assert one_proportion(np.array([7]), np.array([8]))[0] == pytest.approx(7 / 3)


def test_a_share_is_held_against_that_of_the_others() -> None:
    # 9/10 against 1/10, pooled 10/20: 0.8 / √(0.25 · 0.2)
    found = two_proportions(np.array([8]), np.array([0]), np.array([9]), np.array([9]))
    assert found[0] == pytest.approx(0.8 / 0.05**0.5)


def test_where_all_took_one_side_nothing_is_apart() -> None:
    assert two_proportions(np.array([9]), np.array([9]), np.array([9]), np.array([9]))[0] == 0


def test_each_group_has_the_statements_that_set_it_apart() -> None:
    first, second = representative(counted([[9, 9, 5], [1, 9, 5]], [[0, 0, 5], [9, 0, 5]], [10, 10]))
    assert [(one.statement, one.side, one.chose, one.voted) for one in first] == [(0, AGREE, 9, 9)]
    assert [(one.statement, one.side, one.others_chose, one.others_voted) for one in second] == [
        (0, DISAGREE, 0, 9)
    ]


def test_nothing_is_told_of_a_group_under_five_or_of_fewer_than_five_votes() -> None:
    assert representative(counted([[4], [0]], [[0], [20]], [4, 20]))[0] == []
    assert representative(counted([[4], [0]], [[0], [20]], [9, 20]))[0] == []


def test_consensus_multiplies_the_shares_of_all_groups() -> None:
    found = group_informed(counted([[8, 9], [3, 0]], [[0, 0], [0, 8]], [10, 10]))
    assert found == pytest.approx([9 / 10 * 4 / 5, 10 / 11 * 1 / 10])


def test_what_is_shared_needs_the_majority_of_every_group() -> None:
    tally = counted([[9, 9, 0], [6, 2, 1]], [[0, 0, 9], [3, 7, 8]], [10, 10])
    assert [(one.statement, one.side) for one in shared(tally)] == [(2, DISAGREE), (0, AGREE)]


def test_what_divides_has_a_majority_for_it_and_one_against_it() -> None:
    tally = counted([[9, 9, 9], [1, 5, 9]], [[0, 0, 0], [8, 4, 0]], [10, 10])
    (found,) = divisive(tally)
    assert (found.statement, found.agreeing, found.disagreeing) == (0, 0, 1)
    assert found.score == pytest.approx(10 / 11 * 9 / 11)


def test_what_few_voted_on_neither_unites_nor_divides() -> None:
    assert shared(counted([[4], [9]], [[0], [0]], [10, 10])) == []
    assert divisive(counted([[4], [0]], [[0], [9]], [10, 10])) == []


def test_the_camps_of_a_conversation_are_told_apart_by_what_divides_them() -> None:
    rows = two_camps()
    found = reference(votes(rows))
    tally = tallies(found, votes(rows))
    first, second = representative(tally)
    assert {one.statement for one in first} >= {0, 1, 2, 3}
    assert {one.statement for one in second} >= {0, 1, 2, 3}
    assert {one.statement for one in shared(tally, 2)} == {4, 5}
    assert {one.statement for one in divisive(tally, 4)} == {0, 1, 2, 3}
    assert tally.voted[:, 4].tolist() == [16, 8]


def test_votes_are_counted_only_of_those_in_a_group_and_on_statements_of_the_map() -> None:
    rows = two_camps()
    found = reference(votes(rows), left_out=[5])
    tally = tallies(found, votes([*rows, (70, 0, 1)]))
    assert tally.voted.sum() == len([row for row in rows if row[1] != 5])


def test_without_groups_there_is_nothing_to_tell() -> None:
    tally = tallies(reference(votes([])), votes(two_camps()))
    assert (representative(tally), shared(tally), divisive(tally)) == ([], [], [])


def test_the_priority_of_a_statement() -> None:
    # A = 3, D = 1, P = 1: (1 − 2/7) · (0.5 + 1) · 4/7 · (1 + 8/2), squared
    assert priorities(3, 1, 1, 0.5) == pytest.approx((5 / 7 * 1.5 * 4 / 7 * 5) ** 2)
    assert priorities(0, 0, 0) == pytest.approx((1 / 2 * 1 / 2 * 9) ** 2)


def test_the_next_statement_is_one_not_yet_seen() -> None:
    weights = {1: 5.0, 2: 1.0, 3: 2.0}
    assert {choose(weights, {1}, Random(seed)) for seed in range(30)} == {2, 3}
    assert choose(weights, {1, 2, 3}, Random(1)) is None


def test_statements_are_drawn_in_proportion_to_their_weights() -> None:
    draw = Random(7)
    drawn = [choose({1: 3.0, 2: 1.0}, (), draw) for _ in range(4000)]
    assert 2850 < drawn.count(1) < 3150
