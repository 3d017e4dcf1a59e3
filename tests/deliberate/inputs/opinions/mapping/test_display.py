"""The picture stays as people know it."""

from dataclasses import replace

import numpy as np
import pytest

from deliberate.inputs.opinions.mapping.display import Display, aligned, shown
from deliberate.inputs.opinions.mapping.folding import fold
from deliberate.inputs.opinions.mapping.reference import Reference, reference
from deliberate.inputs.opinions.mapping.votes import votes
from tests.deliberate.inputs.opinions.mapping.conversation import two_camps

TURNS = {
    "a quarter": [[0.0, 1.0], [-1.0, 0.0]],
    "half": [[-1.0, 0.0], [0.0, -1.0]],
    "mirrored": [[-1.0, 0.0], [0.0, 1.0]],
}


@pytest.fixture(scope="module")
def found() -> Reference:
    return reference(votes(two_camps()))


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS)
def test_a_map_that_was_turned_is_shown_as_before(found: Reference, turn: list[list[float]]) -> None:
    before = aligned(found)
    after = aligned(replace(found, positions=found.positions @ np.array(turn)), before)
    assert np.allclose(after.positions, before.positions, atol=1e-5)
    assert after.shared == 24


def test_a_display_says_how_far_it_was_turned(found: Reference) -> None:
    quarter = replace(found, positions=found.positions @ np.array(TURNS["a quarter"]))
    assert aligned(quarter, aligned(found)).degrees == -90
    assert aligned(found).degrees == 0
    assert aligned(
        replace(found, positions=found.positions @ np.array(TURNS["mirrored"])), aligned(found)
    ).mirrored


def test_groups_keep_their_colours_whatever_their_numbers(found: Reference) -> None:
    before = aligned(found)
    after = aligned(replace(found, groups=1 - found.groups, centres=found.centres[::-1]), before)
    assert np.array_equal(after.colours, before.colours)
    assert after.colour_of == (1, 0)


def test_a_third_group_takes_a_colour_that_is_free(found: Reference) -> None:
    groups = found.groups.copy()
    groups[:2] = 2
    after = aligned(replace(found, groups=groups, centres=np.zeros((3, 2))), aligned(found))
    assert after.colour_of == (0, 1, 2)


def test_people_are_recognised_in_any_order(found: Reference) -> None:
    before = aligned(found)
    order = np.arange(24)[::-1]
    moved = replace(
        found,
        participants=found.participants[order],
        positions=-found.positions[order],
        groups=found.groups[order],
    )
    after = aligned(moved, before)
    assert np.allclose(after.positions, before.positions[order], atol=1e-5)


def test_with_nobody_in_common_the_map_is_shown_as_it_is(found: Reference) -> None:
    strangers = replace(found, participants=found.participants + 100)
    assert np.array_equal(aligned(strangers, aligned(found)).positions, found.positions)


def test_who_voted_meanwhile_moves_and_newcomers_appear(found: Reference) -> None:
    new = [(30, statement, 1 if statement < 6 else 0) for statement in range(8)]
    display = aligned(found)
    after = shown(display, fold(found, votes(new)))
    assert after.participants.tolist() == [*range(24), 30]
    assert after.colours[-1] == display.colours[1], "as the camp that agrees with statements 0 to 3"
    assert np.array_equal(after.positions[:-1], display.positions)


def test_votes_on_statements_that_the_map_does_not_know_move_nobody(found: Reference) -> None:
    folded = fold(found, votes([(40, 500, 1)]))
    assert folded.positions.tolist() == [[0, 0]]
    assert folded.groups.tolist() == [-1]


def test_a_display_is_written_and_read_back_exactly(found: Reference) -> None:
    display = aligned(replace(found, positions=-found.positions), aligned(found))
    assert Display.from_data(display.to_data()).to_data() == display.to_data()
