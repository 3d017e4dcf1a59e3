"""A plan of tables as a file: every column of the people, then their table in each round."""

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from sortition.files.pool import ID_COLUMNS
from sortition.files.spreadsheet import Table, read_table, write_table
from sortition.model import Respondent
from sortition.problems import Problem, SortitionError, unusable
from sortition.tables import Tables

ROUND = re.compile(r"round ([0-9]{1,3}) table")


def written(people: Sequence[Respondent], found: Tables, before: Mapping[str, Mapping[str, str]]) -> bytes:
    """`people`, then whoever of `before` (rows by id) sat in a round that is over, then facilitators from elsewhere.

    Nothing stands where somebody sits nowhere.
    """
    columns = [f"round {number} table" for number in range(1, len(found.rounds) + 1)]
    host = {one: number for number, there in enumerate(found.facilitators, start=1) for one in there}
    known = {**before, **{person.id: person.row for person in people}}
    everyone = list(dict.fromkeys([*(person.id for person in people), *before, *host]))
    id_name = next(name for name, cell in people[0].row.items() if cell == people[0].id)
    rows = []
    for one in everyone:
        places = found.places.get(one) or (host.get(one, 0),) * len(columns)
        tables = [str(table) if table else "" for table in places]
        rows.append({**known.get(one, {id_name: one}), **dict(zip(columns, tables, strict=True))})
    names = [name for name in people[0].row if not ROUND.fullmatch(name)]
    return write_table([*names, *columns], rows)


def read_plan(
    path: Path, id_column: str | None, facilitators: Collection[str], balance: Sequence[str]
) -> tuple[Tables, dict[str, dict[str, str]]]:
    """The plan in a file that `tables` wrote, and its rows by id. Raises SortitionError with every problem of it."""
    table, problems = read_table(path.read_bytes(), path.name)
    if table is None:
        raise unusable(problems)
    id_name = table.column(*([id_column] if id_column else ID_COLUMNS))
    rounds = [name for name in table.columns if ROUND.fullmatch(name)]
    if id_name is None or not rounds:
        raise unusable([table.lacks(path.name, id_column or "id" if id_name is None else "round 1 table")])
    problems = _misplaced(table, path.name, rounds)
    if problems:
        raise unusable(problems)
    rows = {cells[id_name]: cells for _, cells in table.rows}
    count = max((int(row[name]) for row in rows.values() for name in rounds if row[name]), default=1)
    seated = [
        tuple(
            tuple(one for one, row in rows.items() if row[name] == str(number) and one not in facilitators)
            for number in range(1, count + 1)
        )
        for name in rounds
    ]
    hosts = tuple(
        tuple(one for one in facilitators if rows.get(one, {}).get(rounds[0]) == str(number))
        for number in range(1, count + 1)
    )
    lost = sorted(set(facilitators) - {one for there in hosts for one in there})
    if lost:
        raise SortitionError(
            "“%(id)s” stays at no table of %(file)s. Name the facilitators of this plan.",
            {"id": lost[0], "file": path.name},
        )
    values = {one: {name: row.get(name, "") for name in balance} for one, row in rows.items()}
    return Tables(tuple(seated), hosts, (), values, 0, 0, smallest=True), rows


def _misplaced(table: Table, filename: str, rounds: Sequence[str]) -> list[Problem]:
    sentence = "Row %(row)d of %(file)s, column “%(column)s”: “%(value)s” is not the number of a table."
    return [
        Problem(sentence, {"file": filename, "row": row, "column": name, "value": cells[name]})
        for row, cells in table.rows
        for name in rounds
        if cells[name] and not _is_table(cells[name])
    ]


def _is_table(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 4 and text[0] != "0"
