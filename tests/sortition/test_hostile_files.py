"""Files made to exhaust whoever opens them, and files that are nothing at all."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from sortition import Quota, read_categories, read_respondents
from sortition.files.households import doubtful, normalised, read_review
from sortition.files.spreadsheet import read_table

QUOTAS = [Quota("gender", "woman", 1, 2), Quota("gender", "man", 1, 2)]
SHEET = "xl/worksheets/sheet1.xml"


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


@cache
def small() -> bytes:
    """A workbook of quotas; made once, as it holds the time at which it was made."""
    data, book = io.BytesIO(), Workbook()
    rows: list[list[str | int]]
    rows = [["category", "name", "min", "max"], ["gender", "woman", 1, 2], ["gender", "man", 1, 2]]
    for row in rows:
        book.worksheets[0].append(row)
    book.worksheets[0].merge_cells("A2:A3")
    book.save(data)
    return data.getvalue()


def changed(change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with its sheet changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(small())) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            part = source.read(name)
            target.writestr(name, change(part) if name == SHEET else part)
    return out.getvalue()


def peak(data: bytes) -> int:
    """The most bytes that reading took."""
    tracemalloc.start()
    try:
        read_table(data, "pool.xlsx")
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_sheet_that_claims_a_million_rows_and_columns_takes_no_more_than_its_cells() -> None:
    claimed = changed(
        lambda sheet: sheet.replace(b'<dimension ref="A1:D3"', b'<dimension ref="A1:XFD1048576"')
    )
    assert claimed != small()
    assert peak(claimed) < 4 << 20
    assert len(read_categories(claimed, "c.xlsx")[0]) == 2
    huge = changed(lambda sheet: sheet.replace(b'ref="A2:A3"', b'ref="A2:XFD1048576"'))
    assert peak(huge) < 4 << 20


def test_many_rows_with_a_cell_at_the_far_end_are_refused() -> None:
    far = b"".join(
        b'<row r="%d"><c r="XFD%d" t="inlineStr"><is><t>x</t></is></c></row>' % (n, n) for n in range(1, 1000)
    )

    def put(sheet: bytes) -> bytes:
        start, end = sheet.index(b"<sheetData>") + 11, sheet.index(b"</sheetData>")
        return sheet[:start] + far + sheet[end:]

    _, problems = read_table(changed(put), "pool.xlsx")
    assert [str(problem) for problem in problems] == [
        "pool.xlsx has more than 10000000 cells. Delete what is not a table of people."
    ]


def test_a_header_of_a_million_columns_is_refused() -> None:
    _, problems = read_table(b"," * 1_000_000 + b"x\n" + b"1\n" * 1000, "pool.csv")
    assert [str(problem) for problem in problems] == [
        "pool.csv has more than 1000 columns. Delete those that are not needed."
    ]


def every_reader(data: bytes) -> None:
    """Whatever it is, it is read or refused in sentences."""
    for _, problems in (
        read_table(data, "f"),
        read_categories(data, "f"),
        read_respondents(data, "f", QUOTAS, None, ["name"]),
        read_review(data, "f"),
    ):
        for problem in problems:
            assert str(problem)


letters = st.sampled_from([*'a,;\t"\n\r %/-0123456789.éß\0\ufeff=<>', "gender", "id", "min", "population"])
headers = st.sampled_from(["", "category;name;min;max;share\n", "id,gender,name\n", "\ufeffid\tgender\n"])


@settings(max_examples=60, deadline=None)
@given(
    header=headers,
    text=st.lists(letters, max_size=60).map("".join),
    code=st.sampled_from(["utf-8", "utf-16"]),
)
def test_no_text_raises_anything_but_sentences(header: str, text: str, code: str) -> None:
    every_reader((header + text).encode(code))


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=200), start=st.sampled_from([b"", b"PK\x03\x04", b"id,gender\n", b"\xff\xfe"]))
def test_no_bytes_raise_anything_but_sentences(data: bytes, start: bytes) -> None:
    every_reader(start + data)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_damage_to_a_workbook_raises_anything_but_sentences(data: st.DataObject) -> None:
    book = bytearray(small())
    for place, byte in data.draw(
        st.lists(st.tuples(st.integers(0, len(book) - 1), st.integers(0, 255)), min_size=1, max_size=12)
    ):
        book[place] = byte
    every_reader(bytes(book[: data.draw(st.integers(1, len(book)))]))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_damage_inside_a_sheet_raises_anything_but_sentences(data: st.DataObject) -> None:
    def damage(sheet: bytes) -> bytes:
        for _ in range(data.draw(st.integers(1, 3))):
            place, length = data.draw(st.integers(0, len(sheet))), data.draw(st.integers(0, 30))
            filling = st.sampled_from(
                [b"", b"<", b"999999999999", b"&x;", b's="77"', b't="e"', b"\xff", b"XFD9"]
            )
            sheet = sheet[:place] + data.draw(filling) + sheet[place + length :]
        return sheet

    every_reader(changed(damage))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"])
def test_a_workbook_without_one_of_its_parts_is_refused(part: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(small())) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            if name != part:
                target.writestr(name, source.read(name))
    every_reader(out.getvalue())


@given(addresses=st.lists(st.text(max_size=30), max_size=8))
def test_no_address_raises(addresses: list[str]) -> None:
    said = [normalised(address) for address in addresses]
    doubtful(said)
