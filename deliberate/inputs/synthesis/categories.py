"""Tables by category that give nobody away. Pure.

What is protected. A reader knows the table, the rule, and what is public elsewhere: how many people's words stand on
each dimension, whatever they said of themselves. From this they can work out neither a count under five, nor that all
but a few of those on a dimension belong to one group:

- a count under five is not shown, and neither is one that leaves under five others on its dimension;
- no row and no column has one count alone that is not shown;
- where counts are not shown, those that are leave room for at least five people;
- a value of which no count is shown is not named: a single occupation is as good as a name;
- one level is published, that of the dimensions, one category at a time and never two together, and once, when the
  dossier is settled: neither lines inside a dimension, nor two moments, can be subtracted from one another.

What is not. Whoever knows all but one of those on a dimension by other means can subtract them. A group that says of
itself, in its words, who it is, has said so. People who typed their occupation in two ways count as two.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from deliberate.inputs.rules import SMALLEST_CELL, folded

Table = dict[str, dict[str, int | None]]


@dataclass(frozen=True)
class Told:
    """What a contribution brings to a table: its id, the dimension it stands on, how many people, what they are."""

    id: int
    dimension: str
    people: int
    value: str


def counted(told: Iterable[Told]) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """People by dimension and value, and people by dimension in all: each contribution once on each dimension.

    Values that differ by case or accents alone are one, under the spelling met most often.
    """
    found = {(one.dimension, one.id): one for one in told}
    spellings: dict[str, Counter[str]] = {}
    for one in found.values():
        if one.value:
            spellings.setdefault(folded(one.value), Counter())[one.value] += one.people
    names = {plain: min(used, key=lambda name: (-used[name], name)) for plain, used in spellings.items()}
    totals: Counter[str] = Counter()
    table: dict[str, dict[str, int]] = {}
    for one in found.values():
        totals[one.dimension] += one.people
        row = table.setdefault(one.dimension, dict.fromkeys(sorted(names.values()), 0))
        if one.value:
            row[names[folded(one.value)]] += one.people
    return dict(sorted(table.items())), dict(totals)


def protected(
    table: Mapping[str, Mapping[str, int]], totals: Mapping[str, int], smallest: int = SMALLEST_CELL
) -> Table:
    """A table of counts that gives nobody away: None is not shown. `totals`: everyone on each row, as published.

    Every row has the same columns; a column of which nothing could be shown is left out.
    """
    shown: Table = {
        row: {
            column: n if n >= smallest and totals[row] - n >= smallest else None
            for column, n in cells.items()
        }
        for row, cells in table.items()
    }
    while hidden := _lonely(shown) or _tight(shown, totals, smallest):
        row, column = hidden
        shown[row][column] = None
    named = [
        column for column in _columns(shown) if any(cells[column] is not None for cells in shown.values())
    ]
    return {row: {column: cells[column] for column in named} for row, cells in shown.items()} if named else {}


def _columns(shown: Table) -> list[str]:
    return list(next(iter(shown.values()), {}))


def _lonely(shown: Table) -> tuple[str, str] | None:
    """The least count shown on a row or column where one count alone is not shown."""
    by_row = [[(row, column) for column in cells] for row, cells in shown.items()]
    by_column = [[(row, column) for row in shown] for column in _columns(shown)]
    for line in by_row + by_column:
        kept = _kept(shown, line)
        if kept and len(line) - len(kept) == 1:
            return min(kept)[1:]
    return None


def _tight(shown: Table, totals: Mapping[str, int], smallest: int) -> tuple[str, str] | None:
    """The least count shown on a row whose other counts cannot be more than a few."""
    for row, cells in shown.items():
        kept = _kept(shown, [(row, column) for column in cells])
        if kept and len(kept) < len(cells) and totals[row] - sum(one[0] for one in kept) < smallest:
            return min(kept)[1:]
    return None


def _kept(shown: Table, line: list[tuple[str, str]]) -> list[tuple[int, str, str]]:
    return [(count, row, column) for row, column in line if (count := shown[row][column]) is not None]
