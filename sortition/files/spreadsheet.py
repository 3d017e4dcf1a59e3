"""Tables as organisers keep them: CSV in the encodings and separators of spreadsheets, or XLSX."""

import csv
import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from sortition.problems import Problem

ZIP_START = b"PK\x03\x04"
OLD_EXCEL_START = b"\xd0\xcf\x11\xe0"
SEPARATORS = ",;\t"
SAID_SEPARATOR = re.compile(r'"?sep=([,;\t])"?', re.IGNORECASE)
MOST_UNPACKED = 128 << 20
MOST_CELLS = 10_000_000
MOST_COLUMNS = 1000
MOST_MERGED = 2000
# What reading a workbook that is damaged, locked or made to confuse may raise.
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, struct.error, InvalidFileException, LookupError, ArithmeticError, ValueError,
    TypeError, AttributeError, SyntaxError, OSError, EOFError, RuntimeError, RecursionError,
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """`columns` as written in the header; `rows` as (row number in the file, column → text)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]

    def column(self, *names: str) -> str | None:
        """The column that bears the first of these names to be there, as the header spells it."""
        spelt = {folded(name): name for name in self.columns}
        return next((spelt[folded(name)] for name in names if folded(name) in spelt), None)

    def lacks(self, filename: str, column: str) -> Problem:
        """That a column is not there."""
        sentence = "%(file)s has no column “%(column)s”. Add it, or rename one of its columns: %(found)s."
        return Problem(sentence, {"file": filename, "column": column, "found": ", ".join(self.columns)})


def read_table(data: bytes, filename: str) -> tuple[Table | None, list[Problem]]:
    """The table in `data`, or the problems that keep it from being read. Blank rows are left out."""
    if not data.strip():
        return None, [Problem("%(file)s is empty.", {"file": filename})]
    if data.startswith(OLD_EXCEL_START):
        return None, [
            Problem(
                "%(file)s is in the old Excel format (.xls). Save it as .xlsx or as CSV, then try again.",
                {"file": filename},
            )
        ]
    lines, problems = _xlsx(data, filename) if data.startswith(ZIP_START) else _csv(data, filename)
    if problems:
        return None, problems
    return _table(lines, filename)


def write_table(columns: Sequence[str], rows: Iterable[Mapping[str, str]], separator: str = ",") -> bytes:
    """The rows as CSV in UTF-8, with the mark by which spreadsheets recognise it."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore", delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def separator_of(data: bytes) -> str:
    """The separator that the header of a CSV file uses most."""
    header = re.split(rb"[\r\n]", data.lstrip(), maxsplit=1)[0].decode("utf-8", "replace")
    said = SAID_SEPARATOR.fullmatch(header.strip(" "))
    return said[1] if said else max(SEPARATORS, key=re.sub(r'"[^"]*"', "", header).count)


Lines = list[tuple[int, list[str]]]


def _csv(data: bytes, filename: str) -> tuple[Lines, list[Problem]]:
    text = _decoded(data)
    if text is None or "\0" in text:
        sentence = (
            "%(file)s is neither a text file nor an Excel file (.xlsx). Save it as CSV (UTF-8), then try "
            "again."
        )
        return [], [Problem(sentence, {"file": filename})]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text.encode()))
    lines: Lines = []
    start = 1
    try:
        for cells in reader:
            if not (start == 1 and SAID_SEPARATOR.fullmatch(text.partition("\n")[0].strip())):
                lines.append((start, [cell.strip() for cell in cells]))
            start = reader.line_num + 1
    except csv.Error as error:
        sentence = "Row %(row)d of %(file)s cannot be read as CSV (%(error)s). Save the file again as CSV."
        return [], [Problem(sentence, {"file": filename, "row": start, "error": str(error)})]
    return lines, []


