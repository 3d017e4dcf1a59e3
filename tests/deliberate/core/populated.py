"""Databases as earlier releases left them: rows kept in files, put in place and brought forward."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Date, DateTime, Engine, MetaData, create_engine, select

from deliberate.app import create_app
from deliberate.core.config import Settings
from deliberate.core.database import db, prepare_engine
from deliberate.core.migration import migrate
from tests.conftest import Browser

Rows = dict[str, list[dict[str, Any]]]


def rows_of(revision: str) -> Rows:
    """What a database of this revision held."""
    rows: Rows = json.loads(Path(__file__).with_name(f"rows-of-{revision}.json").read_text("utf-8"))
    return rows


def fill(engine: Engine, revision: str, rows: Rows) -> None:
    """Bring an empty database to a revision, with these rows."""
    migrate(engine, revision)
    shapes = tables(engine).sorted_tables
    with engine.begin() as connection:
        for table in shapes:
            moments = {one.name for one in table.columns if isinstance(one.type, DateTime | Date)}
            for row in rows.get(table.name, []):
                read = {
                    name: datetime.fromisoformat(value) if name in moments and value else value
                    for name, value in row.items()
                }
                connection.execute(table.insert().values(read))
            if engine.dialect.name == "postgresql" and "id" in table.columns and rows.get(table.name):
                counter = f"pg_get_serial_sequence('\"{table.name}\"', 'id')"
                connection.exec_driver_sql(f'SELECT setval({counter}, (SELECT max(id) FROM "{table.name}"))')


def tables(engine: Engine) -> MetaData:
    """The tables as the database has them."""
    found = MetaData()
    found.reflect(engine)
    return found


def content(engine: Engine, rows: Rows) -> Rows:
    """Every row of the tables of `rows`, in their columns, moments as text."""
    shapes = [table for table in tables(engine).sorted_tables if table.name in rows]
    with engine.connect() as connection:
        return {
            table.name: [
                {name: value for name, value in row.items() if name in rows[table.name][0]}
                for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()
            ]
            for table in shapes
        }


@contextmanager
def app_on(folder: Path, revision: str, now: datetime) -> Iterator[Flask]:
    """The application on a database of an earlier release, brought forward."""
    settings = Settings(instance=folder, secret_key="s" * 40, language="en")
    engine = create_engine(settings.database)
    prepare_engine(engine)
    fill(engine, revision, rows_of(revision))
    migrate(engine)
    engine.dispose()
    app = create_app(settings, lambda: now, testing=True)
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Browser
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
