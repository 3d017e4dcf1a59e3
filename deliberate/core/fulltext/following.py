"""The index follows the tables: whatever act changes a row, its words are indexed in the same flush.

So no act can forget it, and no word that was withdrawn stays. What writes past the session (`update(…)`) is not seen:
`rebuild` puts that right.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, event, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapper, Session

from deliberate.core.database import Base
from deliberate.core.fulltext.index import Spoken, forget, index
from deliberate.core.fulltext.models import IndexedText

Tell = Callable[[Any], Iterable[Spoken]]


@dataclass(frozen=True)
class Source:
    """A table whose rows can be found. They have `process_id` and `key`; `tell` says what is public of one."""

    kind: str
    table: type[Base]
    tell: Tell


_sources: dict[str, Source] = {}


def follow(source: Source) -> None:
    """Have every row of a table be found by what is public of it; once per kind."""
    if source.kind in _sources:
        return
    _sources[source.kind] = source

    def keep(_mapper: Mapper[Any], connection: Connection, row: Any) -> None:
        index(connection, source.kind, row.process_id, row.key, list(source.tell(row)))

    def drop(_mapper: Mapper[Any], connection: Connection, row: Any) -> None:
        forget(connection, source.kind, row.process_id, row.key)

    event.listen(source.table, "after_insert", keep)
    event.listen(source.table, "after_update", keep)
    event.listen(source.table, "after_delete", drop)


def rebuild(session: Session) -> dict[str, int]:
    """Make the whole index anew from the tables; how many things of each kind were read."""
    session.flush()
    session.execute(delete(IndexedText))
    return {source.kind: _rebuild(session, source) for source in _sources.values()}


def _rebuild(session: Session, source: Source) -> int:
    connection, number = session.connection(), 0
    for row in session.scalars(select(source.table).execution_options(yield_per=500)):
        index(connection, source.kind, row.process_id, row.key, list(source.tell(row)))
        number += 1
    return number
