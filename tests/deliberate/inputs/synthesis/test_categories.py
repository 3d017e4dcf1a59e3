"""Tables by category: what an attacker who knows everything else that is public can work out."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from deliberate.inputs.entering.acts import enter_paper
from deliberate.inputs.models import Question
from deliberate.inputs.synthesis.acts import place, write_line
from deliberate.inputs.synthesis.categories import Told, counted, protected
from deliberate.inputs.synthesis.queries import by_category, category_tables
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.process.models import Process

SMALLEST = 3
Counts = dict[str, dict[str, int]]


def worlds(shown: Mapping[str, int | None], total: int) -> Iterator[dict[str, int]]:
    """Every row that gives what is shown, among `total` people of whom any number said nothing."""
    hidden = [column for column, n in shown.items() if n is None]
    known = {column: n for column, n in shown.items() if n is not None}
    left = total - sum(known.values())
    for guess in product(range(left + 1), repeat=len(hidden)):
        if sum(guess) <= left:
            yield {**known, **dict(zip(hidden, guess, strict=True))}


tables = st.integers(2, 3).flatmap(
    lambda width: st.dictionaries(
        st.sampled_from("ABC"),
        st.tuples(
            st.lists(st.integers(0, 9), min_size=width, max_size=width),
            st.integers(0, 4),
        ),
        min_size=1,
    )
)


@given(tables)
def test_nothing_hidden_follows_from_what_is_public(found: dict[str, tuple[list[int], int]]) -> None:
    """The attacker tries every row that the public figures allow: each hidden count stays open, up and down."""
    table: Counts = {
        row: {f"v{n}": count for n, count in enumerate(cells)} for row, (cells, _) in found.items()
    }
    totals = {row: sum(cells) + silent for row, (cells, silent) in found.items()}
    shown = protected(table, totals, SMALLEST)
    for row, cells in shown.items():
        for column, n in cells.items():
            if n is None:
                possible = {world[column] for world in worlds(cells, totals[row])}
                assert max(possible) - min(possible) >= min(SMALLEST, totals[row])
            else:
                assert n == table[row][column]
                assert SMALLEST <= n <= totals[row] - SMALLEST
    for row, cells in shown.items():
        assert any(n is not None for other in shown.values() for n in [other[c] for c in cells]), row


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
    shown = by_category(session, process, 1, "gender")
    assert shown == {"A": {"woman": 9}}
    assert category_tables(session, process, 1) == {"gender": shown}