def _decoded(data: bytes) -> str | None:
    for encoding in _encodings(data):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _encodings(data: bytes) -> list[str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ["utf-16"]
    if b"\0" in data[:2]:
        return ["utf-16-be" if data[:1] == b"\0" else "utf-16-le"]
    return ["utf-8-sig", "cp1252"]


def _xlsx(data: bytes, filename: str) -> tuple[Lines, list[Problem]]:
    try:
        if _unpacked(data) > MOST_UNPACKED:
            sentence = (
                "%(file)s holds more than %(most)d MB once unpacked. Delete what is not a table of people, or "
                "save it as CSV."
            )
            return [], [Problem(sentence, {"file": filename, "most": MOST_UNPACKED >> 20})]
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # a file may claim a million columns: only cells that are there are read
        lines = _filled(sheet.iter_rows(values_only=True))
        if lines is None:
            sentence = "%(file)s has more than %(most)d cells. Delete what is not a table of people."
            return [], [Problem(sentence, {"file": filename, "most": MOST_CELLS})]
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            _unmerge(lines, parts.read(sheet._worksheet_path))
    except UNREADABLE:
        sentence = "%(file)s is damaged or is not an Excel file (.xlsx). Save it again, then try again."
        return [], [Problem(sentence, {"file": filename})]
    return lines, []


def _filled(rows: Iterable[Sequence[object]]) -> Lines | None:
    """The rows that are not empty, as texts; None when they have too many cells."""
    lines: Lines = []
    left = MOST_CELLS
    for number, cells in enumerate(rows, start=1):
        texts = [_cell(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        left -= len(texts)
        if left < 0:
            return None
        if texts:
            lines.append((number, texts))
    return lines


def _unmerge(lines: Lines, sheet: bytes) -> None:
    """Write the text of merged cells into each of them; a category is often written once beside its values."""
    by_number = dict(lines)
    merged = re.findall(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z0-9:]{1,24})"', sheet)[:MOST_MERGED]
    for place in merged:
        left, top, right, bottom = (int(bound or 0) for bound in range_boundaries(place.decode()))
        text = dict(enumerate(by_number.get(top, []), start=1)).get(left)
        if not text or right > MOST_COLUMNS:
            continue
        for number in range(max(top, 1), min(bottom, top + len(lines)) + 1):
            cells = by_number.get(number)
            if cells is not None:
                cells += [""] * (right - len(cells))
                cells[left - 1 : right] = [text] * (right - left + 1)


def _unpacked(data: bytes) -> int:
    """How many bytes the parts of a workbook take: what its directory says is what reading it stops at."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return sum(part.file_size for part in parts.infolist())


def _cell(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    return str(cell).strip()


def _table(lines: Lines, filename: str) -> tuple[Table | None, list[Problem]]:
    filled = [(number, cells) for number, cells in lines if any(cells)]
    if not filled:
        return None, [Problem("%(file)s is empty.", {"file": filename})]
    (first, header), *body = filled
    if len(header) > MOST_COLUMNS:
        sentence = "%(file)s has more than %(most)d columns. Delete those that are not needed."
        return None, [Problem(sentence, {"file": filename, "most": MOST_COLUMNS})]
    columns = [name for name in header if name]
    known = [folded(name) for name in columns]
    problems = [
        Problem(
            "%(file)s has two columns named “%(column)s”. Rename one of them.",
            {"file": filename, "row": first, "column": name},
        )
        for place, name in enumerate(columns)
        if known.index(folded(name)) < place
    ]
    for number, cells in body:
        if any(cells[len(header) :]):
            sentence = (
                "Row %(row)d of %(file)s has more cells than the header has columns. Check its separators "
                "and quotes."
            )
            problems.append(Problem(sentence, {"file": filename, "row": number}))
    rows = [(number, _named(header, cells)) for number, cells in body]
    return (None, problems) if problems else (Table(tuple(columns), tuple(rows)), [])


def _named(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    padded = [*cells, *[""] * (len(header) - len(cells))]
    return {name: cell for name, cell in zip(header, padded, strict=False) if name}


def folded(text: str) -> str:
    """A text as names and values are compared: without case, in one spelling of accents, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()
