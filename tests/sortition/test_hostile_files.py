"""Workbooks made to exhaust whoever opens them."""

import io
import zipfile

from openpyxl import Workbook

from sortition.spreadsheet import read_table


def bomb(megabytes: int) -> bytes:
    """A small workbook whose sheet unpacks to many megabytes."""
    plain, heavy = io.BytesIO(), io.BytesIO()
    book = Workbook()
    book.worksheets[0].append(["id", "gender"])
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(heavy, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            with target.open(name, "w") as part:
                part.write(source.read(name))
                if "sheet1" in name:
                    for _ in range(megabytes):
                        part.write(b" " * (1 << 20))
    return heavy.getvalue()


def test_a_workbook_that_unpacks_to_more_than_a_table_is_refused_before_it_is_read() -> None:
    table, problems = read_table(bomb(130), "pool.xlsx")
    assert table is None
    assert [str(problem) for problem in problems] == [
        "pool.xlsx holds more than 128 MB once unpacked. Delete what is not a table of people, or save it as CSV."
    ]
