"""The base of every table, and how transactions begin.

On SQLite a transaction that may write takes its lock when it begins (`BEGIN IMMEDIATE`), so that two writers queue
instead of failing half-way; a page that is only read (GET, HEAD) begins without a lock.
"""

from datetime import UTC, datetime
from typing import Any, ClassVar

import flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Engine, MetaData, String, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from deliberate.core.errors import N_, Conflict

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
BUSY_SECONDS = 30
READING = "deliberate_reading"

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: stored in UTC, always aware in Python. Raises ValueError for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return (
            value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value.astimezone(UTC)
        )

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The parent of every table. `dict[str, str]` columns hold a text per language."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        dict[str, str]: JSON(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        list[int]: JSON(),
        list[Any]: JSON(),
    }


class OnceToken(Base):
    """A form that was sent: the second sending of the same page finds its token here and is not done again.

    `outcome` is where the first sending led, so that the second can go there too.
    """

    __tablename__ = "once_token"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]


db = SQLAlchemy(metadata=Base.metadata, session_options={"autoflush": True})


def prepare_engine(engine: Engine) -> None:
    """Register what a connection and a transaction need; SQLite only, PostgreSQL needs nothing."""
    if engine.dialect.name != "sqlite" or event.contains(engine, "begin", _begin):
        return
    event.listen(engine, "connect", _connect)
    event.listen(engine, "begin", _begin)


def _connect(connection: Any, record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=NORMAL",
        f"busy_timeout={BUSY_SECONDS * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get(READING) or (
        flask.has_request_context() and flask.request.method in SAFE_METHODS
    )
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def begin_reading(session: Session) -> None:
    """Begin a transaction that only reads, so that on SQLite nobody waits for its end; the next one may write again.

    Nothing happens in the middle of a transaction.
    """
    if not session.in_transaction():
        session.connection(execution_options={READING: True})


def lock(session: Session, row: Base) -> None:
    """Hold a row until the transaction ends (PostgreSQL; on SQLite the whole database is held already).

    Raises Conflict for one that somebody deleted meanwhile.
    """
    try:
        session.refresh(row, with_for_update=True)
    except InvalidRequestError as error:
        raise Conflict(
            N_("This is not there any more: it was taken back or deleted meanwhile. Reload the page to see.")
        ) from error
