"""The shape of a field lesson, and its two file forms. Pure."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from deliberate.core.errors import N_
from deliberate.inputs.rules import KEY, TEXT_LIMIT, Fault
from deliberate.inputs.spreadsheets import as_written, inert

OUTCOMES = ("worked", "failed", "mixed")


LEVELS = ("local", "regional", "national", "international")


SDGS = range(1, 18)


TEXTS = ("title", "context", "tried", "teaches")


LISTS = ("sectors", "tags", "sources")


PLAIN = {"territory": 120, "country": 60, "level": 40, "theme": 40, "paragraph": 40}


FIELDS = ("key", "outcome", *TEXTS, *PLAIN, *LISTS, "sdg", "validation")


CHECK = ("criterion", "who", "how", "dissent")


OUTCOME_NAMES = {"worked": N_("It worked"), "failed": N_("It failed"), "mixed": N_("Mixed results")}


LEVEL_NAMES = {
    "local": N_("Local"),
    "regional": N_("Regional"),
    "national": N_("National"),
    "international": N_("International"),
}


def read_lesson(given: Mapping[str, Any], place: int) -> tuple[dict[str, Any], list[Fault]]:
    """A lesson as the table keeps it, and everything wrong with it.

    Texts (title, context, tried, teaches) are a text per language; sectors, tags and sources are lists; sdg is a list of
    numbers from 1 to 17; validation a list of checks (criterion, who, how, dissent), each a text per language.
    """
    content: dict[str, Any] = {
        "key": str(given.get("key") or ""),
        "outcome": str(given.get("outcome") or "").strip(),
    }
    content |= {name: texts(given.get(name)) for name in TEXTS}
    content |= {name: str(given.get(name) or "").strip()[:limit] for name, limit in PLAIN.items()}
    content |= {name: strings(given.get(name)) for name in LISTS}
    goals = strings(given.get("sdg"))
    known = all(goal.isascii() and goal.isdigit() and len(goal) < 3 and int(goal) in SDGS for goal in goals)
    content["sdg"] = sorted({int(goal) for goal in goals}) if known else []
    checks = given.get("validation") or []
    content["validation"] = [read_check(check) for check in checks if isinstance(check, Mapping)]
    faults = [Fault(place, template, values) for template, values in _lesson_faults(content)]
    if not known:
        faults.append(Fault(place, N_("Sustainable development goals are numbers from 1 to 17."), {}))
    return content, faults


def _lesson_faults(content: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    faults: list[tuple[str, dict[str, Any]]] = []
    if content["key"] and not KEY.fullmatch(content["key"]):
        said = N_("“%(key)s” is not a short name: use small letters without accents, digits and dashes.")
        faults.append((said, {"key": content["key"][:40]}))
    if not content["title"]:
        faults.append((N_("The title is missing."), {}))
    if not content["tried"] or not content["teaches"]:
        faults.append((N_("Say what was tried and what it teaches."), {}))
    if content["outcome"] not in OUTCOMES:
        faults.append((N_("Say how it ended: worked, failed or mixed."), {}))
    if any(len(text) > TEXT_LIMIT for name in TEXTS for text in content[name].values()):
        faults.append((N_("A text is longer than %(limit)s characters."), {"limit": TEXT_LIMIT}))
    return faults


def texts(value: Any) -> dict[str, str]:
    """A text per language, without empty ones; anything else is none."""
    if not isinstance(value, Mapping):
        return {}
    return {
        str(code)[:12]: str(text).strip()
        for code, text in sorted(value.items())
        if text and str(text).strip() and str(code).isascii()
    }


def strings(value: Any) -> list[str]:
    """A list of short texts, from a list or from a text with semicolons."""
    parts = value.split(";") if isinstance(value, str) else value if isinstance(value, Sequence) else []
    return [text for part in parts if (text := str(part).strip()[:300])]


def read_check(check: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """A line of the validation ledger."""
    return {name: texts(check.get(name)) for name in CHECK}


def read_file(text: str) -> tuple[list[Mapping[str, Any]], list[Fault]]:
    """The entries of a JSON list of lessons, or of a CSV with a column per text and language (`title_fr`)."""
    text = text.lstrip("\ufeff").strip()
    if not text:
        return [], [Fault(1, N_("There is no lesson to read."), {})]
    return _read_json(text) if text[0] in "[{" else _read_csv(text)


def _read_json(text: str) -> tuple[list[Mapping[str, Any]], list[Fault]]:
    try:
        loaded = _loaded(text)
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        return [], [Fault(1, N_("This is not valid JSON: line %(line)s cannot be read."), {"line": line})]
    except RecursionError:
        return [], [Fault(1, N_("This is not a list of lessons."), {})]
    entries = loaded if isinstance(loaded, list) else [loaded]
    if not entries or not all(isinstance(entry, dict) for entry in entries):
        return [], [Fault(1, N_("This is not a list of lessons."), {})]
    return entries, []


def _loaded(text: str) -> Any:
    """What JSON says. Raises ValueError also for characters that are none, which escapes can spell."""
    loaded = json.loads(text)
    whole = json.dumps(loaded, ensure_ascii=False).encode()
    if b"\\u0000" in whole:
        raise ValueError("a character that is none")
    return loaded


def _read_csv(text: str) -> tuple[list[Mapping[str, Any]], list[Fault]]:
    first = text.splitlines()[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    try:
        columns = set(reader.fieldnames or [])
    except csv.Error:
        return [], [Fault(1, N_("This line could not be read: a quotation mark is not closed."), {})]
    if "outcome" not in columns or not any(name.startswith("title_") for name in columns):
        return [], [
            Fault(
                1, N_("The first line must name the columns, among them outcome, title_fr or title_en."), {}
            )
        ]
    faults: list[Fault] = []
    entries: list[Mapping[str, Any]] = []
    try:
        for cells in reader:
            row = {name: as_written(text) if isinstance(text, str) else text for name, text in cells.items()}
            entry, fault = _from_row(row, len(entries) + 1)
            entries.append(entry)
            faults += fault
    except csv.Error:
        return [], [
            Fault(len(entries) + 1, N_("This line could not be read: a quotation mark is not closed."), {})
        ]
    return entries, faults


def _from_row(row: Mapping[str, Any], place: int) -> tuple[dict[str, Any], list[Fault]]:
    entry: dict[str, Any] = {name: row.get(name) or "" for name in ("key", "outcome", "sdg", *PLAIN, *LISTS)}
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
        return entry, [Fault(place, N_("The column validation holds no valid JSON."), {})]
    if not isinstance(entry["validation"], list):
        return entry, [Fault(place, N_("The column validation holds no valid JSON."), {})]
    return entry, []


def csv_columns(languages: list[str]) -> list[str]:
    """The columns of the CSV form."""
    return [
        "key",
        "outcome",
        *(f"{name}_{code}" for name in TEXTS for code in languages),
        *PLAIN,
        *LISTS,
        "sdg",
        "validation",
    ]


def csv_row(content: Mapping[str, Any], languages: list[str]) -> dict[str, str]:
    """A lesson as a row of the CSV form; the ledger is JSON in its cell."""
    row = {name: str(content[name]) for name in ("key", "outcome", *PLAIN)}
    row |= {f"{name}_{code}": content[name].get(code, "") for name in TEXTS for code in languages}
    row |= {name: "; ".join(content[name]) for name in LISTS}
    row["sdg"] = "; ".join(str(goal) for goal in content["sdg"])
    row["validation"] = json.dumps(content["validation"], ensure_ascii=False)
    return {name: inert(text) for name, text in row.items()}
