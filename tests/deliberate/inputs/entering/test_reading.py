"""Spreadsheets and lines as people send them: read as text, each error with its place, nothing executed."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from deliberate.core.errors import Refusal
from deliberate.inputs.entering import rules
from deliberate.inputs.rules import FaultyEntry
from deliberate.inputs.spreadsheets import as_written, inert, read_text, write_csv, write_xlsx

LIVE = ["=1+1", "+33 6", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =1+1", "＝1"]


def workbook(*rows: list[Any]) -> Workbook:
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    return book


def saved(book: Workbook) -> bytes:
    found = io.BytesIO()
    book.save(found)
    return found.getvalue()


@pytest.mark.parametrize("text", LIVE)
def test_what_is_exported_is_no_formula_and_comes_back_as_it_was_written(text: str) -> None:
    assert inert(text).startswith("'")
    assert as_written(inert(text)) == text
    sheet: Any = load_workbook(io.BytesIO(write_xlsx(["answer"], [[text]]))).active
    assert sheet["A2"].data_type != "f"
    assert f"\n{text}" not in write_csv(["answer"], [[text]]).decode("utf-8-sig").replace("\r\n", "\n")


@given(st.text("a;,\t\n'\" =+-@＝", max_size=12))
@settings(max_examples=300, deadline=None)
def test_a_table_taken_apart_at_other_signs_holds_no_formula_and_comes_back_as_it_was(text: str) -> None:
    table = write_csv(["key", "answer"], [["c-1", text]]).decode("utf-8-sig")
    pieces = re.split("[;\t\r\n]", table)
    assert not [one for one in pieces if one.lstrip(' "').startswith(("=", "+", "-", "@", "＝"))]
    assert as_written(list(csv.reader(io.StringIO(table, newline="")))[1][1]) == text


@pytest.mark.parametrize("text", ["Du temps", "l'eau", "'quoted'", "3 = trois"])
def test_other_texts_are_exported_as_they_are(text: str) -> None:
    assert inert(text) == as_written(text) == text


def test_a_workbook_becomes_lines_with_the_places_it_had() -> None:
    book = workbook(
        ["nombre", "réponse", "composante"], [2, "Du temps; du calme", "A03"], [], [1.0, "Des amis"]
    )
    text = read_text(saved(book))
    lines = rules.read_lines(text, {"A03"})
    assert [(one.place, one.entry and one.entry.count) for one in lines] == [(2, 2), (4, 1)]
    assert lines[0].entry is not None
    assert lines[0].entry.text == "Du temps; du calme"


def test_every_formula_error_and_hidden_cell_is_refused_with_its_place() -> None:
    book = workbook(
        ["count", "statement", "secret"], [1, "Du temps", "x"], [1, '=HYPERLINK("http://x";"y")', None]
    )
    sheet: Any = book.active
    sheet["A4"], sheet["B4"] = 1, "#REF!"
    sheet["B4"].data_type = "e"
    sheet.column_dimensions["C"].hidden = True
    sheet.row_dimensions[4].hidden = True
    with pytest.raises(FaultyEntry) as refused:
        read_text(saved(book))
    said = [str(fault) for fault in refused.value.faults]
    assert any("Cell B3 holds a formula (=HYPERLINK" in one for one in said)
    assert any("Cell B4 holds an error" in one for one in said)
    assert any("Cell C2 is in a hidden column" in one for one in said)
    assert any("This row is hidden" in one for one in said)


def forged(change: Callable[[bytes], bytes] = lambda sheet: sheet, **more: bytes) -> bytes:
    """A workbook whose first sheet was changed by hand, with further parts."""
    content = saved(workbook(["statement"], ["Du temps"]))
    found = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            whole = old.read(part)
            new.writestr(part, change(whole) if part.startswith("xl/worksheets/") else whole)
        for name, whole in more.items():
            new.writestr(f"xl/media/{name}", whole)
    return found.getvalue()


def test_a_row_beyond_every_spreadsheet_is_not_waited_for() -> None:
    far = forged(
        lambda sheet: sheet.replace(b'r="2"', b'r="999999999999"').replace(b'"A2"', b'"A999999999999"')
    )
    assert read_text(far) == "statement\n"


def test_a_cell_far_to_the_right_is_not_waited_for() -> None:
    wide = forged(lambda sheet: sheet.replace(b'"A2"', b'"ZZZ2"'))
    assert read_text(wide) == "statement\n"


def test_an_entity_that_would_grow_without_end_is_refused() -> None:
    grown = b"".join(b'<!ENTITY e%d "%s">' % (n + 1, b"&e%d;" % n * 10) for n in range(9))
    head = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY e0 "aaaaaaaaaa">' + grown + b"]>"
    laughing = forged(lambda sheet: head + sheet.replace(b"<sheetData>", b"<sheetData><!-- -->&e9;"))
    with pytest.raises(Refusal, match="damaged"):
        read_text(laughing)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"  \n", "This file is empty"),
        (b"\xd0\xcf\x11\xe0 old", "old Excel format"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"\x89PNG\r\n\x1a\n\0\0", "neither text nor an Excel workbook"),
        (saved(Workbook()), "first sheet of this workbook is empty"),
        (b"1;Du temps\n" * 502, "more than 500 lines"),
        (forged(big=b"\0" * (65 << 20)), "more than 64 MB once unpacked"),
    ],
    ids=["blank", "xls", "broken", "picture", "empty sheet", "too long", "bomb"],
)
def test_a_file_that_cannot_be_taken_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        read_text(content, rules.ROWS_LIMIT)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_encodings_of_spreadsheets_are_read(encoding: str) -> None:
    assert read_text("1;Une journée à l’air".encode(encoding)).endswith("journée à l’air")


def test_every_fault_of_every_line_is_said_at_once() -> None:
    text = "deux;Du temps\n1;\n1;Du calme;Z9\n1;a;;k7mw3xpa\n1;b;;K7MW 3XPA\n1;c;;1234\n1;a;;;b"
    faults = rules.read_entries(text, set())[1]
    assert [fault.place for fault in faults] == [1, 2, 3, 5, 6, 7]
    assert all(str(fault) for fault in faults)


def test_text_that_looks_like_a_formula_markup_or_turns_around_stays_text() -> None:
    odd = ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "abc\u202egnp", "👩🏽‍🚀🌍"]
    statements, faults = rules.read_entries("statement\n" + "\n".join(odd), set())
    assert faults == []
    assert [one.text for one in statements] == odd


def test_a_repeated_text_points_to_where_it_stood_first() -> None:
    assert rules.repeated([(1, "Du temps"), (2, "du  Temps".replace("  ", " ")), (5, "Du calme")]) == {2: 1}


@pytest.mark.parametrize("typed", ["1/well-being", "1 WELL BEING", "1.well.being", "1wellbeing"])
def test_the_code_of_a_question_is_known_however_it_is_typed(typed: str) -> None:
    assert rules.question_code(typed, ["1/ill-being", "1/well-being"]) == "1/well-being"
