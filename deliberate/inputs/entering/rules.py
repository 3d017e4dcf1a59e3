"""How answers typed in bulk are read. Pure; every fault at once."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from deliberate.core.errors import N_, Refusal
from deliberate.inputs.rules import KEY_LETTERS, LANGUAGES, TEXT_LIMIT, Fault, clean_categories, folded
from deliberate.inputs.spreadsheets import as_written

# Each answer is an entry of the journal, and one transaction holds them all: others must not wait for long.
ROWS_LIMIT = 500
LARGEST_COUNT = 10_000
SHEET_LENGTH = 8
COLUMNS = (
    "count", "statement", "component", "sheet", "language", "theme", "age", "gender", "occupation", "territory",
)  # fmt: skip
# A table may name its columns in French.
IN_FRENCH = {
    "nombre": "count",
    "réponse": "statement",
    "composante": "component",
    "feuille": "sheet",
    "langue": "language",
    "thème": "theme",
    "âge": "age",
    "genre": "gender",
    "profession": "occupation",
    "territoire": "territory",
}
Wrong = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class Entry:
    """One line of bulk entry: how many people said it, what they said, its code on the grid and its sheet, if any.

    `key`: what the contribution is called in its process; made when empty.
    """

    count: int
    text: str
    component: str = ""
    language: str = ""
    theme: str = ""
    categories: Mapping[str, str] | None = None
    sheet: str = ""
    key: str = ""


@dataclass(frozen=True)
class Origin:
    """What all answers of a batch share; what a line says of its language, theme or categories stands before it.

    `late`: what came or is typed too late for its round waits for the next one instead of being refused.
    """

    channel: str
    language: str
    received: datetime
    variant: str = ""
    theme: str = ""
    note: str = ""
    categories: Mapping[str, str] = field(default_factory=dict)
    late: bool = False


@dataclass(frozen=True)
class Line:
    """A line as it was read: what it says, or everything that is wrong with it."""

    place: int
    entry: Entry | None
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class Seen:
    """A line of a preview: the place of the line it repeats, and the key of an answer that says the same."""

    line: Line
    twice: int | None = None
    there: str | None = None


def read_lines(text: str, codes: set[str]) -> list[Line]:
    """Read `count;statement;component` lines, or CSV whose first line names its columns (COLUMNS, or in French).

    Only the statement is needed. `codes` are those of the grid. Each line has its place, from 1.
    """
    rows, faults = _rows(text.lstrip("\ufeff"))
    lines = [_line(place, row, codes) for place, row in rows[:ROWS_LIMIT]]
    if not rows and not faults:
        faults.append(Fault(1, N_("There is nothing to record: write one answer per line."), {}))
    if len(rows) > ROWS_LIMIT:
        said = N_("Up to %(limit)s lines can be sent at once: split the list.")
        faults.append(Fault(rows[ROWS_LIMIT][0], said, {"limit": ROWS_LIMIT}))
    faults += _sheets_twice(lines)
    return sorted([*lines, *(Line(one.place, None, [one]) for one in faults)], key=lambda line: line.place)


def read_entries(text: str, codes: set[str]) -> tuple[list[Entry], list[Fault]]:
    """The entries of `read_lines`, and every fault."""
    lines = read_lines(text, codes)
    return [line.entry for line in lines if line.entry], [f for line in lines for f in line.faults]


def repeated(texts: Iterable[tuple[int, str]]) -> dict[int, int]:
    """The place of each text that was there before → the place where it stood first."""
    first: dict[str, int] = {}
    found = {}
    for place, text in texts:
        same = first.setdefault(folded(text), place)
        if same != place:
            found[place] = same
    return found


def people(number: int) -> int:
    """A number of people. Raises Refusal outside 1 to LARGEST_COUNT."""
    if not 1 <= number <= LARGEST_COUNT:
        raise Refusal(N_("A number of people is between 1 and %(most)d."), field="count", most=LARGEST_COUNT)
    return number


def sheet_code(typed: str) -> str:
    """The code of a numbered sheet as it is kept, whatever was typed between its letters."""
    return re.sub(r"[^a-z0-9]", "", typed.casefold())[:12]


def is_sheet_code(typed: str) -> bool:
    """Whether this can be the code of a numbered sheet: eight letters that cannot be mistaken for one another."""
    code = sheet_code(typed)
    return len(code) == SHEET_LENGTH and all(letter in KEY_LETTERS for letter in code)


def question_code(typed: str, known: Sequence[str]) -> str | None:
    """Which of the known codes of questions was typed: `1/well-being`, whatever its case and its separators."""
    plain = {re.sub(r"[^a-z0-9]+", "", code): code for code in known}
    return plain.get(re.sub(r"[^a-z0-9]+", "", typed.casefold()))


def _line(place: int, row: dict[str, str], codes: set[str]) -> Line:
    wrong = [*_count_faults(row), *_text_faults(row), *_code_faults(row, codes)]
    if wrong:
        return Line(place, None, [Fault(place, template, values) for template, values in wrong])
    return Line(place, _entry(row))


def _sheets_twice(lines: list[Line]) -> list[Fault]:
    seen: set[str] = set()
    faults = []
    for line in lines:
        sheet = line.entry.sheet if line.entry else ""
        if sheet and sheet in seen:
            faults.append(
                Fault(line.place, N_("Sheet %(sheet)s stands on two lines: type it once."), {"sheet": sheet})
            )
        seen.add(sheet)
    return faults


def _rows(text: str) -> tuple[list[tuple[int, dict[str, str]]], list[Fault]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(";\t,", key=first.count)
    header = [_column(name) for name in first.replace('"', "").split(delimiter)]
    named = "statement" in header
    reader = csv.reader(io.StringIO(text), delimiter=delimiter if named else ";")
    rows: list[tuple[int, dict[str, str]]] = []
    place = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((place, _named(cells, header if named else None)))
            place = reader.line_num + 1
            if len(rows) > ROWS_LIMIT + 1:
                break
    except csv.Error:
        return rows, [Fault(place, N_("This line could not be read: a quotation mark is not closed."), {})]
    return rows[1:] if named else rows, []


def _column(name: str) -> str:
    plain = name.strip().casefold()
    return IN_FRENCH.get(plain, plain)


def _named(cells: list[str], header: list[str] | None) -> dict[str, str]:
    written = [as_written(cell.strip()) for cell in cells]
    if header is not None:
        surplus = {"surplus": ";".join(written[len(header) :])}
        return dict(zip(header, written, strict=False)) | surplus
    if len(written) == 1:
        return {"count": "1", "statement": written[0]}
    count, statement, component, sheet = [*written, "", ""][:4]
    return {
        "count": count, "statement": statement, "component": component, "sheet": sheet,
        "surplus": ";".join(written[4:]),
    }  # fmt: skip


def _count_faults(row: dict[str, str]) -> Wrong:
    count = row.get("count") or "1"
    if count.isascii() and count.isdigit() and len(count) < 6 and 1 <= int(count) <= LARGEST_COUNT:
        return []
    said = N_("“%(count)s” is not a number of people: write a whole number from 1 on.")
    return [(said, {"count": count[:40]})]


def _text_faults(row: dict[str, str]) -> Wrong:
    faults: Wrong = []
    if not row.get("statement"):
        faults.append((N_("The answer itself is missing."), {}))
    elif len(row["statement"]) > TEXT_LIMIT:
        faults.append((N_("This answer is longer than %(limit)s characters."), {"limit": TEXT_LIMIT}))
    if row.get("surplus"):
        said = N_(
            "This line has too many parts. Put the answer between quotation marks when it holds a semicolon."
        )
        faults.append((said, {}))
    return faults


def _code_faults(row: dict[str, str], codes: set[str]) -> Wrong:
    faults: Wrong = []
    if (component := row.get("component")) and component.upper() not in codes:
        faults.append((N_("“%(code)s” is not a code of the grid."), {"code": component[:40]}))
    if (language := row.get("language")) and language not in LANGUAGES:
        said = N_("“%(code)s” is not a known language code; use one such as fr or en.")
        faults.append((said, {"code": language[:40]}))
    if (sheet := row.get("sheet")) and not is_sheet_code(sheet):
        said = N_(
            "“%(code)s” is not the code of a sheet: it has eight letters and digits, such as k7mw 3xpa."
        )
        faults.append((said, {"code": sheet[:40]}))
    return faults


def _entry(row: dict[str, str]) -> Entry:
    return Entry(
        count=int(row.get("count") or "1"),
        text=row["statement"],
        component=row.get("component", "").upper(),
        language=row.get("language", ""),
        theme=row.get("theme", "")[:40],
        categories=clean_categories(row),
        sheet=sheet_code(row.get("sheet", "")),
    )
