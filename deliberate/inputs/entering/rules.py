"""How answers typed in bulk are read. Pure; every fault at once."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deliberate.core.errors import N_
from deliberate.inputs.rules import LANGUAGES, TEXT_LIMIT, Fault, clean_categories

ROWS_LIMIT = 2000


@dataclass(frozen=True)
class Statement:
    """One line of bulk entry: how many people said it, what they said, and its code on the grid if any."""

    count: int
    text: str
    component: str = ""
    language: str = ""
    theme: str = ""
    categories: Mapping[str, str] | None = None


def read_statements(text: str, codes: set[str]) -> tuple[list[Statement], list[Fault]]:
    """Read `count;statement;component` lines, or CSV whose first line names its columns.

    Columns of a CSV: statement, and optionally count, component, language, theme, age, gender, occupation, territory.
    `codes` are those of the grid. Returns the statements and every fault, each with its line from 1.
    """
    rows, faults = _rows(text.lstrip("\ufeff"))
    statements = []
    for line, row in rows:
        wrong = _row_faults(row, codes)
        faults += [Fault(line, template, values) for template, values in wrong]
        if not wrong:
            statements.append(_statement(row))
    if not rows and not faults:
        faults.append(Fault(1, N_("There is nothing to record: write one answer per line."), {}))
    if len(rows) > ROWS_LIMIT:
        faults.append(
            Fault(
                ROWS_LIMIT + 1,
                N_("Up to %(limit)s lines can be sent at once: split the list."),
                {"limit": ROWS_LIMIT},
            )
        )
    return statements, sorted(faults, key=lambda fault: fault.place)


def _rows(text: str) -> tuple[list[tuple[int, dict[str, str]]], list[Fault]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(";\t,", key=first.count)
    header = [name.strip().casefold() for name in first.replace('"', "").split(delimiter)]
    named = "statement" in header
    reader = csv.reader(io.StringIO(text), delimiter=delimiter if named else ";")
    rows: list[tuple[int, dict[str, str]]] = []
    try:
        rows.extend(
            (reader.line_num, _named(cells, header if named else None))
            for cells in reader
            if any(cell.strip() for cell in cells)
        )
    except csv.Error:
        return rows, [
            Fault(reader.line_num, N_("This line could not be read: a quotation mark is not closed."), {})
        ]
    return rows[1:] if named else rows, []


def _named(cells: list[str], header: list[str] | None) -> dict[str, str]:
    if header is not None:
        return {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
    if len(cells) == 1:
        return {"count": "1", "statement": cells[0].strip()}
    extra = {"surplus": ";".join(cells[3:])} if len(cells) > 3 else {}
    return {
        "count": cells[0].strip(),
        "statement": cells[1].strip(),
        "component": [*cells, ""][2].strip(),
        **extra,
    }


def _row_faults(row: dict[str, str], codes: set[str]) -> list[tuple[str, dict[str, Any]]]:
    faults: list[tuple[str, dict[str, Any]]] = []
    count = row.get("count") or "1"
    if not (count.isascii() and count.isdigit() and len(count) < 6 and 1 <= int(count) <= 10_000):
        faults.append(
            (
                N_("“%(count)s” is not a number of people: write a whole number from 1 on."),
                {"count": count[:40]},
            )
        )
    if not row.get("statement"):
        faults.append((N_("The answer itself is missing."), {}))
    elif len(row["statement"]) > TEXT_LIMIT:
        faults.append((N_("This answer is longer than %(limit)s characters."), {"limit": TEXT_LIMIT}))
    if (component := row.get("component")) and component.upper() not in codes:
        faults.append((N_("“%(code)s” is not a code of the grid."), {"code": component[:40]}))
    if (language := row.get("language")) and language not in LANGUAGES:
        faults.append(
            (
                N_("“%(code)s” is not a known language code; use one such as fr or en."),
                {"code": language[:40]},
            )
        )
    if row.get("surplus"):
        faults.append(
            (
                N_(
                    "This line has more than three parts. Put the answer between quotation marks when it holds a semicolon."
                ),
                {},
            )
        )
    return faults


def _statement(row: dict[str, str]) -> Statement:
    return Statement(
        count=int(row.get("count") or "1"),
        text=row["statement"],
        component=row.get("component", "").upper(),
        language=row.get("language", ""),
        theme=row.get("theme", "")[:40],
        categories=clean_categories(row),
    )
