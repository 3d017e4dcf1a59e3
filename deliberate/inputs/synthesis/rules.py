"""How a grid is read. Pure; every fault at once."""

import csv
import io
from collections.abc import Mapping

from deliberate.core.errors import N_
from deliberate.inputs.rules import Fault


def read_grid(text: str) -> tuple[list[dict[str, str]], list[Fault]]:
    """Read a grid from CSV with columns code, component, en, fr and optionally certain.

    A row without a component names a dimension. Returns rows and every fault, each with its line.
    """
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    try:
        records = list(reader)
    except csv.Error:
        return [], [
            Fault(reader.line_num + 1, N_("This line could not be read: a quotation mark is not closed."), {})
        ]
    if not {"code", "component", "en", "fr"} <= set(reader.fieldnames or []):
        return [], [Fault(1, N_("The first line must name the columns code, component, en and fr."), {})]
    rows: list[dict[str, str]] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for line, record in enumerate(records, start=2):
        row = {
            name: (record.get(name) or "").strip() for name in ("code", "component", "en", "fr", "certain")
        }
        code = grid_code(row)
        if not code or len(code) > 12:
            faults.append(Fault(line, N_("A code has between 1 and 12 characters."), {}))
        elif code in seen:
            faults.append(Fault(line, N_("The code “%(code)s” appears twice."), {"code": code}))
        if not row["en"] and not row["fr"]:
            faults.append(Fault(line, N_("This code has no name in any language."), {}))
        seen.add(code)
        rows.append(row)
    if not rows and not faults:
        faults.append(Fault(1, N_("The grid has no row."), {}))
    return rows, faults


def grid_code(row: Mapping[str, str]) -> str:
    """The code of a row: its component's, else its dimension's."""
    return row["component"] or row["code"]
