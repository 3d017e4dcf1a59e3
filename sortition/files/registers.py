"""Reading an address file or a register, with its strata: every problem at once, in sentences."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sortition.files.spreadsheet import Table, folded, read_table
from sortition.problems import Problem, unusable

MOST_PROBLEMS = 100

Key = tuple[str, ...]


@dataclass(frozen=True)
class Stratum:
    """Entries with the same `values`: `population` people live there, a share `response` of letters is answered.

    `entries` counts those that can be invited together: households where one letter per household is sent.
    """

    values: Key
    entries: int
    population: int
    response: Fraction = Fraction(1)


@dataclass(frozen=True)
class Register:
    """Entries to draw from: cells in the order of `columns`, each in the stratum `stratum_of` it.

    `group_of` numbers the households of which at most one entry is invited, −1 for an entry alone in its own; empty
    when there is no such rule. `strata_columns` name what the `values` of a stratum are.
    """

    columns: Key
    rows: tuple[Key, ...]
    strata_columns: Key
    strata: tuple[Stratum, ...]
    stratum_of: tuple[int, ...]
    group_of: tuple[int, ...]


def read_register(
    data: bytes,
    filename: str,
    strata: Sequence[str] = (),
    one_per: str | None = None,
    response_column: str | None = None,
) -> Register:
    """The entries of a file, gathered by the columns `strata`; population is what the file holds of each.

    `response_column` holds the expected response of each entry and makes strata too. At most one entry is invited
    of those that agree in `one_per`. Raises SortitionError with every problem of the file.
    """
    table = _table(data, filename)
    names = [*strata, *([response_column] if response_column else [])]
    columns = _columns(table, filename, [*names, *([one_per] if one_per else [])])
    places = [columns[name] for name in names]
    _refuse([problem for place in places for problem in _empty_cells(table, filename, place)])
    number: dict[Key, int] = {}
    said: list[Key] = []
    stratum_of = []
    for _, cells in table.rows:
        values = tuple(cells[place] for place in places)
        key = tuple(map(folded, values))
        if key not in number:
            number[key] = len(said)
            said.append(values)
        stratum_of.append(number[key])
    groups = _groups([folded(cells[columns[one_per]]) for _, cells in table.rows]) if one_per else ()
    entries = _entries(stratum_of, groups)
    population = Counter(stratum_of)
    found = [Stratum(values, entries[place], population[place]) for place, values in enumerate(said)]
    register = Register(
        columns=table.columns,
        rows=tuple(tuple(cells.values()) for _, cells in table.rows),
        strata_columns=tuple(places),
        strata=tuple(found),
        stratum_of=tuple(stratum_of),
        group_of=groups,
    )
    return _rated_by_column(register, filename) if response_column else register


def with_population(register: Register, data: bytes, filename: str) -> Register:
    """The register with the population of each stratum from a file: the columns of the strata, and `population`."""
    read = _by_stratum(register, data, filename, "population", _whole)
    return replace(
        register,
        strata=tuple(
            replace(one, population=int(read[key]))
            for one, key in zip(register.strata, _keys(register), strict=True)
        ),
    )


def with_response(register: Register, data: bytes, filename: str) -> Register:
    """The register with the expected response of each stratum from a file: their columns, and `response`."""
    read = _by_stratum(register, data, filename, "response", rate)
    return replace(
        register,
        strata=tuple(
            replace(one, response=read[key])
            for one, key in zip(register.strata, _keys(register), strict=True)
        ),
    )


def rate(text: str) -> Fraction | None:
    """A share above 0 and up to 1, written 0.035, 3.5 %, 3,5 % or 7/200; None for anything else."""
    value = quantity(text)
    return value if value is not None and 0 < value <= 1 else None


def quantity(text: str) -> Fraction | None:
    """A number from 0 as people write it: 0.035, 3.5 %, 3,5 % or 7/200; None for anything else."""
    plain = text.replace(",", ".").replace(" ", "").replace("\u202f", "").replace("\u00a0", "")
    percent = plain.endswith("%")
    parts = plain.removesuffix("%").split("/")
    digits = [part.replace(".", "", 1) for part in parts]
    if len(parts) > 2 or not all(one.isascii() and one.isdigit() and len(one) < 20 for one in digits):
        return None
    if len(parts) == 2 and int(digits[1]) == 0:
        return None
    return Fraction(parts[0]) / (Fraction(parts[1]) if len(parts) == 2 else 1) / (100 if percent else 1)


def _whole(text: str) -> Fraction | None:
    plain = text.replace(" ", "").replace("\u202f", "").replace("\u00a0", "")
    return Fraction(plain) if plain.isascii() and plain.isdigit() and len(plain) < 15 else None


def _rated_by_column(register: Register, filename: str) -> Register:
    rates = [rate(one.values[-1]) for one in register.strata]
    column = register.strata_columns[-1]
    _refuse(
        [
            Problem(
                "Column “%(column)s” of %(file)s: “%(value)s” is not an expected response. Write a share above 0 "
                "and up to 1, such as 0.035, or a percentage such as 3.5 %%.",
                {"file": filename, "column": column, "value": one.values[-1]},
            )
            for one, read in zip(register.strata, rates, strict=True)
            if read is None
        ]
    )
    pairs = zip(register.strata, rates, strict=True)
    return replace(register, strata=tuple(replace(one, response=read or Fraction(1)) for one, read in pairs))


def _by_stratum(
    register: Register, data: bytes, filename: str, column: str, read: Callable[[str], Fraction | None]
) -> dict[Key, Fraction]:
    """What a file says of each stratum in `column`; a stratum said twice, unknown or missing is a problem."""
    table = _table(data, filename)
    columns = _columns(table, filename, [*register.strata_columns, column])
    known = dict(zip(_keys(register), register.strata, strict=True))
    found: dict[Key, Fraction] = {}
    problems = []
    for row, cells in table.rows:
        values = [cells[columns[name]] for name in register.strata_columns]
        key, number = tuple(map(folded, values)), read(cells[columns[column]])
        place = {"file": filename, "row": row, "column": column, "value": cells[columns[column]]}
        if number is None:
            problems.append(_unreadable(column, place))
        elif key in found:
            sentence = "Row %(row)d of %(file)s repeats the stratum “%(stratum)s”. Delete one of the rows."
            problems.append(Problem(sentence, place | {"stratum": said(values)}))
        elif key not in known and number and column == "population":
            sentence = (
                "Row %(row)d of %(file)s: nobody of the stratum “%(stratum)s” is in the file to draw from, so nobody "
                "of it can be invited. Complete that file, or delete this row."
            )
            problems.append(Problem(sentence, place | {"stratum": said(values)}))
        found[key] = Fraction(1) if number is None else number
    problems += [
        Problem(
            "%(file)s says nothing of the stratum “%(stratum)s”. Add a row for it.",
            {"file": filename, "stratum": said(stratum.values)},
        )
        for key, stratum in known.items()
        if key not in found
    ]
    _refuse(problems)
    return found


def _unreadable(column: str, place: Mapping[str, object]) -> Problem:
    sentence = (
        "Row %(row)d of %(file)s, column “%(column)s”: “%(value)s” is not a whole number of people."
        if column == "population"
        else "Row %(row)d of %(file)s, column “%(column)s”: “%(value)s” is not an expected response. Write a share "
        "above 0 and up to 1, such as 0.035, or a percentage such as 3.5 %%."
    )
    return Problem(sentence, place)


def said(values: Sequence[str]) -> str:
    """A stratum in words."""
    return ", ".join(values)


def _keys(register: Register) -> list[Key]:
    return [tuple(map(folded, stratum.values)) for stratum in register.strata]


def _table(data: bytes, filename: str) -> Table:
    table, problems = read_table(data, filename)
    if table is not None and not table.rows:
        problems = [Problem("%(file)s has a header but nobody in it.", {"file": filename})]
    if table is None or problems:
        _refuse(problems)
    assert table is not None
    return table


def _columns(table: Table, filename: str, wanted: Sequence[str]) -> dict[str, str]:
    """Each column wanted, as the file spells it."""
    found = {name: table.column(name) for name in wanted}
    _refuse([table.lacks(filename, name) for name, column in found.items() if column is None])
    return {name: column for name, column in found.items() if column is not None}


def _empty_cells(table: Table, filename: str, column: str) -> list[Problem]:
    sentence = "Row %(row)d of %(file)s has nothing in column “%(column)s”. Fill it in, or delete the row."
    return [
        Problem(sentence, {"file": filename, "row": row, "column": column})
        for row, cells in table.rows
        if not cells[column]
    ]


def _groups(homes: Sequence[str]) -> tuple[int, ...]:
    """The number of each entry's household, in the order of first mention; −1 where nobody shares it."""
    people = Counter(homes)
    number: dict[str, int] = {}
    return tuple(number.setdefault(home, len(number)) if home and people[home] > 1 else -1 for home in homes)


def _entries(stratum_of: Sequence[int], group_of: Sequence[int]) -> Mapping[int, int]:
    """How many entries of each stratum can be invited together."""
    if not group_of:
        return Counter(stratum_of)
    homes = {
        (stratum, group if group >= 0 else -1 - place)
        for place, (stratum, group) in enumerate(zip(stratum_of, group_of, strict=True))
    }
    return Counter(stratum for stratum, _ in homes)


def _refuse(problems: Sequence[Problem]) -> None:
    if not problems:
        return
    told = list(problems[:MOST_PROBLEMS])
    if len(problems) > MOST_PROBLEMS:
        more = "And %(more)d more problems of the same file."
        told.append(Problem(more, {"more": len(problems) - MOST_PROBLEMS}))
    raise unusable(told)
