"""Reading categories.csv and respondents.csv: every problem at once, with row, column and the value found."""

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extractOne

from sortition.files.households import household
from sortition.files.population import POPULATION_COLUMNS, read_shares
from sortition.files.spreadsheet import Table, folded, read_table, write_table
from sortition.model import Quota, Respondent
from sortition.problems import Problem

CATEGORY_COLUMNS = ("category", "feature")
VALUE_COLUMNS = ("name", "value")
ID_COLUMNS = ("id", "nationbuilder_id")
NUMBERS = ("min", "max", "min_flex", "max_flex")
MOST_DIGITS = 9
MOST_ID = 120
# How alike, from 0 to 100, an unknown value must be to a known one for it to be suggested.
SUGGESTED = 60


def read_categories(data: bytes, filename: str) -> tuple[list[Quota], list[Problem]]:
    """The quotas in a file ``category,name,min,max[,min_flex,max_flex,population]`` (or ``feature,value,…``).

    The share of the population may be written as percentages, fractions or numbers of people. Returns no quota when
    there is a problem.
    """
    table, problems = read_table(data, filename)
    if table is None:
        return [], problems
    category, value = table.column(*CATEGORY_COLUMNS), table.column(*VALUE_COLUMNS)
    numbers = {name: column for name in NUMBERS if (column := table.column(name))}
    named = {"category": category, "name": value, "min": numbers.get("min"), "max": numbers.get("max")}
    for wanted, found in named.items():
        if found is None:
            sentence = (
                "%(file)s has no column “%(column)s”. It needs the columns category, name, min and max; it "
                "has: %(found)s."
            )
            found_columns = ", ".join(table.columns)
            problems.append(Problem(sentence, {"file": filename, "column": wanted, "found": found_columns}))
    if category is None or value is None or problems:
        return [], problems
    read = [
        _quota(filename, row, cells, category=category, value=value, numbers=numbers)
        for row, cells in table.rows
    ]
    problems += [problem for _, found in read for problem in found]
    quotas = _one_spelling([quota for quota, _ in read if quota is not None])
    problems += _duplicates(filename, table, category, value)
    column = table.column(*POPULATION_COLUMNS)
    if column is not None:
        shares, wrong = read_shares(filename, table, category, column)
        problems += wrong
        quotas = [replace(one, population=share) for one, share in zip(quotas, shares, strict=False)]
    problems = _by_row(problems)
    if not problems and not quotas:
        problems.append(Problem("%(file)s has a header but no quota.", {"file": filename}))
    return ([], problems) if problems else (quotas, [])


def _quota(
    filename: str, row: int, cells: dict[str, str], *, category: str, value: str, numbers: dict[str, str]
) -> tuple[Quota | None, list[Problem]]:
    problems = [
        Problem(
            "Row %(row)d of %(file)s has nothing in column “%(column)s”. Fill it in, or delete the row.",
            {"file": filename, "row": row, "column": column},
        )
        for column in (category, value)
        if not cells[column]
    ]
    read: dict[str, int | None] = {}
    for name, column in numbers.items():
        text = cells[column]
        optional = name.endswith("_flex") and not text
        plain = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
        read[name] = int(text) if plain else None
        if read[name] is None and not optional:
            sentence = (
                "Row %(row)d of %(file)s, column “%(column)s”: “%(value)s” is not a whole number of people."
            )
            problems.append(
                Problem(sentence, {"file": filename, "row": row, "column": column, "value": text})
            )
    if problems:
        return None, problems
    quota = Quota(
        category=cells[category],
        value=cells[value],
        min=read["min"] or 0,
        max=read["max"] or 0,
        min_flex=read.get("min_flex"),
        max_flex=read.get("max_flex"),
    )
    return quota, _order(filename, row, quota)


def _order(filename: str, row: int, quota: Quota) -> list[Problem]:
    """min_flex ≤ min ≤ max ≤ max_flex."""
    place = {"file": filename, "row": row}
    problems = []
    if quota.min > quota.max:
        sentence = (
            "Row %(row)d of %(file)s: the minimum %(value)d is above the maximum %(max)d for “%(name)s”. "
            "Exchange or correct them."
        )
        values = {**place, "column": "min", "value": quota.min, "max": quota.max, "name": quota.value}
        problems.append(Problem(sentence, values))
    if quota.min_flex is not None and quota.min_flex > quota.min:
        sentence = "Row %(row)d of %(file)s: min_flex (%(value)d) is above min (%(min)d). It must not be."
        values = {**place, "column": "min_flex", "value": quota.min_flex, "min": quota.min}
        problems.append(Problem(sentence, values))
    if quota.max_flex is not None and quota.max_flex < quota.max:
        sentence = "Row %(row)d of %(file)s: max_flex (%(value)d) is below max (%(max)d). It must not be."
        values = {**place, "column": "max_flex", "value": quota.max_flex, "max": quota.max}
        problems.append(Problem(sentence, values))
    return problems


def _one_spelling(quotas: Sequence[Quota]) -> list[Quota]:
    """Each category spelt as in its first row."""
    spelling: dict[str, str] = {}
    for quota in quotas:
        spelling.setdefault(folded(quota.category), quota.category)
    return [replace(quota, category=spelling[folded(quota.category)]) for quota in quotas]


