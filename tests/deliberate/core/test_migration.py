"""Migrations: from an empty database to the tables in code, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.orm import Session

from deliberate.core.database import Base, OnceToken, prepare_engine
from deliberate.core.migration import migrate


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[Engine]]:
    """Two databases without a table, of the same kind."""
    if request.param == "sqlite":
        engines = [create_engine(f"sqlite:///{tmp_path / name}") for name in ("one.sqlite3", "two.sqlite3")]
        for engine in engines:
            prepare_engine(engine)
        yield engines
        for engine in engines:
            engine.dispose()
        return
    server = create_engine(request.getfixturevalue("postgresql"), isolation_level="AUTOCOMMIT")
    names = ("migration_one", "migration_two")
    with server.connect() as connection:
        for name in names:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engines = [create_engine(server.url.set(database=name)) for name in names]
        yield engines
        for engine in engines:
            engine.dispose()
        for name in names:
            connection.execute(text(f"DROP DATABASE {name}"))
    server.dispose()


def shape(engine: Engine) -> dict[str, dict[str, Any]]:
    """Every table: columns, keys, named constraints and indexes, in the database's own words."""
    seen = inspect(engine)
    return {
        table: {
            "columns": {
                column["name"]: (
                    column["type"].compile(engine.dialect),
                    column["nullable"],
                    default(column),
                )
                for column in seen.get_columns(table)
            },
            "key": seen.get_pk_constraint(table)["constrained_columns"],
            "foreign keys": by_name(
                seen.get_foreign_keys(table), "constrained_columns", "referred_table", "options"
            ),
            "unique": by_name(seen.get_unique_constraints(table), "column_names"),
            "checks": by_name(seen.get_check_constraints(table), "sqltext"),
            "indexes": by_name(seen.get_indexes(table), "column_names", "unique"),
        }
        for table in seen.get_table_names()
        if table != "alembic_version"
    }


def default(column: Any) -> str | None:
    """What a column holds when nothing is said; PostgreSQL has two spellings of the present moment."""
    return "now()" if column["default"] == "CURRENT_TIMESTAMP" else column["default"]


def by_name(found: Any, *parts: str) -> dict[str, list[Any]]:
    return {str(one["name"]): [one.get(part) for part in parts] for one in found}


def test_migrations_lead_from_an_empty_database_to_the_tables_in_code(empty: list[Engine]) -> None:
    migrated, made = empty
    migrate(migrated)
    Base.metadata.create_all(made)
    assert shape(migrated) == shape(made)


def test_a_database_that_is_up_to_date_is_left_as_it_is(empty: list[Engine], now: datetime) -> None:
    database = empty[0]
    migrate(database)
    with Session(database) as session:
        session.add(OnceToken(token="kept", outcome="/", at=now))
        session.commit()
    migrate(database)
    with Session(database) as session:
        assert session.get_one(OnceToken, "kept").at == now
