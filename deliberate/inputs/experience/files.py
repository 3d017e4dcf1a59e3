"""Lessons as files: a JSON list, or a table (CSV, XLSX) with a column per text and language. Pure."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from deliberate.core.errors import N_
from deliberate.inputs.experience.rules import LISTS, PLAIN, TEXTS
from deliberate.inputs.rules import Fault
from deliberate.inputs.spreadsheets import MOST_COLUMNS, TOO_WIDE, XLSX, as_written, write_csv, write_xlsx

Entry = Mapping[str, Any]
NO_LESSONS = N_("This is not a list of experiences.")
OPEN_QUOTE = N_("This line could not be read: a quotation mark is not closed.")
NO_LEDGER = N_("The column validation holds no valid JSON.")
MOST = 5000


def read_file(text: str) -> tuple[list[Entry], list[Fault]]:
    """The entries of a JSON list of lessons, or of a CSV with a column per text and language (`title_fr`)."""
    text = text.lstrip("\ufeff").strip()
    if not text:
        return [], [Fault(1, N_("There is no experience to read."), {})]
    entries, faults = _read_json(text) if text[0] in "[{" else _read_csv(text)
    if len(entries) > MOST:
        said = N_("There are more than %(most)s experiences. Send them in several files.")
        return [], [Fault(MOST + 1, said, {"most": MOST})]
    return entries, faults


def _read_json(text: str) -> tuple[list[Entry], list[Fault]]:
    try:
        loaded = _loaded(text)
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        return [], [Fault(1, N_("This is not valid JSON: line %(line)s cannot be read."), {"line": line})]
    except RecursionError:
        return [], [Fault(1, NO_LESSONS, {})]
    entries = loaded if isinstance(loaded, list) else [loaded]
    if not entries or not all(isinstance(entry, dict) for entry in entries):
        return [], [Fault(1, NO_LESSONS, {})]
    return entries, []


def _loaded(text: str) -> Any:
    """What JSON says. Raises ValueError also for characters that are none, which escapes can spell."""
    loaded = json.loads(text)
    whole = json.dumps(loaded, ensure_ascii=False).encode()
    if b"\\u0000" in whole:
        raise ValueError("a character that is none")
    return loaded


def _read_csv(text: str) -> tuple[list[Entry], list[Fault]]:
    first = text.splitlines()[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    try:
        columns = set(reader.fieldnames or [])
    except csv.Error:
        return [], [Fault(1, OPEN_QUOTE, {})]
    if len(reader.fieldnames or []) > MOST_COLUMNS:
        return [], [Fault(1, TOO_WIDE, {"most": MOST_COLUMNS})]
    if "outcome" not in columns or not any(name.startswith("title_") for name in columns):
        said = N_("The first line must name the columns, among them outcome, title_fr or title_en.")
        return [], [Fault(1, said, {})]
    faults: list[Fault] = []
    entries: list[Entry] = []
    try:
        for cells in reader:
            row = {name: as_written(cell) if isinstance(cell, str) else cell for name, cell in cells.items()}
            entry, fault = _from_row(row, len(entries) + 1)
            entries.append(entry)
            faults += fault
    except csv.Error:
        return [], [Fault(len(entries) + 1, OPEN_QUOTE, {})]
    return entries, faults


def _from_row(row: Entry, place: int) -> tuple[Entry, list[Fault]]:
    entry: dict[str, Any] = {name: row.get(name) or "" for name in ("key", "outcome", "sdg", *PLAIN)}
    entry |= {name: _parted(row.get(name) or "") for name in LISTS}
    for name in TEXTS:
        prefix = f"{name}_"
        entry[name] = {
            column.removeprefix(prefix): text
            for column, text in row.items()
            if column and column.startswith(prefix)
        }
    try:
        entry["validation"] = _loaded(row.get("validation") or "[]")
    except (ValueError, RecursionError):
        return entry, [Fault(place, NO_LEDGER, {})]
    if not isinstance(entry["validation"], list):
        return entry, [Fault(place, NO_LEDGER, {})]
    return entry, []


def as_json(records: Sequence[Entry]) -> bytes:
    """Lessons as a JSON list, in the form that `read_file` reads."""
    return json.dumps(list(records), ensure_ascii=False, indent=2).encode()


def as_csv(records: Sequence[Entry]) -> bytes:
    """Lessons as CSV, in the form that `read_file` reads."""
    return write_csv(*_table(records))


def as_xlsx(records: Sequence[Entry]) -> bytes:
    """Lessons as a workbook, in the form that `read_file` reads once it is turned into CSV."""
    return write_xlsx(*_table(records))


def _table(records: Sequence[Entry]) -> tuple[list[str], list[list[str]]]:
    languages = sorted({code for one in records for name in TEXTS for code in one[name]} | {"fr", "en"})
    columns = [
        *("key", "outcome"),
        *(f"{name}_{code}" for name in TEXTS for code in languages),
        *(*PLAIN, *LISTS, "sdg", "validation"),
    ]
    return columns, [[row[name] for name in columns] for row in (_row(one, languages) for one in records)]


def _row(record: Entry, languages: Sequence[str]) -> dict[str, str]:
    """A lesson as a row of the table; the ledger is JSON in its cell."""
    row = {name: str(record[name]) for name in ("key", "outcome", *PLAIN)}
    row |= {f"{name}_{code}": record[name].get(code, "") for name in TEXTS for code in languages}
    row |= {name: _joined(record[name]) for name in LISTS}
    row["sdg"] = "; ".join(str(goal) for goal in record["sdg"])
    row["validation"] = json.dumps(record["validation"], ensure_ascii=False)
    return row


def _joined(parts: Sequence[str]) -> str:
    """A list in a cell: with semicolons, or as JSON where a part has one itself."""
    plain = not any(";" in part for part in parts) and not "".join(parts[:1]).startswith("[")
    return "; ".join(parts) if plain else json.dumps(list(parts), ensure_ascii=False)


def _parted(cell: str) -> list[str]:
    try:
        found = _loaded(cell) if cell.startswith("[") else None
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, list) else cell.split(";")


FORMS = {
    "json": (as_json, "application/json"),
    "csv": (as_csv, "text/csv"),
    "xlsx": (as_xlsx, XLSX),
}
# A file to begin from: what each column may say.
EXAMPLE: Entry = {
    "key": "repair-cafe",
    "outcome": "mixed",
    "title": {"fr": "Un café de réparation", "en": "A repair café"},
    "context": {"fr": "Beaucoup d’appareils jetés.", "en": "Many appliances thrown away."},
    "tried": {"fr": "Réparer ensemble le samedi.", "en": "Repairing together on Saturdays."},
    "teaches": {"fr": "Il faut un lieu ouvert.", "en": "An open place is needed."},
    "territory": "Montreuil",
    "country": "France",
    "level": "local",
    "theme": "commons",
    "paragraph": "",
    "sectors": ["waste", "social life"],
    "tags": [],
    "sources": ["https://example.org/report"],
    "sdg": [11, 12],
    "validation": [],
}
