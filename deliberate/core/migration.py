"""Bring a database to the shape the code expects. Forward only: to go back, restore a backup."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.engine import Connection

FOLDER = Path(__file__).parents[1] / "migrations"


def migrate(engine: Engine, to: str = "head") -> None:
    """Run every migration that the database lacks, in one transaction; `to` stops at an earlier revision.

    Raises RuntimeError, and leaves the database as it was, when rows would point at rows that are not there.
    """
    with engine.connect() as connection, _rows_left_alone(connection), connection.begin():
        if _at(connection) != newest():
            command.upgrade(_config(connection), to)
            _refuse_lost_rows(connection)


@contextmanager
def _rows_left_alone(connection: Connection) -> Iterator[None]:
    """SQLite alters a table by making it anew: dropping the old one must not touch the rows that point at it.

    https://www.sqlite.org/lang_altertable.html#making_other_kinds_of_table_schema_changes
    """
    own = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite" or own is None:
        yield
        return
    own.cursor().execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        own.cursor().execute("PRAGMA foreign_keys=ON")


def _refuse_lost_rows(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if lost:
            raise RuntimeError(f"Rows point at rows that are not there after the migration: {lost[:5]}")


def write_migration(engine: Engine, message: str) -> None:
    """Write the next migration by comparing the tables in code with an up-to-date database."""
    with engine.connect() as connection, connection.begin():
        command.revision(_config(connection), message, autogenerate=True)


def newest() -> str | None:
    """The revision that the code expects."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def _at(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
