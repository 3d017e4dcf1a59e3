"""Pure decisions of the open input: what may be recorded, how bulk entry is read, what a table may show."""

import csv
import hashlib
import io
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from deliberate.core.errors import N_, Refusal
from deliberate.process.rules import Span

CHANNELS = ("web", "group", "paper", "import")
OUTCOMES = ("adopted", "partly", "rejected", "out-of-scope")
CATEGORIES = ("age", "gender", "occupation", "territory")
LANGUAGES = ("fr", "en", "ar", "de", "el", "es", "it", "nl", "pl", "pt", "ro", "tr", "uk", "wo")
# Digits and letters that cannot be mistaken for one another on paper.
KEY_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
TEXT_LIMIT = 5000
NOTE_LIMIT = 200
CATEGORY_LIMIT = 80
ROWS_LIMIT = 2000
SMALLEST_CELL = 5
QUICKEST = timedelta(seconds=3)

CHANNEL_NAMES = {
    "web": N_("On this site"),
    "group": N_("In a group"),
    "paper": N_("On paper"),
    "import": N_("Imported"),
}
OUTCOME_NAMES = {
    "adopted": N_("Taken up"),
    "partly": N_("Taken up in part"),
    "rejected": N_("Not taken up"),
    "out-of-scope": N_("Outside the question asked"),
}
CATEGORY_NAMES = {
    "age": N_("Age"),
    "gender": N_("Gender"),
    "occupation": N_("Occupation"),
    "territory": N_("Territory"),
}
STATE_NAMES = {
    "waiting": N_("waiting for moderation"),
    "published": N_("published"),
    "refused": N_("not published"),
    "withdrawn": N_("withdrawn by its author"),
}


@dataclass(frozen=True)
class Fault:
    """What is wrong in something sent in bulk: its place (a line, or an entry), and a sentence as data."""

    place: int
    template: str
    values: dict[str, Any]

    def __str__(self) -> str:
        return self.template % self.values if self.values else self.template


class FaultyEntry(Refusal):
    """Something sent in bulk that cannot be recorded; `faults` says everything at once. Nothing was written."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(N_("Nothing was recorded. Mend what is listed below, then send it again."))
        self.faults = faults


@dataclass(frozen=True)
class Statement:
    """One line of bulk entry: how many people said it, what they said, and its code on the grid if any."""

    count: int
    text: str
    component: str = ""
    language: str = ""
    theme: str = ""
    categories: Mapping[str, str] | None = None


def new_key(prefix: str) -> str:
    """A short public id such as `c-8f3k2a`: 30 random bits, unique within a process by constraint."""
    return f"{prefix}-{''.join(secrets.choice(KEY_LETTERS) for _ in range(6))}"


def new_receipt() -> str:
    """The secret of a receipt: 128 random bits as text."""
    return secrets.token_urlsafe(16)


def receipt_hash(secret: str) -> str:
    """What is stored of a receipt's secret."""
    return hashlib.sha256(f"deliberate/receipt/1\n{secret}".encode()).hexdigest()


def folded(text: str) -> str:
    """A text as searches see it: without case, accents and typographic apostrophes."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def clean_text(text: str, field: str = "text", limit: int = TEXT_LIMIT) -> str:
    """A text without the space around it and control characters. Raises Refusal when empty or too long."""
    kept = "".join(
        c for c in text.replace("\r\n", "\n") if c in "\n\t" or unicodedata.category(c) != "Cc"
    ).strip()
    if not kept:
        raise Refusal(N_("Write something first."), field=field)
    if len(kept) > limit:
        raise Refusal(
            N_("This text has %(length)s characters; the limit is %(limit)s. Shorten it, or send it in several parts."),
            field=field, length=len(kept), limit=limit,
        )  # fmt: skip
    return kept


def clean_categories(given: Mapping[str, str]) -> dict[str, str]:
    """The known categories that were filled in, trimmed; anything else is left out."""
    return {
        name: given[name].strip()[:CATEGORY_LIMIT] for name in CATEGORIES if (given.get(name) or "").strip()
    }


def too_quick(begun: datetime | None, now: datetime) -> bool:
    """Whether a form came back faster than a person can write, or without the moment it was begun."""
    return begun is None or now - begun < QUICKEST


def contest_until(span: Span, days: int, zone: str) -> datetime | None:
    """The moment until which placements may be contested: the start of the local day that is `days` after the
    last day of the open phase; None while its close is not set."""
    if span.closes is None:
        return None
    last_day = (span.closes - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()
    return datetime.combine(last_day + timedelta(days=days), datetime.min.time(), ZoneInfo(zone))


# Bulk entry


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
    header = [name.strip().casefold() for name in next(csv.reader([first], delimiter=delimiter), [])]
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
    if not (count.isascii() and count.isdigit() and 1 <= int(count) <= 10_000):
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


# The grid


def read_grid(text: str) -> tuple[list[dict[str, str]], list[Fault]]:
    """Read a grid from CSV with columns code, component, en, fr and optionally certain.

    A row without a component names a dimension. Returns rows and every fault, each with its line.
    """
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    if not {"code", "component", "en", "fr"} <= set(reader.fieldnames or []):
        return [], [Fault(1, N_("The first line must name the columns code, component, en and fr."), {})]
    rows: list[dict[str, str]] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for record in reader:
        row = {
            name: (record.get(name) or "").strip() for name in ("code", "component", "en", "fr", "certain")
        }
        code = grid_code(row)
        if not code or len(code) > 12:
            faults.append(Fault(reader.line_num, N_("A code has between 1 and 12 characters."), {}))
        elif code in seen:
            faults.append(Fault(reader.line_num, N_("The code “%(code)s” appears twice."), {"code": code}))
        if not row["en"] and not row["fr"]:
            faults.append(Fault(reader.line_num, N_("This code has no name in any language."), {}))
        seen.add(code)
        rows.append(row)
    if not rows and not faults:
        faults.append(Fault(1, N_("The grid has no row."), {}))
    return rows, faults


def grid_code(row: Mapping[str, str]) -> str:
    """The code of a row: its component's, else its dimension's."""
    return row["component"] or row["code"]


# Tables by category


def suppressed(
    table: Mapping[str, Mapping[str, int]], smallest: int = SMALLEST_CELL
) -> dict[str, dict[str, int | None]]:
    """A table of counts that gives nobody away: cells under `smallest` become None.

    A row or column in which one cell alone would be hidden loses its next smallest too: otherwise the hidden count
    follows from the sum, which is published elsewhere. Every row has the same columns.
    """
    shown: dict[str, dict[str, int | None]] = {
        row: {column: n if n >= smallest else None for column, n in cells.items()}
        for row, cells in table.items()
    }
    while hidden := _lonely(shown):
        row, column = hidden
        shown[row][column] = None
    return shown


def _lonely(shown: dict[str, dict[str, int | None]]) -> tuple[str, str] | None:
    columns = list(next(iter(shown.values()), {}))
    by_row = [[(row, column) for column in columns] for row in shown]
    by_column = [[(row, column) for row in shown] for column in columns]
    for line in by_row + by_column:
        kept = [(count, row, column) for row, column in line if (count := shown[row][column]) is not None]
        if kept and len(line) - len(kept) == 1:
            return min(kept)[1:]
    return None