def _duplicates(filename: str, table: Table, category: str, value: str) -> list[Problem]:
    first: dict[tuple[str, str], int] = {}
    problems = []
    for row, cells in table.rows:
        key = (folded(cells[category]), folded(cells[value]))
        if all(key) and key in first:
            sentence = (
                "Row %(row)d of %(file)s repeats “%(category)s: %(value)s”, already in row %(first)d. Delete "
                "one of the two."
            )
            found = {"category": cells[category], "value": cells[value], "first": first[key]}
            problems.append(Problem(sentence, {"file": filename, "row": row, "column": value, **found}))
        first.setdefault(key, row)
    return problems


def read_respondents(
    data: bytes,
    filename: str,
    quotas: Sequence[Quota],
    id_column: str | None = None,
    household_columns: Sequence[str] = (),
) -> tuple[list[Respondent], list[Problem]]:
    """The volunteers in a file with an id column and one column per category; other columns are carried
    along.

    Values match those of the quotas whatever the case and surrounding spaces. People whose `household_columns` (an
    address, say) agree once brought into one form share a household, unless all of them are empty. Returns nobody
    when there is a problem.
    """
    table, problems = read_table(data, filename)
    if table is None:
        return [], problems
    columns = {folded(name): name for name in table.columns}
    id_name = table.column(id_column) if id_column else table.column(*ID_COLUMNS)
    categories = list(dict.fromkeys(quota.category for quota in quotas))
    missing = [] if id_name else [id_column or ID_COLUMNS[0]]
    missing += [name for name in (*categories, *household_columns) if folded(name) not in columns]
    problems = [table.lacks(filename, name) for name in missing]
    if problems or id_name is None:
        return [], problems
    problems = _id_problems(filename, table, id_name)
    spelling = _spellings(quotas)
    respondents = []
    for row, cells in table.rows:
        values = {}
        for category in categories:
            column = columns[folded(category)]
            known = spelling[category].get(folded(cells[column]))
            if known is None:
                problems.append(_unknown_value(filename, row, column, cells[column], spelling[category]))
            else:
                values[category] = known
        home = household(cells[columns[folded(name)]] for name in household_columns)
        respondents.append(Respondent(cells[id_name], values, cells, home))
    if not respondents:
        problems.append(Problem("%(file)s has a header but nobody in it.", {"file": filename}))
    return ([], _by_row(problems)) if problems else (respondents, [])


def write_respondents(respondents: Sequence[Respondent], separator: str = ",") -> bytes:
    """The people with every column of the file they came from, as CSV."""
    columns = list(dict.fromkeys(column for respondent in respondents for column in respondent.row))
    return write_table(columns, (respondent.row for respondent in respondents), separator)


def _spellings(quotas: Sequence[Quota]) -> dict[str, dict[str, str]]:
    spelling: dict[str, dict[str, str]] = {}
    for quota in quotas:
        spelling.setdefault(quota.category, {})[folded(quota.value)] = quota.value
    return spelling


def _unknown_value(filename: str, row: int, column: str, value: str, allowed: dict[str, str]) -> Problem:
    found: dict[str, object] = {"file": filename, "row": row, "column": column, "value": value}
    found["allowed"] = ", ".join(allowed.values())
    if not value:
        sentence = "Row %(row)d of %(file)s has nothing in column “%(column)s”. Write one of: %(allowed)s."
        return Problem(sentence, found)
    nearest = extractOne(folded(value), allowed.keys(), scorer=ratio, score_cutoff=SUGGESTED)
    if nearest is None:
        sentence = "Row %(row)d of %(file)s, column “%(column)s”: “%(value)s” has no quota. Write one of: %(allowed)s."
        return Problem(sentence, found)
    sentence = (
        "Row %(row)d of %(file)s, column “%(column)s”: “%(value)s” has no quota. Did you mean “%(nearest)s”? Write one "
        "of: %(allowed)s."
    )
    return Problem(sentence, found | {"nearest": allowed[nearest[0]]})


def _id_problems(filename: str, table: Table, column: str) -> list[Problem]:
    first: dict[str, int] = {}
    problems = []
    for row, cells in table.rows:
        found: dict[str, object] = {"file": filename, "row": row, "column": column, "value": cells[column]}
        if not cells[column]:
            sentence = "Row %(row)d of %(file)s has nothing in column “%(column)s”. Each person needs an id."
            problems.append(Problem(sentence, found))
        elif len(cells[column]) > MOST_ID:
            sentence = "Row %(row)d of %(file)s, column “%(column)s”: an id has at most %(most)d letters."
            problems.append(Problem(sentence, found | {"most": MOST_ID}))
        elif cells[column] in first:
            sentence = (
                "Row %(row)d of %(file)s, column “%(column)s”: the id “%(value)s” is already in row "
                "%(first)d. If it is the same person, delete one row."
            )
            problems.append(Problem(sentence, found | {"first": first[cells[column]]}))
        first.setdefault(cells[column], row)
    return problems


def _by_row(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: problem.row if isinstance(problem.row, int) else 0)
