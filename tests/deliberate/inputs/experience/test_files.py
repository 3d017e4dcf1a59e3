"""Lessons as files: they come back as they went, hostile files break nothing, and no cell is a formula."""

import io
import json
from typing import Any

import pytest
from openpyxl import load_workbook

from deliberate.inputs.experience.files import EXAMPLE, FORMS, read_file
from deliberate.inputs.experience.rules import read_lesson
from deliberate.inputs.spreadsheets import read_text

LONG_CELL = "x" * 200_000
LESSON = '[{"outcome": "worked", "title": {"fr": "%s"}, "tried": {"fr": "a"}, "teaches": {"fr": "b"}}]'
HARD: dict[str, Any] = {
    "key": "l-hard",
    "outcome": "failed",
    "title": {"fr": "=1+1", "en": "@SUM(A1)", "ar": "الوقت"},
    "context": {"fr": 'Ligne une\nligne « deux »; "trois"'},
    "tried": {"fr": "'=déjà"},
    "teaches": {"en": "Emoji 👩🏽‍🌾 and , commas"},
    "territory": "-Ville",
    "country": "France",
    "level": "local",
    "theme": "time",
    "paragraph": "007",
    "sectors": ["care; housing", "[1]"],
    "tags": ["+plus"],
    "sources": ["https://example.org/?a=1;b=2", "A meeting"],
    "sdg": [3, 11],
    "validation": [{"criterion": {"fr": "Vu"}, "who": {"fr": "Nous"}, "how": {}, "dissent": {"fr": "=non"}}],
}


@pytest.mark.parametrize("form", list(FORMS))
@pytest.mark.parametrize("record", [HARD, EXAMPLE])
def test_a_lesson_comes_back_from_a_file_exactly_as_it_went(form: str, record: dict[str, Any]) -> None:
    lesson, faults = read_lesson(record, 1)
    assert faults == []
    write, _mimetype = FORMS[form]
    (entry,), wrong = read_file(read_text(write([lesson])))
    assert wrong == []
    assert read_lesson(entry, 1) == (lesson, [])


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    lesson, _faults = read_lesson(HARD, 1)
    book = load_workbook(io.BytesIO(FORMS["xlsx"][0]([lesson])))
    assert not [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        LONG_CELL,
        f"outcome,title_fr\nworked,{LONG_CELL}",
        f"outcome,title_fr{',' * 10**6}\n" + "worked\n" * 10**4,
        '"outcome,title_fr\nworked',
        "[" * 100_000,
        LESSON % r"\ud800",
        LESSON % r"\u0000",
        '[{"outcome": 1e999}, 3]',
        json.dumps([{}] * 5001),
        'outcome,title_fr,validation\nworked,x,"[{""who"": {""fr"": ""\\ud800""}}]"',
    ],
)
def test_a_file_that_cannot_be_read_is_a_fault_and_no_lesson(text: str) -> None:
    assert read_file(text)[1]


def test_a_giant_goal_is_a_fault() -> None:
    assert "1 to 17" in str([str(fault) for fault in read_lesson({"sdg": ["9" * 5000]}, 1)[1]])


def test_signs_that_turn_text_around_do_not_stay() -> None:
    lesson, _faults = read_lesson({"title": {"en": "a\u202eb"}, "territory": "x\u2066y\x00"}, 1)
    assert lesson["title"] == {"en": "ab"}
    assert lesson["territory"] == "xy"
