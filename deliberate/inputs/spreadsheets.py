"""Tables as people keep them, CSV or XLSX: read without executing anything, written without a live formula.

Pure. What a spreadsheet hides, or computes by a formula, is refused with its place: whoever sends a file must have
been able to see what it says.
"""

import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils.cell import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from deliberate.core.errors import N_, Refusal
from deliberate.inputs.rules import Fault, FaultyEntry

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Where a spreadsheet begins another cell when it takes the commas of a table for text, as it does in France.
BREAK = "[;\t\r\n]"
BROKEN = re.compile(f"({BREAK})([ '\"]*)(?=[-=+@＝＋－＠])")
MENDED = re.compile(f"({BREAK})'([ '\"]*)(?=[-=+@＝＋－＠])")
ZIP_START, OLD_EXCEL_START = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_UNPACKED = 64 << 20
MOST_ROWS = 200_000
MOST_COLUMNS = 200
TOO_WIDE = N_("The first line has more than %(most)d columns. Take out those that are not needed.")
# The last row that any spreadsheet has; a file may claim another.
LAST_ROW = 1 << 20
# What reading a workbook that is damaged, locked or made to confuse may raise.
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, struct.error, InvalidFileException, LookupError, ArithmeticError, ValueError,
    TypeError, AttributeError, SyntaxError, OSError, EOFError, RuntimeError, RecursionError,
)  # fmt: skip

Row = tuple[int, list[Any]]


# Written


