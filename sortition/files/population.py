"""The share of the population that each group makes up, as files say it: percentages, fractions, or heads counted."""

from collections.abc import Sequence
from fractions import Fraction

from sortition.files.spreadsheet import Table
from sortition.problems import Problem

POPULATION_COLUMNS = ("population", "share")
MOST_LETTERS = 20
LARGEST_DENOMINATOR = 10**6
# Shares of a category written with few decimals add up to this much more than the whole.
ROUNDED = Fraction(102, 100)


def read_shares(
    filename: str, table: Table, category: str, column: str
) -> tuple[list[Fraction | None], list[Problem]]:
    """One share per row of the table, None where the cell is blank; and what is wrong in the column.

    Plain numbers of a category are fractions when they add up to 1 or less, percentages when they add up to 100 or
    some are blank, and heads otherwise.
    """
    cells = [(row, written[category].casefold(), written[column]) for row, written in table.rows]
    read: list[Fraction | None] = []
    problems = []
    for row, _, text in cells:
        number = _number(text)
        read.append(number)
        if text and number is None:
            sentence = (
                "Row %(row)d of %(file)s, column “%(column)s”: “%(value)s” is not a share of the population. Write a "
                "percentage (19 %%), a fraction (19/100) or a number of people."
            )
            values = {"file": filename, "row": row, "column": column, "value": text}
            problems.append(Problem(sentence, values))
    whole = {name: _whole([one for one, (_, other, _) in zip(read, cells, strict=True) if other == name])
             for name in {name for _, name, _ in cells}}  # fmt: skip
    shares = [_share(number, text, whole[name]) for number, (_, name, text) in zip(read, cells, strict=True)]
    for (row, _, text), share in zip(cells, shares, strict=True):
        if share is not None and share > 1:
            sentence = (
                "Row %(row)d of %(file)s, column “%(column)s”: “%(value)s” is more than the whole population. Fill in "
                "the column for every group of the category, or write percentages."
            )
            problems.append(
                Problem(sentence, {"file": filename, "row": row, "column": column, "value": text})
            )
    return shares, problems


def _number(text: str) -> Fraction | None:
    plain = text.replace("%", "").replace("\N{NO-BREAK SPACE}", "").replace(" ", "").replace(",", ".")
    if not plain.isascii() or len(plain) > MOST_LETTERS or plain.strip(".0123456789/"):
        return None
    try:
        return Fraction(plain)
    except (ValueError, ZeroDivisionError):
        return None


def _whole(numbers: Sequence[Fraction | None]) -> Fraction:
    """What the plain numbers of one category are out of."""
    total = sum((number for number in numbers if number is not None), Fraction(0))
    if total <= ROUNDED:
        return Fraction(1)
    percentages = total <= 100 * ROUNDED and (None in numbers or total >= 100 / ROUNDED)
    return Fraction(100) if percentages or None in numbers else total


def _share(number: Fraction | None, text: str, whole: Fraction) -> Fraction | None:
    if number is None:
        return None
    share = number / (100 if "%" in text else 1 if "/" in text else whole)
    return share.limit_denominator(LARGEST_DENOMINATOR)
