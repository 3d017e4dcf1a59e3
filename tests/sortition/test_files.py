import io
from datetime import date, datetime
from fractions import Fraction

import pytest
from openpyxl import Workbook

from sortition import Problem, Quota, Respondent, read_categories, read_respondents, write_respondents
from sortition.files.spreadsheet import read_table

CATEGORIES = "category,name,min,max\ngender,Femme,1,2\ngender,Homme,1,2\nâge,60 et plus,0,3\n"
QUOTAS = [Quota("gender", "Femme", 1, 2), Quota("gender", "Homme", 1, 2), Quota("âge", "60 et plus", 0, 3)]
RESPONDENTS = "id;GENDER;Âge;email\n7; femme ;60 et  plus;a@b.c\n8;HOMME;60 ET PLUS;d@e.f\n"


def told(problems: list[Problem]) -> list[str]:
    return [str(problem) for problem in problems]


def workbook(rows: list[list[object]]) -> bytes:
    book, data = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(data)
    return data.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_encodings_and_separators_of_spreadsheets_are_read(encoding: str, separator: str) -> None:
    data = CATEGORIES.replace(",", separator).encode(encoding)
    assert read_categories(data, "categories.csv") == (QUOTAS, [])


def test_an_excel_file_is_read() -> None:
    data = workbook([["Feature", "Value", "min", "max", "note"], ["gender", "Femme", 1.0, 2, None]])
    assert read_categories(data, "categories.xlsx") == ([Quota("gender", "Femme", 1, 2)], [])


def test_flexible_limits_are_read_and_may_be_left_blank() -> None:
    data = b"category,name,min,max,min_flex,max_flex\na,x,2,3,1,4\na,y,2,3,,\n"
    quotas, problems = read_categories(data, "c.csv")
    assert problems == []
    assert quotas == [Quota("a", "x", 2, 3, 1, 4), Quota("a", "y", 2, 3)]


def test_every_problem_of_the_quotas_is_told_at_once() -> None:
    data = b"category,name,min,max\na,x,3,2\na,X,one,2\n,y,0,-1\n"
    quotas, problems = read_categories(data, "c.csv")
    assert quotas == []
    assert told(problems) == [
        "Row 2 of c.csv: the minimum 3 is above the maximum 2 for “x”. Exchange or correct them.",
        "Row 3 of c.csv, column “min”: “one” is not a whole number of people.",
        "Row 3 of c.csv repeats “a: X”, already in row 2. Delete one of the two.",
        "Row 4 of c.csv has nothing in column “category”. Fill it in, or delete the row.",
        "Row 4 of c.csv, column “max”: “-1” is not a whole number of people.",
    ]
    assert [(problem.row, problem.column, problem.value) for problem in problems[:2]] == [
        (2, "min", 3),
        (3, "min", "one"),
    ]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [("a,x,1,2,2,3", "min_flex (2) is above min (1)"), ("a,x,1,2,0,1", "max_flex (1) is below max (2)")],
)
def test_flexible_limits_that_tighten_are_refused(row: str, sentence: str) -> None:
    _, problems = read_categories(f"category,name,min,max,min_flex,max_flex\n{row}\n".encode(), "c.csv")
    assert sentence in str(problems[0])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "c.csv is empty."),
        (b"\n \n", "c.csv is empty."),
        (b",,\n,,\n", "c.csv is empty."),
        (b"category,name,min,max\n", "c.csv has a header but no quota."),
        (b"category,name,min\n", "c.csv has no column “max”"),
        (b"category,name,min,max,min\n", "c.csv has two columns named “min”"),
        (b"category,name,min,max\na,b,1,2,3\n", "Row 2 of c.csv has more cells than the header"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel format"),
        (b"PK\x03\x04rest", "damaged"),
        (b"\x81\x00\xff", "neither a text file nor an Excel file"),
        (b'category,name,min,max\n"' + b"x" * 200_000, "cannot be read as CSV"),
    ],
)
def test_a_file_that_is_no_table_of_quotas_is_refused(data: bytes, sentence: str) -> None:
    quotas, problems = read_categories(data, "c.csv")
    assert quotas == []
    assert sentence in str(problems[0])


def test_values_match_whatever_their_case_and_spaces_and_every_column_is_kept() -> None:
    respondents, problems = read_respondents(RESPONDENTS.encode(), "r.csv", QUOTAS)
    assert problems == []
    assert [(person.id, dict(person.values)) for person in respondents] == [
        ("7", {"gender": "Femme", "âge": "60 et plus"}),
        ("8", {"gender": "Homme", "âge": "60 et plus"}),
    ]
    assert respondents[0].row == {"id": "7", "GENDER": "femme", "Âge": "60 et  plus", "email": "a@b.c"}


def test_every_problem_of_the_pool_is_told_at_once() -> None:
    data = "id;gender;âge\n1;Autre;60 et plus\n1;Femme;\n;Homme;60 et plus\n"
    respondents, problems = read_respondents(data.encode(), "r.csv", QUOTAS)
    assert respondents == []
    assert told(problems) == [
        "Row 2 of r.csv, column “gender”: “Autre” has no quota. Write one of: Femme, Homme.",
        (
            "Row 3 of r.csv, column “id”: the id “1” is already in row 2. If it is the same person, delete "
            "one row."
        ),
        "Row 3 of r.csv has nothing in column “âge”. Write one of: 60 et plus.",
        "Row 4 of r.csv has nothing in column “id”. Each person needs an id.",
    ]


