"""The reference map follows from the set of votes."""

import json
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deliberate.core.errors import Refusal
from deliberate.inputs.opinions.mapping.folding import fold
from deliberate.inputs.opinions.mapping.reference import Reference, reference
from deliberate.inputs.opinions.mapping.votes import Votes, votes
from tests.deliberate.inputs.opinions.mapping.conversation import two_camps

Rows = list[tuple[int, int, int]]

some_votes = st.dictionaries(
    st.tuples(st.integers(0, 15), st.integers(0, 9)), st.sampled_from((-1, 0, 1)), max_size=120
).map(lambda cells: [(person, statement, value) for (person, statement), value in cells.items()])


def written(found: Reference) -> str:
    return json.dumps(found.to_data())


@given(some_votes, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_same_votes_in_any_order_give_the_same_bytes(rows: Rows, draw: random.Random) -> None:
    shuffled = draw.sample(rows, len(rows))
    assert written(reference(votes(rows), least_votes=3)) == written(
        reference(votes(shuffled), least_votes=3)
    )


@given(some_votes, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_other_numbers_for_the_same_people_change_nobodys_place(rows: Rows, draw: random.Random) -> None:
    numbers = draw.sample(range(100), 16)
    before = reference(votes(rows), least_votes=3)
    after = reference(
        votes((numbers[person], statement, value) for person, statement, value in rows), least_votes=3
    )
    renamed = {
        numbers[person]: place
        for person, place in zip(before.participants, before.positions.tolist(), strict=True)
    }
    assert renamed == dict(zip(after.participants.tolist(), after.positions.tolist(), strict=True))
    assert before.sizes == after.sizes


@given(some_votes)
@settings(max_examples=40, deadline=None)
def test_a_map_is_written_and_read_back_exactly(rows: Rows) -> None:
    found = reference(votes(rows), least_votes=2)
    assert written(Reference.from_data(json.loads(written(found)))) == written(found)


@given(some_votes)
@settings(max_examples=40, deadline=None)
def test_folding_in_votes_that_the_map_knows_moves_nobody(rows: Rows) -> None:
    found = reference(votes(rows), least_votes=3)
    folded = fold(found, votes(rows))
    assert np.array_equal(folded.positions, found.positions)
    assert np.array_equal(folded.groups, found.groups)


def test_when_everybody_votes_the_other_way_the_map_is_the_same() -> None:
    rows = two_camps()
    found = reference(votes(rows))
    turned = reference(votes((person, statement, -value) for person, statement, value in rows))
    assert np.allclose(np.abs(found.positions), np.abs(turned.positions))
    assert np.array_equal(found.groups, turned.groups)


def test_two_camps_become_two_groups_the_larger_one_first() -> None:
    found = reference(votes(two_camps()))
    assert found.k == 2
    assert found.sizes == [16, 8]
    assert all(found.groups[person] == (0 if person % 3 else 1) for person in range(24))


def test_positions_are_the_principal_components_of_the_filled_matrix() -> None:
    rows = two_camps()
    matrix = np.full((24, 12), np.nan)
    for person, statement, value in rows:
        matrix[person, statement] = value
    means = np.nanmean(matrix, axis=0)
    filled = np.where(np.isnan(matrix), means, matrix) - means
    _, _, axes = np.linalg.svd(filled)
    scale = np.sqrt(12 / np.sum(~np.isnan(matrix), axis=1))
    expected = filled @ axes[:2].T * scale[:, None]
    assert np.allclose(np.abs(reference(votes(rows)).positions), np.abs(expected), atol=1e-4)


def test_those_with_too_few_votes_are_on_the_map_but_in_no_group() -> None:
    found = reference(votes([*two_camps(), (99, 0, 1), (99, 1, 1)]))
    place = found.participants.tolist().index(99)
    assert found.groups[place] == -1
    assert found.positions[place].any()
    assert found.clustered == 24


def test_where_there_are_few_statements_voting_on_all_of_them_is_enough() -> None:
    rows = [(person, statement, 1 if person < 6 else -1) for person in range(12) for statement in range(3)]
    assert reference(votes(rows)).sizes == [6, 6]


def test_a_statement_left_out_moves_nobody_and_takes_nobody_off_the_map() -> None:
    rows = two_camps()
    without = [row for row in rows if row[1] != 4]
    left_out = reference(votes(rows), left_out=[4])
    assert left_out.statements.tolist() == [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11]
    assert np.array_equal(left_out.positions, reference(votes(without)).positions)
    person = [(50, statement, 1) for statement in range(7)]
    assert reference(votes([*rows, *person]), left_out=[4]).groups[-1] != -1


def test_the_number_of_groups_stays_while_it_is_nearly_as_good() -> None:
    camps = votes(two_camps())
    found = reference(camps)
    assert found.silhouettes[2] - 0.02 < found.silhouettes[3] < found.silhouettes[2]
    assert found.silhouettes[5] < found.silhouettes[2] - 0.02
    numbers = {k: reference(camps, previous=replace(found, centres=np.zeros((k, 2)))).k for k in (2, 3, 5)}
    assert numbers == {2: 2, 3: 3, 5: 2}


@pytest.mark.parametrize(
    "rows",
    [[], [(1, 1, 1)], [(1, 1, 1), (2, 1, 1)], [(person, 1, 0) for person in range(9)]],
    ids=["nobody", "one vote", "two alike", "all pass"],
)
def test_a_map_without_differences_has_no_groups(rows: Rows) -> None:
    found = reference(votes(rows))
    assert found.k == 0
    assert found.clustered == 0
    assert not found.positions.any()


def test_a_participant_votes_once_on_a_statement() -> None:
    with pytest.raises(Refusal, match="Participant 4 has two votes on statement 7"):
        votes([(4, 7, 1), (1, 7, 1), (4, 7, 0)])


def test_a_vote_is_one_of_three() -> None:
    with pytest.raises(Refusal, match="“2” is not a vote"):
        votes([(1, 1, 2)])


def test_votes_are_chosen_by_people_and_by_statements() -> None:
    found: Votes = votes(two_camps())
    assert set(found.by([3, 4]).participants.tolist()) == {3, 4}
    assert set(found.on([0, 99]).statements.tolist()) == {0}
