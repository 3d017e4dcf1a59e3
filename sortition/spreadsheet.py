"""Tables as organisers keep them: CSV in the encodings and separators of spreadsheets, or XLSX."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from sortition.problems import Problem

ZIP_START = b"PK\x03\x04"
OLD_EXCEL_START = b"\xd0\xcf\x11\xe0"
SEPARATORS = ",;\t"
MOST_UNPACKED = 128 << 20


@dataclass(frozen=True)
class Table:
    """`columns` as written in the header; `rows` as (row number in the file, column → text)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]


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
    header = data.split(b"\n", 1)[0].decode("utf-8", "replace")
    return max(SEPARATORS, key=header.count)


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
            lines.append((start, [cell.strip() for cell in cells]))
            start = reader.line_num + 1
    except csv.Error as error:
        sentence = "Row %(row)d of %(file)s cannot be read as CSV (%(error)s). Save the file again as CSV."
        return [], [Problem(sentence, {"file": filename, "row": start, "error": str(error)})]
    return lines, []


def _decoded(data: bytes) -> str | None:
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if utf16 else ["utf-8-sig", "cp1252"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _xlsx(data: bytes, filename: str) -> tuple[Lines, list[Problem]]:
    try:
        if _unpacked(data) > MOST_UNPACKED:
            sentence = (
                "%(file)s holds more than %(most)d MB once unpacked. Delete what is not a table of people, or "
                "save it as CSV."
            )
            return [], [Problem(sentence, {"file": filename, "most": MOST_UNPACKED >> 20})]
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = [list(cells) for cells in sheet.iter_rows(values_only=True)]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, SyntaxError, OSError):
        sentence = "%(file)s is damaged or is not an Excel file (.xlsx). Save it again, then try again."
        return [], [Problem(sentence, {"file": filename})]
    return [(number, [_cell(cell) for cell in cells]) for number, cells in enumerate(rows, start=1)], []


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
    (_, header), *body = filled
    columns = [name for name in header if name]
    problems = [
        Problem(
            "%(file)s has two columns named “%(column)s”. Rename one of them.",
            {"file": filename, "row": 1, "column": name},
        )
        for name in dict.fromkeys(columns)
        if columns.count(name) > 1
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