def inert(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: anyone may have written it."""
    return f"'{text}" if text.lstrip(" '").startswith(FORMULA_STARTS) else text


def inert_in_csv(text: str) -> str:
    """The same for a table whose cells another spreadsheet may break elsewhere: no piece of it is a formula either."""
    return inert(BROKEN.sub(r"\1'\2", text))


def as_written(text: str) -> str:
    """The cell without the marks that keep it from being a formula."""
    plain = text[1:] if text.startswith("'") and inert(text[1:]) == text else text
    return MENDED.sub(r"\1\2", plain)


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[object]], delimiter: str = ",") -> bytes:
    """Rows as CSV in UTF-8, with the mark by which spreadsheets recognise it. No cell is a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(columns)
    writer.writerows([_written(cell, inert_in_csv) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as a workbook of one sheet, its first row kept in view. No cell is a formula."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet()
    sheet.freeze_panes = "A2"
    for number, name in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = max(12, len(name) + 2)
    sheet.append(list(columns))
    for row in rows:
        sheet.append([_written(cell, inert) for cell in row])
    found = io.BytesIO()
    book.save(found)
    return found.getvalue()


def _written(cell: object, tamed: Callable[[str], str]) -> str | int:
    """Whole numbers stay numbers; everything else is text, without the characters that a workbook cannot hold."""
    return cell if isinstance(cell, int) else tamed(ILLEGAL_CHARACTERS_RE.sub("", str(cell)))


# Read


def read_text(content: bytes, most_rows: int = MOST_ROWS) -> str:
    """What a CSV or XLSX file says, as CSV. Raises Refusal, or FaultyEntry with every cell that cannot be taken."""
    if not content.strip():
        raise Refusal(N_("This file is empty."), field="file")
    if content.startswith(OLD_EXCEL_START):
        raise Refusal(
            N_(
                "This file is in the old Excel format (.xls). Save it as .xlsx or as CSV, then send it again."
            ),
            field="file",
        )
    if content.startswith(ZIP_START):
        return _as_csv(_sheet(content, most_rows))
    text = _decoded(content)
    if text.count("\n") > most_rows:
        raise _too_long(most_rows)
    return text


def _too_long(most_rows: int) -> Refusal:
    return Refusal(
        N_("This file has more than %(most)d lines. Split it, then send its parts one after the other."),
        field="file",
        most=most_rows,
    )


def _decoded(content: bytes) -> str:
    """Text in the encodings of spreadsheets: UTF-8, UTF-16 with its mark, or that of western Europe."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refusal(
        N_(
            "This file is neither text nor an Excel workbook (.xlsx). Save it as CSV (UTF-8) or as .xlsx, then send it again."
        ),
        field="file",
    )


def _sheet(content: bytes, most_rows: int) -> list[Row]:
    """The filled rows of the first sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > MOST_UNPACKED:
            raise Refusal(
                N_(
                    "This workbook holds more than %(most)d MB once unpacked. Save what is needed of it as CSV."
                ),
                field="file",
                most=MOST_UNPACKED >> 20,
            )
        rows, faults = _read_sheet(content, most_rows)
    except UNREADABLE as error:
        raise Refusal(
            N_(
                "This file is damaged or is not an Excel workbook (.xlsx). Save it again, then send it again."
            ),
            field="file",
        ) from error
    if faults:
        raise FaultyEntry(faults)
    if not rows:
        raise Refusal(
            N_("The first sheet of this workbook is empty: only the first one is read."), field="file"
        )
    if len(rows) > most_rows:
        raise _too_long(most_rows)
    return rows


def _read_sheet(content: bytes, most_rows: int) -> tuple[list[Row], list[Fault]]:
    book = load_workbook(io.BytesIO(content), read_only=True)
    sheet: Any = book.worksheets[0]
    sheet.reset_dimensions()  # a file may claim a million columns: only cells that are there are read
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        columns, hidden_rows = _hidden(parts.read(sheet._worksheet_path))
    rows: list[Row] = []
    faults: list[Fault] = []
    missing: Any = None
    for number, cells in enumerate(sheet.iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS), start=1):
        if cells is missing:
            continue
        filled = [cell for cell in cells if cell.value not in (None, "")]
        if not filled:
            missing = cells  # rows that a file leaves out are all the same one
            continue
        if len(rows) > most_rows:
            break
        if number in hidden_rows:
            faults.append(Fault(number, N_("This row is hidden in the workbook. Show it, or delete it."), {}))
        faults += [fault for cell in filled if (fault := _cell_fault(cell, number, columns))]
        rows.append((number, [_said(cell.value) for cell in cells]))
    return rows, faults[:200]


def _cell_fault(cell: Any, row: int, hidden: list[range]) -> Fault | None:
    """What keeps a cell from being taken: a formula, the error of one, or a column that nobody sees."""
    place = f"{get_column_letter(cell.column)}{row}"
    if cell.data_type == "f":
        said = N_("Cell %(cell)s holds a formula (%(formula)s). Write in its place what it should say.")
        return Fault(row, said, {"cell": place, "formula": str(cell.value)[:60]})
    if cell.data_type == "e":
        return Fault(
            row, N_("Cell %(cell)s holds an error. Write in its place what it should say."), {"cell": place}
        )
    if any(cell.column in columns for columns in hidden):
        return Fault(
            row, N_("Cell %(cell)s is in a hidden column. Show the column, or delete it."), {"cell": place}
        )
    return None


def _hidden(sheet: bytes) -> tuple[list[range], set[int]]:
    """The columns and rows that the sheet does not show."""
    columns = []
    for column in re.findall(rb"<(?:\w+:)?col\s[^>]{0,300}>", sheet[: 1 << 20]):
        if re.search(rb'hidden="(?:1|true)"', column):
            first, last = (re.search(name + rb'="(\d{1,7})"', column) for name in (rb"min", rb"max"))
            if first and last:
                columns.append(range(int(first[1]), int(last[1]) + 1))
    rows = re.findall(rb'<(?:\w+:)?row\s(?=[^>]{0,300}hidden="(?:1|true)")[^>]{0,300}?\br="(\d{1,7})"', sheet)
    return columns, {int(row) for row in rows}


def _said(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value).strip()


def _as_csv(rows: list[Row]) -> str:
    """Each row on the line that it has in the sheet, as long as no cell holds several lines."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    for cells in _with_blanks(rows):
        while cells and not cells[-1]:
            cells.pop()
        writer.writerow(cells)
    return text.getvalue()


def _with_blanks(rows: list[Row]) -> Iterator[list[Any]]:
    before = 0
    for number, cells in rows:
        if number - before < MOST_ROWS:
            yield from ([] for _ in range(number - before - 1))
        before = number
        yield cells
