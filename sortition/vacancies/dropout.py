"""How likely members of a panel are to drop out, by the values they carry.

A member's chance is a base chance times one multiplier per category (Flanigan, Gölz, Gupta, Procaccia, *NeurIPS* 2020,
model who volunteers in this way; Assos, Baharav, Flanigan, Procaccia 2025, who drops out), at most 90 %.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod

from sortition.files.pool import CATEGORY_COLUMNS, VALUE_COLUMNS
from sortition.files.registers import quantity
from sortition.files.spreadsheet import Table, folded, read_table
from sortition.problems import Problem, SortitionError, unusable

EQUAL = Fraction(1, 10)
MOST = Fraction(9, 10)
MOST_MULTIPLIER = 100

Value = tuple[str, str]


@dataclass(frozen=True)
class Dropout:
    """A `base` chance, and multipliers by (category, value); whoever carries none of them has the base chance."""

    base: Fraction = EQUAL
    multipliers: Mapping[Value, Fraction] = field(default_factory=dict)

    def chance(self, values: Sequence[Value]) -> Fraction:
        """The chance that somebody with these (category, value) drops out."""
        return min(MOST, self.base * prod(self.multipliers.get(value, Fraction(1)) for value in values))

    @property
    def document(self) -> list[list[str]]:
        """As alternates.json holds it: [category, value, multiplier], and first the base chance, of no category."""
        rows = [
            ("", "", self.base),
            *((*value, self.multipliers[value]) for value in sorted(self.multipliers)),
        ]
        return [[category, value, f"{one.numerator}/{one.denominator}"] for category, value, one in rows]


def sealed_dropout(document: Sequence[Sequence[str]]) -> Dropout:
    """The model that a lottery sealed. Raises SortitionError when `document` is none."""
    try:
        base, *others = [((category, value), Fraction(one)) for category, value, one in document]
    except (ValueError, ZeroDivisionError):
        raise SortitionError(
            "What this lottery seals of people likely to drop out cannot be read. Put back the lottery.json that was "
            "written when it was prepared."
        ) from None
    return Dropout(base[1], dict(others))


def learnt(seats: Mapping[Value, int], dropped: Mapping[Value, int]) -> Dropout:
    """What an earlier panel teaches: of so many `seats` held by people with a value, so many `dropped` out.

    Base: (dropped + 1) / (seats + 10), the rate of all, drawn towards one in ten. Multiplier of a value:
    (dropped + 1) / (seats · base + 1), observed over expected, drawn towards 1: the posterior mean of a relative
    risk under a Gamma(1, 1) prior (Clayton & Kaldor, *Biometrics* 43, 1987). Few seats move it little.
    """
    categories = {category for category, _ in seats}
    per_category = Counter[str]()
    for (category, _), number in seats.items():
        per_category[category] += number
    largest = max(sorted(categories), key=per_category.__getitem__)
    lost = sum(dropped[value] for value in seats if value[0] == largest)
    base = Fraction(lost + 1, 1) / (per_category[largest] + 1 / EQUAL)
    return Dropout(base, {value: (dropped[value] + 1) / (seats[value] * base + 1) for value in seats})


def read_dropout(data: bytes, filename: str, known: Sequence[Value]) -> Dropout:
    """A file ``category,value,multiplier``, or ``category,value,seats,dropped`` to learn from.

    `known` are the values that have a quota. Raises SortitionError with every problem of the file.
    """
    table, problems = read_table(data, filename)
    if table is None:
        raise unusable(problems)
    category, value = table.column(*CATEGORY_COLUMNS), table.column(*VALUE_COLUMNS)
    seats, dropped, multiplier = (table.column(name) for name in ("seats", "dropped", "multiplier"))
    if category is None or value is None or not ((seats and dropped) or multiplier):
        sentence = (
            "%(file)s needs the columns category, value and multiplier, or category, value, seats and dropped; it "
            "has: %(found)s."
        )
        raise unusable([Problem(sentence, {"file": filename, "found": ", ".join(table.columns)})])
    names = _values(table, filename, category, value, known)
    if seats and dropped:
        held, lost = (_numbers(table, filename, column, names) for column in (seats, dropped))
        _refuse_more_than_seats(filename, held, lost)
        return learnt(held, lost)
    return Dropout(EQUAL, _multipliers(table, filename, multiplier or "", names))


def _values(
    table: Table, filename: str, category: str, value: str, known: Sequence[Value]
) -> dict[int, Value]:
    """By row, the quota that the row is about."""
    spelling = {(folded(one[0]), folded(one[1])): one for one in known}
    found: dict[int, Value] = {}
    problems = []
    for row, cells in table.rows:
        key = (folded(cells[category]), folded(cells[value]))
        place = {"file": filename, "row": row, "category": cells[category], "value": cells[value]}
        if key not in spelling:
            sentence = "Row %(row)d of %(file)s: “%(category)s: %(value)s” has no quota in this lottery."
            problems.append(Problem(sentence, place))
        elif spelling[key] in found.values():
            sentence = "Row %(row)d of %(file)s repeats “%(category)s: %(value)s”. Delete one of the two."
            problems.append(Problem(sentence, place))
        else:
            found[row] = spelling[key]
    if not found and not problems:
        problems.append(Problem("%(file)s has a header but no row.", {"file": filename}))
    if problems:
        raise unusable(problems)
    return found


def _numbers(table: Table, filename: str, column: str, names: Mapping[int, Value]) -> dict[Value, int]:
    sentence = "Row %(row)d of %(file)s, column “%(column)s”: “%(value)s” is not a whole number of people."
    problems = [
        Problem(sentence, {"file": filename, "row": row, "column": column, "value": cells[column]})
        for row, cells in table.rows
        if not (cells[column].isascii() and cells[column].isdigit() and len(cells[column]) < 10)
    ]
    if problems:
        raise unusable(problems)
    return {names[row]: int(cells[column]) for row, cells in table.rows}


def _multipliers(
    table: Table, filename: str, column: str, names: Mapping[int, Value]
) -> dict[Value, Fraction]:
    read = {row: quantity(cells[column]) for row, cells in table.rows}
    sentence = (
        "Row %(row)d of %(file)s, column “%(column)s”: “%(value)s” is not a multiplier. Write 1 for the usual chance to "
        "drop out, 2 for twice that chance, 1/2 for half of it; at most %(most)d."
    )
    problems = [
        Problem(
            sentence,
            {"file": filename, "row": row, "column": column, "value": cells[column], "most": MOST_MULTIPLIER},
        )
        for row, cells in table.rows
        if (number := read[row]) is None or number > MOST_MULTIPLIER
    ]
    if problems:
        raise unusable(problems)
    return {names[row]: number for row, number in read.items() if number is not None}


def _refuse_more_than_seats(filename: str, seats: Mapping[Value, int], dropped: Mapping[Value, int]) -> None:
    sentence = "%(file)s: of %(seats)d people with “%(category)s: %(value)s”, %(dropped)d dropped out. Correct one of the numbers."
    problems = [
        Problem(
            sentence,
            {
                "file": filename,
                "category": one[0],
                "value": one[1],
                "seats": seats[one],
                "dropped": dropped[one],
            },
        )
        for one in seats
        if dropped[one] > seats[one]
    ]
    if problems:
        raise unusable(problems)
