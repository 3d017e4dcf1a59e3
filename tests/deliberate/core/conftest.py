"""Databases without a table."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from deliberate.core.database import prepare_engine


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
