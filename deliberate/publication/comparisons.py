"""Two versions compared, in one language or in several at once: what is shown, what is folded, what it adds up to."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from charters import Change
from charters.comparing.words import tokens
from deliberate.publication.lineage import Stored, compared
from deliberate.publication.reading import Passage, passages

STATUSES = ("inserted", "changed", "split", "joined", "struck", "moved")


@dataclass(frozen=True)
class Row:
    """What became of a clause, in each language shown. `rank` counts what differs from 1; 0 where nothing does."""

    passage: Passage
    changes: tuple[Change, ...]
    rank: int = 0

    @property
    def change(self) -> Change:
        """What became of it in the first language in which anything did."""
        return next((one for one in self.changes if one.status != "unchanged"), self.changes[0])


@dataclass(frozen=True)
class Fold:
    """Clauses that follow one another and did not change."""

    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Comparison:
    """`figures`: clauses by status; `added` and `removed`: words, in all languages shown."""

    parts: tuple[Row | Fold, ...]
    figures: dict[str, int]
    added: int
    removed: int

    @property
    def differing(self) -> int:
        """How many clauses differ."""
        return max((part.rank for part in self.parts if isinstance(part, Row)), default=0)


def comparison(old: Stored, new: Stored, languages: Sequence[str], whole: bool = False) -> Comparison:
    """Two versions in one or several languages; what did not change is folded unless the `whole` is asked for."""
    rows = list(_rows(old, new, languages))
    touched = [row for row in rows if row.rank]
    figures = Counter(_said(row) for row in touched)
    added, removed = (sum(_words(row, tag) for row in touched) for tag in ("insert", "delete"))
    return Comparison(
        tuple(rows if whole else _folded(rows)),
        {status: figures[status] for status in STATUSES if figures[status]},
        added, removed,
    )  # fmt: skip


def _rows(old: Stored, new: Stored, languages: Sequence[str]) -> Iterator[Row]:
    places = {one.clause.id: one for one in (*passages(old), *passages(new))}
    rank = 0
    for changes in zip(*(compared(old, new, language) for language in languages), strict=True):
        touched = any(not change.untouched for change in changes)
        rank += touched
        yield Row(places[changes[0].clause], changes, rank if touched else 0)


def _said(row: Row) -> str:
    """Under what a clause that differs is counted; one whose translation alone was confirmed is changed."""
    if row.change.status != "unchanged":
        return row.change.status
    return "moved" if any(change.moved for change in row.changes) else "changed"


def _words(row: Row, tag: str) -> int:
    pieces = (piece for change in row.changes for field in (change.heading, change.text) for piece in field)
    return sum(any(map(str.isalnum, token)) for kind, text in pieces if kind == tag for token in tokens(text))


def _folded(rows: Iterable[Row]) -> Iterator[Row | Fold]:
    fold: list[Row] = []
    for row in rows:
        if row.rank and fold:
            yield Fold(tuple(fold))
            fold = []
        if row.rank:
            yield row
        else:
            fold.append(row)
    if fold:
        yield Fold(tuple(fold))