def test_missing_columns_are_all_named() -> None:
    _, problems = read_respondents(b"name\nx\n", "r.csv", QUOTAS)
    assert [problem.column for problem in problems] == ["id", "gender", "âge"]


def test_a_pool_without_people_is_refused() -> None:
    _, problems = read_respondents(b"id,gender,\xc3\xa2ge\n", "r.csv", QUOTAS)
    assert told(problems) == ["r.csv has a header but nobody in it."]


def test_the_id_column_may_be_named() -> None:
    data = "number;gender;âge\nA1;Femme;60 et plus\n"
    respondents, _ = read_respondents(data.encode(), "r.csv", QUOTAS, id_column="Number")
    assert [person.id for person in respondents] == ["A1"]


def test_rows_after_a_cell_with_line_breaks_keep_their_numbers() -> None:
    data = 'id,gender,âge,note\n1,Femme,60 et plus,"two\nlines"\n2,Autre,60 et plus,\n'
    _, problems = read_respondents(data.encode(), "r.csv", QUOTAS)
    assert [problem.row for problem in problems] == [4]


def test_what_is_written_can_be_read_again() -> None:
    people = [Respondent("1", {"gender": "Femme"}, {"id": "1", "gender": "Femme", "note": 'a;b,"c"\né'})]
    for separator in ",;":
        again, problems = read_respondents(write_respondents(people, separator), "r.csv", QUOTAS[:2])
        assert problems == []
        assert again == people


def test_merged_cells_count_in_each_row_they_cover() -> None:
    book, data = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    rows: list[list[str | int | None]]
    rows = [["category", "name", "min", "max"], ["gender", "Femme", 1, 2], [None, "Homme", 1, 2]]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    book.save(data)
    assert read_categories(data.getvalue(), "c.xlsx") == (QUOTAS[:2], [])


def test_what_excel_does_to_cells_is_undone() -> None:
    moment = datetime.fromisoformat("2026-03-01T18:30:00")
    cells: list[list[object]]
    cells = [["id", "group"], [35.0, date(2026, 3, 1)], ["=1+1", True], [moment, 0.5]]
    table, problems = read_table(workbook(cells), "r.xlsx")
    assert problems == []
    assert table is not None
    read = [list(row.values()) for _, row in table.rows]
    assert read == [["35", "2026-03-01"], ["", "True"], ["2026-03-01T18:30:00", "0.5"]]


def test_the_line_by_which_excel_says_its_separator_is_understood() -> None:
    data = b"sep=;\r\ncategory;name;min;max\r\na;x,y;one;2\r\n"
    _, problems = read_categories(data, "c.csv")
    assert told(problems) == ["Row 3 of c.csv, column “min”: “one” is not a whole number of people."]


def test_separators_inside_quotes_do_not_count() -> None:
    data = b'category,name,min,max,"note; with; many; more; of; them"\na,x,1,2,\n'
    assert read_categories(data, "c.csv") == ([Quota("a", "x", 1, 2)], [])


def test_columns_that_differ_in_case_only_are_two_of_one_name() -> None:
    _, problems = read_respondents(b"id,Gender,gender\n1,Femme,Homme\n", "r.csv", QUOTAS[:2])
    assert told(problems) == ["r.csv has two columns named “gender”. Rename one of them."]


def test_an_unknown_value_is_told_with_the_nearest_that_is_known() -> None:
    _, problems = read_respondents(b"id,gender\n1,Fem\n2,xyz\n", "r.csv", QUOTAS[:2])
    assert told(problems) == [
        (
            "Row 2 of r.csv, column “gender”: “Fem” has no quota. Did you mean “Femme”? Write one of: Femme, "
            "Homme."
        ),
        "Row 3 of r.csv, column “gender”: “xyz” has no quota. Write one of: Femme, Homme.",
    ]


@pytest.mark.parametrize(
    ("column", "cells", "shares"),
    [
        ("population", ("51 %", "49,0 %"), ("51/100", "49/100")),
        ("Share", ("51", "49"), ("51/100", "49/100")),
        ("share", ("0.51", "0.49"), ("51/100", "49/100")),
        ("population", ("51/100", "49/100"), ("51/100", "49/100")),
        ("population", ("5 100", "4900"), ("51/100", "49/100")),
        ("population", ("30", "40"), ("3/7", "4/7")),
        ("population", ("51", ""), ("51/100", None)),
    ],
)
def test_shares_of_the_population_are_read_as_people_write_them(
    column: str, cells: tuple[str, str], shares: tuple[str, str | None]
) -> None:
    data = f"category;name;min;max;{column}\na;x;1;2;{cells[0]}\na;y;1;2;{cells[1]}\n"
    quotas, problems = read_categories(data.encode(), "c.csv")
    assert problems == []
    assert [quota.population for quota in quotas] == [share and Fraction(share) for share in shares]


def test_a_share_that_is_none_is_told() -> None:
    data = b"category,name,min,max,population\na,x,1,2,many\na,y,1,2,120 %\na,z,1,2,1/0\n"
    _, problems = read_categories(data, "c.csv")
    assert [(problem.row, problem.column, problem.value) for problem in problems] == [
        (2, "population", "many"),
        (3, "population", "120 %"),
        (4, "population", "1/0"),
    ]


def test_giant_numbers_are_refused_in_words() -> None:
    data = f"category,name,min,max,population\na,x,{'9' * 5000},2,{'9' * 5000}\n".encode()
    _, problems = read_categories(data, "c.csv")
    assert [problem.column for problem in problems] == ["min", "population"]
