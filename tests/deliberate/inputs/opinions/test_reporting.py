"""What a map tells of groups, and what it keeps to itself; the picture and its frame."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from deliberate.inputs.opinions import picture
from deliberate.inputs.opinions.computing import LEAST_PEOPLE, Last, compute, place_of, turned
from deliberate.inputs.opinions.listing import listed
from deliberate.inputs.opinions.mapping.tallies import Tallies
from deliberate.inputs.opinions.mapping.votes import votes
from deliberate.inputs.opinions.reporting import report
from tests.deliberate.inputs.opinions.conftest import STATEMENTS, opinion

ROWS = [(who, number, opinion(who, number)) for who in range(24) for number in range(1, STATEMENTS + 1)]


def tallied(*groups: tuple[int, int, int]) -> dict[str, Any]:
    """The report of one statement that groups of 20 voted on: agree, disagree, pass of each."""
    sides = np.array(groups, np.int64)
    counts = Tallies(
        np.array([1]), sides[:, :1], sides[:, 1:2], sides[:, 2:], np.full(len(groups), 20, np.int64)
    )
    rows = [(who, 1, 1) for who in range(int(sides.sum()))]
    return report(counts, range(len(groups)), votes(rows), (), 60)


def test_a_group_of_which_four_voted_is_hidden_and_with_it_the_next_smallest() -> None:
    told = tallied((10, 2, 1), (2, 1, 1), (15, 0, 0))["statements"][0]["groups"]
    assert told == {"A": None, "B": None, "C": [15, 0, 0]}


def test_a_group_of_which_nobody_voted_hides_no_other() -> None:
    told = tallied((10, 2, 1), (0, 0, 0), (15, 0, 0))["statements"][0]["groups"]
    assert told == {"A": [10, 2, 1], "B": None, "C": [15, 0, 0]}


def test_two_groups_that_are_hidden_hide_no_third() -> None:
    told = tallied((10, 2, 1), (1, 0, 0), (2, 0, 0))["statements"][0]["groups"]
    assert told == {"A": [10, 2, 1], "B": None, "C": None}


def test_what_a_group_holds_is_not_told_against_a_handful_of_others() -> None:
    assert tallied((19, 0, 0), (0, 3, 0))["holds"] == {"A": [], "B": []}
    assert [one["number"] for one in tallied((19, 0, 0), (0, 18, 0))["holds"]["A"]] == [1]


def test_statements_that_a_third_pass_on_are_said_to_be_unclear() -> None:
    none = np.zeros((0, 2), np.int64)
    rows = [(who, 1, 0 if who < 4 else 1) for who in range(12)] + [(who, 2, 1) for who in range(12)]
    counts = Tallies(np.array([1, 2]), none, none, none, np.zeros(0, np.int64))
    assert report(counts, (), votes(rows), (), 0)["unclear"] == [1]


def test_a_map_needs_ten_people() -> None:
    few = [row for row in ROWS if row[0] < LEAST_PEOPLE - 1]
    assert compute(few, (), None, closed=False) is None


def test_whoever_voted_finds_themselves_where_their_dot_stands() -> None:
    made = compute(ROWS, (), None, closed=False)
    assert made is not None
    last = Last(made.reference, made.display, made.picture)
    for person in (0, 3, 11):
        place = place_of(last, [row for row in ROWS if row[0] == person])
        assert place is not None
        assert any((x, y) == place for x, y, _ in made.picture["dots"])
    assert place_of(last, []) is None


def test_a_first_map_was_not_turned_and_a_second_says_how_far_it_was() -> None:
    first = compute(ROWS, (), None, closed=False)
    assert first is not None
    last = Last(first.reference, first.display, first.picture)
    assert turned(last) is None
    second = compute(ROWS, (), last, closed=True)
    assert second is not None
    assert turned(Last(second.reference, second.display, second.picture)) == (0, False)
    assert second.picture == first.picture


# The picture

PLACES = some.lists(
    some.tuples(some.floats(-9, 9), some.floats(-9, 9), some.integers(-1, 4)), min_size=1, max_size=40
)


@given(PLACES)
def test_everybody_stands_inside_the_picture(places: list[tuple[float, float, int]]) -> None:
    frame = picture.frame([(x, y) for x, y, _ in places])
    dots = [(*picture.place((x, y), frame), group) for x, y, group in places]
    drawn = picture.drawing(dots, picture.LETTERS)
    assert all(0 < x < picture.WIDTH and 0 < y < picture.HEIGHT for x, y, _ in dots)
    assert sum(len(group["dots"]) for group in drawn["groups"]) + len(drawn["alone"]) == len(places)
    bottom = drawn["top"] + drawn["height"]
    assert all(drawn["top"] <= group["label"][1] <= bottom for group in drawn["groups"])


@given(some.lists(some.tuples(some.integers(0, 99), some.integers(0, 99)), min_size=3))
def test_an_outline_holds_every_member(points: list[tuple[int, int]]) -> None:
    outline = picture.hull(points)
    assert set(outline) <= set(points)
    sides = zip(outline, outline[1:] + outline[:1], strict=True)
    if len(outline) > 2:
        assert all(picture._turn(a, b, point) >= 0 for a, b in sides for point in points)


def test_the_frame_stays_while_everybody_fits_in() -> None:
    before = picture.frame([(-1.0, -1.0), (1.0, 1.0)])
    assert picture.frame([(-1.0, -1.0), (0.95, 1.0)], before) is before
    assert picture.frame([(-1.0, -1.0), (4.0, 1.0)], before) is not before
    assert picture.frame([(-0.2, -0.2), (0.2, 0.2)], before) is not before


def test_a_crowd_is_drawn_as_signs_that_grow_with_it() -> None:
    crowd = [(100 + n % 200, 100 + n % 7, 0) for n in range(picture.MOST_DOTS + 1)]
    drawn = picture.drawing(crowd, picture.LETTERS)
    assert drawn["binned"]
    assert drawn["groups"][0]["dots"] == []
    assert drawn["groups"][0]["size"] == len(crowd)
    assert drawn["groups"][0]["crowd"].count("M") < 20


# The list of statements


class Text:
    def __init__(self, folded: str) -> None:
        self.folded = folded


ROWS_OF_A_REPORT = {
    "statements": [
        {"number": 1, "everyone": [9, 1, 0], "groups": {"A": [5, 0, 0], "B": [4, 1, 0]}},
        {"number": 2, "everyone": [2, 8, 0], "groups": {"A": None, "B": None}},
        {"number": 3, "everyone": [5, 5, 2], "groups": {"A": [6, 0, 0], "B": [0, 5, 1]}},
    ]
}
TEXTS = {1: Text("the sea"), 2: Text("the river"), 3: Text("a river and the sea")}


def numbers(words: str = "", order: str = "", group: str = "") -> list[int]:
    return [row["number"] for row in listed(ROWS_OF_A_REPORT, TEXTS, words, order, group)]


def test_statements_are_found_by_their_words_and_put_in_order() -> None:
    assert numbers() == numbers(order="nonsense") == [1, 2, 3]
    assert numbers("RIVER") == [2, 3]
    assert numbers("river sea") == [3]
    assert numbers(order="agree") == [1, 3, 2]
    assert numbers(order="disagree") == [2, 3, 1]
    assert numbers(order="divided") == [3, 1, 2]
    assert numbers(order="votes") == [3, 1, 2]
    assert numbers(order="agree", group="A") == [1, 3, 2]


def test_a_statement_no_longer_put_to_anyone_is_not_listed() -> None:
    assert [row["number"] for row in listed(ROWS_OF_A_REPORT, {2: TEXTS[2]}, "", "", "")] == [2]
