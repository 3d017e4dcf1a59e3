"""Tables by category: what an attacker who knows everything else that is public can work out."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from deliberate.inputs.models import Question
from deliberate.inputs.synthesis.acts import place, write_line
from deliberate.inputs.synthesis.categories import Told, counted, protected
from deliberate.inputs.synthesis.queries import category_tables
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.process.models import Process
from tests.deliberate.inputs.paper import enter_paper

SMALLEST = 3
Counts = dict[str, dict[str, int]]


def shared_out(people: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Every way of sharing people out among cells."""
    if cells == 1:
        yield (people,)
        return
    for first in range(people + 1):
        for rest in shared_out(people - first, cells - 1):
            yield (first, *rest)


def possible(cells: Mapping[str, int | None], everyone: int, unnamed: int) -> list[set[int]]:
    """What each count that is not shown may be, to someone who knows how many are on the row, and that nobody there
    kept silent about themselves: with columns that are not named, some of them may stand there."""
    hidden = [n for n in cells.values() if n is None]
    left = everyone - sum(n for n in cells.values() if n is not None)
    ways = shared_out(left, len(hidden) + unnamed) if hidden else ()
    return [set(found) for found in list(zip(*ways, strict=True))[: len(hidden)]]


tables = st.integers(2, 4).flatmap(
    lambda width: st.dictionaries(
        st.sampled_from("ABC"), st.lists(st.integers(0, 6), min_size=width, max_size=width), min_size=1
    )
)


@settings(max_examples=300, deadline=None)
@example({"A": [4, 4, 1, 1]})
@example({"A": [5, 4, 1], "B": [6, 5, 4]})
@given(tables)
def test_nothing_hidden_follows_from_what_is_public(found: dict[str, list[int]]) -> None:
    """The attacker knows the sum of every row, and tries every way of sharing out what is not shown."""
    table: Counts = {row: {f"v{n}": count for n, count in enumerate(cells)} for row, cells in found.items()}
    totals = {row: sum(cells) for row, cells in found.items()}
    shown = protected(table, totals, SMALLEST)
    for row, cells in shown.items():
        for may_be in possible(cells, totals[row], len(table[row]) - len(cells)):
            assert max(may_be) - min(may_be) >= min(SMALLEST, totals[row])
        for column, n in cells.items():
            assert n is None or (n == table[row][column] and SMALLEST <= n <= totals[row] - SMALLEST)


@given(tables)
def test_no_column_has_one_count_alone_that_is_not_shown(found: dict[str, list[int]]) -> None:
    """So that somebody who knows how many of a group spoke at all cannot take the others off."""
    table: Counts = {row: {f"v{n}": count for n, count in enumerate(cells)} for row, cells in found.items()}
    shown = protected(table, {row: sum(cells) for row, cells in found.items()}, SMALLEST)
    for column in next(iter(shown.values()), {}):
        assert len(shown) == 1 or [cells[column] for cells in shown.values()].count(None) != 1


def test_a_value_of_which_nothing_can_be_shown_is_not_named() -> None:
    table = {"A": {"baker": 8, "mayor": 1, "nurse": 7}, "B": {"baker": 9, "mayor": 0, "nurse": 9}}
    shown = protected(table, {"A": 30, "B": 30})
    assert "mayor" not in str(shown)


def test_a_group_that_is_nearly_everyone_on_a_dimension_is_not_shown() -> None:
    assert protected({"A": {"woman": 12, "man": 0}}, {"A": 12}) == {}
    assert protected({"A": {"woman": 12, "man": 9}}, {"A": 21}) == {"A": {"woman": 12, "man": 9}}


def test_words_on_two_lines_of_a_dimension_count_their_people_once() -> None:
    told = [Told(1, "A", 6, "Nurse"), Told(1, "A", 6, "Nurse"), Told(1, "B", 6, "Nurse"), Told(2, "A", 2, "nurse"), Told(3, "A", 9, "")]  # fmt: skip
    assert counted(told) == ({"A": {"Nurse": 8}, "B": {"Nurse": 6}}, {"A": 17, "B": 6})


@pytest.mark.usefixtures("question")
def test_reading_by_category_hides_small_cells(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    actor = Actor(organiser.id)
    people = [("woman", 9), ("man", 7), ("other", 2)]
    placed = [
        enter_paper(
            session, actor, process, question, f"{count};Time", "en", now, categories={"gender": said}
        )[0]
        for said, count in people
    ]
    place(
        session, actor, process, write_line(session, actor, process, 1, "A05", {"en": "T"}, now), placed, now
    )
    shown = category_tables(session, process, 1)["gender"]
    assert shown == {"A": {"woman": 9}}
    assert category_tables(session, process, 1) == {"gender": shown}
