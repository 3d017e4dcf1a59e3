"""What a synthesis may be: the grid and its faults, where lines of a removed code go, what a board said. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from deliberate.core.errors import N_
from deliberate.inputs.rules import Fault
from deliberate.inputs.spreadsheets import MOST_COLUMNS, TOO_WIDE, as_written

Row = dict[str, str]

COLUMNS = ("code", "component", "en", "fr", "certain")
GRID_LIMIT = 500
CODE_LIMIT = 12
KINDS = ("researcher", "official", "activist", "citizen")
KIND_NAMES = {
    "researcher": N_("researcher"),
    "official": N_("official"),
    "activist": N_("activist"),
    "citizen": N_("citizen"),
}
POSITIONS = ("agrees", "reservations", "disagrees")
POSITION_NAMES = {
    "agrees": N_("agrees"),
    "reservations": N_("agrees, with reservations"),
    "disagrees": N_("disagrees"),
}


def read_grid(text: str) -> tuple[list[Row], list[Fault]]:
    """Read a grid from CSV with columns code, component, en, fr and optionally certain.

    A row without a component names a dimension. Returns rows and every fault, each with its line.
    """
    plain = text.lstrip("\ufeff")
    first = plain.partition("\n")[0]
    # What a spreadsheet in French writes has semicolons.
    reader = csv.DictReader(io.StringIO(plain), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        if len(reader.fieldnames or []) > MOST_COLUMNS:
            return [], [Fault(1, TOO_WIDE, {"most": MOST_COLUMNS})]
        records = list(reader)
    except csv.Error:
        return [], [
            Fault(reader.line_num + 1, N_("This line could not be read: a quotation mark is not closed."), {})
        ]
    if not {"code", "component", "en", "fr"} <= set(reader.fieldnames or []):
        return [], [Fault(1, N_("The first line must name the columns code, component, en and fr."), {})]
    rows = [{name: as_written((record.get(name) or "").strip()) for name in COLUMNS} for record in records]
    return rows, grid_faults(rows)


def grid_faults(rows: Sequence[Row]) -> list[Fault]:
    """Everything wrong in the rows of a grid, each with its line: the first row stands on line 2."""
    if not rows:
        return [Fault(1, N_("The grid has no row."), {})]
    if len(rows) > GRID_LIMIT:
        return [
            Fault(
                GRID_LIMIT + 2,
                N_("A grid has at most %(limit)d rows; nobody can place words on more."),
                {"limit": GRID_LIMIT},
            )
        ]
    faults: list[Fault] = []
    seen: set[str] = set()
    for line, row in enumerate(rows, start=2):
        code = grid_code(row)
        if not code or len(code) > CODE_LIMIT or len(row["code"]) > CODE_LIMIT:
            faults.append(Fault(line, N_("A code has between 1 and 12 characters."), {}))
        elif code in seen:
            faults.append(Fault(line, N_("The code “%(code)s” appears twice."), {"code": code}))
        if not row["en"] and not row["fr"]:
            faults.append(Fault(line, N_("This code has no name in any language."), {}))
        seen.add(code)
    return faults


def grid_code(row: Mapping[str, str]) -> str:
    """The code of a row: its component's, else its dimension's."""
    return row["component"] or row["code"]


@dataclass(frozen=True)
class Comparison:
    """What a version of a grid changes: rows that came and went, and those with another name (old row, new row)."""

    added: list[Row]
    removed: list[Row]
    renamed: list[tuple[Row, Row]]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.renamed)


def compare_grids(old: Sequence[Row], new: Sequence[Row]) -> Comparison:
    """Compare two versions of a grid, code by code, each in its own order."""
    before, after = ({grid_code(row): row for row in rows} for rows in (old, new))
    names = ("en", "fr")
    return Comparison(
        added=[row for code, row in after.items() if code not in before],
        removed=[row for code, row in before.items() if code not in after],
        renamed=[
            (before[code], row)
            for code, row in after.items()
            if code in before and any(before[code].get(name) != row.get(name) for name in names)
        ],
    )


def moves(used: Iterable[str], codes: Iterable[str], wanted: Mapping[str, str]) -> tuple[Row, list[Fault]]:
    """Where the lines on codes that are no longer there go: old code → new code, and a fault for each that has none."""
    kept = set(codes)
    moved: Row = {}
    faults: list[Fault] = []
    for code in sorted(set(used) - kept):
        if wanted.get(code) in kept:
            moved[code] = wanted[code]
        else:
            faults.append(
                Fault(
                    1,
                    N_("Lines of the synthesis stand on “%(code)s”, which is no longer there. Say where they go."),
                    {"code": code},
                )
            )  # fmt: skip
    return moved, faults


# What a mixed board said of one wording


@dataclass(frozen=True)
class Standing:
    """What each kind of member said of a wording: kind → position → how many; `validated` names the kinds that bear it."""

    counts: dict[str, dict[str, int]]
    validated: tuple[str, ...]

    @property
    def dissent(self) -> int:
        """How many members disagree."""
        return sum(said["disagrees"] for said in self.counts.values())


def standing(kinds: Sequence[str], said: Iterable[tuple[str, str]]) -> Standing:
    """What a board of these kinds says of a wording, from (kind, position) of each member.

    A kind bears a wording when more of its members agree, with or without reservations, than disagree.
    """
    counts = {kind: dict.fromkeys(POSITIONS, 0) for kind in kinds}
    for kind, position in said:
        counts.setdefault(kind, dict.fromkeys(POSITIONS, 0))[position] += 1
    borne = (
        kind
        for kind in kinds
        if counts[kind]["agrees"] + counts[kind]["reservations"] > counts[kind]["disagrees"]
    )
    return Standing(counts, tuple(borne))
