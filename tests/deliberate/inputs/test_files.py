"""Files as careless and hostile hands send them: everything wrong is said, nothing breaks."""

import csv
import io

import pytest

from deliberate.inputs.entering.rules import read_statements
from deliberate.inputs.experience.rules import csv_columns, csv_row, read_file, read_lesson
from deliberate.inputs.synthesis.rules import read_grid

LONG_CELL = "x" * 200_000
LESSON = '[{"outcome": "worked", "title": {"fr": "%s"}, "tried": {"fr": "a"}, "teaches": {"fr": "b"}}]'


@pytest.mark.parametrize(
    "text",
    [
        LONG_CELL,
        f"outcome,title_fr\nworked,{LONG_CELL}",
        '"outcome,title_fr\nworked',
        "[" * 100_000,
        LESSON % r"\ud800",
        LESSON % r"\u0000",
        '[{"outcome": 1e999}, 3]',
    ],
)
def test_lessons_that_cannot_be_read_are_a_fault(text: str) -> None:
    assert read_file(text)[1]


def test_a_ledger_in_a_cell_that_spells_a_character_that_is_none_is_a_fault() -> None:
    assert read_file('outcome,title_fr,validation\nworked,x,"[{""who"": {""fr"": ""\\ud800""}}]"')[1]


def test_a_giant_goal_is_a_fault() -> None:
    assert "1 to 17" in str([str(fault) for fault in read_lesson({"sdg": ["9" * 5000]}, 1)[1]])


@pytest.mark.parametrize("text", [LONG_CELL, f"code,component,en,fr\nA,A1,{LONG_CELL},x"])
def test_a_grid_that_cannot_be_read_is_a_fault(text: str) -> None:
    assert read_grid(text)[1]


@pytest.mark.parametrize("text", [LONG_CELL, f"1;{LONG_CELL}", f"{'9' * 5000};a", "²;a"])
def test_answers_that_cannot_be_read_are_a_fault(text: str) -> None:
    assert read_statements(text, set())[1]


def test_the_faults_of_a_grid_name_their_line() -> None:
    faults = read_grid("code,component,en,fr\nA,,x,y\nA,,x,y\n")[1]
    assert [fault.place for fault in faults] == [3]


def test_a_lesson_in_a_table_is_no_formula_and_comes_back_as_it_was_written() -> None:
    given = {"outcome": "worked", "tried": {"fr": "a"}, "teaches": {"fr": "b"}, "title": {"fr": "=1+1"}}
    lesson, faults = read_lesson(given, 1)
    assert faults == []
    out = io.StringIO()
    writer = csv.DictWriter(out, csv_columns(["fr"]))
    writer.writeheader()
    writer.writerow(csv_row(lesson, ["fr"]))
    assert "'=1+1" in out.getvalue()
    assert read_file(out.getvalue())[0][0]["title"] == {"fr": "=1+1"}
