"""Keeping and asking the index, inside the transaction of whoever calls."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    cast,
    column,
    delete,
    event,
    func,
    insert,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from deliberate.core.fulltext import asking
from deliberate.core.fulltext.asking import Term
from deliberate.core.fulltext.models import IndexedText
from deliberate.core.fulltext.passages import Piece, passage
from deliberate.core.fulltext.words import stem, words_of

LONGEST = 60_000
LEXEME, PLACES = 500, 255  # PostgreSQL holds words of 2 kB, and 255 places of each
TITLE_WEIGHT = 4.0
LEFT = "words left to wipe"
FTS5 = table("indexed_text_words", column("rowid"))
Terms = tuple[Term, ...]
Hits = Select[int, float]


@dataclass(frozen=True)
class Spoken:
    """What can be found of a thing in one language. `more` is looked into, and not shown as a passage."""

    language: str
    text: str
    title: str = ""
    more: str = ""


@dataclass(frozen=True)
class Found:
    """A thing that holds everything asked for: its best language, and the words around the first hit."""

    kind: str
    key: str
    language: str
    title: str
    pieces: tuple[Piece, ...]


def index(connection: Connection, kind: str, process_id: int, key: str, spoken: Iterable[Spoken]) -> None:
    """Have a thing be found by these words and no others; nothing spoken means that it is found no more."""
    forget(connection, kind, process_id, key)
    vectors = connection.dialect.name == "postgresql"
    rows = [{"kind": kind, "process_id": process_id, "key": key, **_columns(one, vectors)} for one in spoken]
    if rows:
        connection.execute(insert(IndexedText), rows)


def forget(connection: Connection, kind: str, process_id: int, key: str) -> None:
    """Take a thing out of the index, word by word."""
    gone = connection.execute(
        delete(IndexedText).where(
            IndexedText.process_id == process_id, IndexedText.kind == kind, IndexedText.key == key
        )
    )
    if gone.rowcount and connection.dialect.name == "sqlite":
        connection.info[LEFT] = True


@event.listens_for(Engine, "commit")
def wipe(connection: Connection) -> None:
    """Have SQLite wipe the words that were taken out, once for each transaction.

    FTS5 only marks them as removed until its segments are merged; those of somebody who withdrew must go now.
    """
    if connection.info.pop(LEFT, False):
        connection.exec_driver_sql("INSERT INTO indexed_text_words(indexed_text_words) VALUES ('optimize')")


def _columns(spoken: Spoken, vectors: bool) -> dict[str, str]:
    title = words_of(spoken.title[:LONGEST])
    words = [*title, *words_of(spoken.text[:LONGEST]), *words_of(spoken.more[:LONGEST])]
    stems = [stem(word, spoken.language) for word in words]
    return {
        "language": spoken.language,
        "title": spoken.title,
        "text": spoken.text,
        "title_stems": " ".join(stems[: len(title)]),
        "stems": _vector(stems, len(title)) if vectors else " ".join(stems),
        "words": _vector(words, 0) if vectors else " ".join(words),
    }


def _vector(words: Sequence[str], titled: int) -> str:
    """A vector as PostgreSQL writes it: each word with its places, those of the title weighing more."""
    places: dict[str, list[str]] = {}
    for at, word in enumerate(words, start=1):
        places.setdefault(word[:LEXEME], []).append(f"{at}A" if at <= titled else str(at))
    return " ".join(f"'{word}':{','.join(at[:PLACES])}" for word, at in places.items())


def matches(
    session: Session, process_id: int | None, kinds: Collection[str], terms: Terms, language: str = ""
) -> Subquery:
    """The things of a process, or of all, that hold every term, to be joined with.

    Its columns: `process_id`, `kind`, `key`, `id` of a row of the index, and `rank`, the least being the best.
    Of a thing told in several languages, `id` is the row in the reader's `language`, else the one that fits best.
    """
    found = _vectors(terms) if session.get_bind().dialect.name == "postgresql" else _fts5(terms)
    # Ranks of FTS5 can be read only where the words are looked up, and its rows are few: they come first.
    hit = found.cte("hit").prefix_with("MATERIALIZED")
    row = IndexedText
    best = func.row_number().over(
        partition_by=(row.process_id, row.kind, row.key),
        order_by=(row.language != language, hit.c.rank, row.id),
    )
    query = select(row.process_id, row.kind, row.key, row.id, hit.c.rank, best.label("place"))
    here = query.select_from(hit).join(row, row.id == hit.c.row).where(row.kind.in_(kinds))
    if process_id is not None:
        here = here.where(row.process_id == process_id)
    placed = here.subquery("placed")
    return select(placed).where(placed.c.place == 1).subquery("matches")


def _fts5(terms: Terms) -> Hits:
    rank: ColumnElement[float] = literal_column(f"bm25(indexed_text_words, {TITLE_WEIGHT}, 1.0, 0.5)")
    query = select(FTS5.c.rowid.label("row"), rank.label("rank")).select_from(FTS5)
    return query.where(literal_column("indexed_text_words").op("MATCH")(asking.as_fts5(terms)))


def _vectors(terms: Terms) -> Hits:
    pairs = zip((IndexedText.stems, IndexedText.words), asking.as_tsqueries(terms), strict=True)
    asked = [(vector, cast(query, TSQUERY)) for vector, query in pairs if query]
    ranks: list[ColumnElement[float]] = [func.ts_rank(vector, query) for vector, query in asked]
    query = select(IndexedText.id.label("row"), (-sum(ranks[1:], ranks[0])).label("rank"))
    return query.where(*(vector.op("@@")(query) for vector, query in asked))


def found(session: Session, ids: Collection[int], asked: str) -> list[Found]:
    """The passages of rows that `matches` named, in their order."""
    rows = {row.id: row for row in session.scalars(select(IndexedText).where(IndexedText.id.in_(ids)))}
    terms = asking.read(asked)
    return [_found(rows[one], terms) for one in ids]


def _found(row: IndexedText, terms: Terms) -> Found:
    return Found(row.kind, row.key, row.language, row.title, passage(row.text, terms, row.language))
