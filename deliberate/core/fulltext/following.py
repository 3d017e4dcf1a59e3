"""The index follows the tables: whatever act changes a row, its words are indexed in the same flush.

So no act can forget it, and no word that was withdrawn stays. What writes past the session (`update(…)`) is not seen:
`rebuild` puts that right.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, event, inspect, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapper, Session

from deliberate.core import jobs
from deliberate.core.fulltext.index import Spoken, forget, index
from deliberate.core.fulltext.models import IndexedText

KIND = "index"


@dataclass(frozen=True)
class Source:
    """A table whose rows, with their `process_id` and `key`, can be found.

    `tell` says what is public of a row, from the columns it `reads`: only a change of these is indexed.
    """

    kind: str
    table: type[Any]
    reads: tuple[str, ...]
    tell: Callable[[Any], Iterable[Spoken]]


_sources: dict[str, Source] = {}


def follow(source: Source) -> None:
    """Have every row of a table be found by what is public of it."""
    _sources[source.kind] = source

    def add(_mapper: Mapper[Any], connection: Connection, row: Any) -> None:
        _keep(connection, source, row)

    def change(_mapper: Mapper[Any], connection: Connection, row: Any) -> None:
        attributes = inspect(row).attrs
        if any(attributes[name].history.has_changes() for name in source.reads):
            _keep(connection, source, row)

    def remove(_mapper: Mapper[Any], connection: Connection, row: Any) -> None:
        forget(connection, source.kind, row.process_id, row.key)

    event.listen(source.table, "after_insert", add)
    event.listen(source.table, "after_update", change)
    event.listen(source.table, "after_delete", remove)


def _keep(connection: Connection, source: Source, row: Any) -> None:
    index(connection, source.kind, row.process_id, row.key, source.tell(row))


def rebuild(session: Session) -> dict[str, int]:
    """Make the whole index anew from the tables; how many things of each kind were read."""
    session.flush()
    session.execute(delete(IndexedText))
    return {source.kind: _rebuild(session, source) for source in _sources.values()}


def _rebuild(session: Session, source: Source) -> int:
    connection, number = session.connection(), 0
    for row in session.scalars(select(source.table).execution_options(yield_per=500)):
        _keep(connection, source, row)
        number += 1
    return number


def work(run: jobs.Run) -> None:
    """The job that a migration asks for: index what was there before there was an index."""
    rebuild(run.session)
