"""Migrations: from an empty database to the tables in code, on SQLite and on PostgreSQL."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Date, DateTime, Engine, MetaData, create_engine, inspect, select, text
from sqlalchemy.orm import Session

from deliberate.app import create_app
from deliberate.core.config import Settings
from deliberate.core.database import Base, OnceToken, db, prepare_engine
from deliberate.core.migration import migrate
from deliberate.journal.queries import chain
from deliberate.journal.rules import chain_faults
from deliberate.panels.figures import chances
from deliberate.panels.models import Draw, Registrant, Seat
from deliberate.panels.rules import household_key
from tests.conftest import Browser

Rows = dict[str, list[dict[str, Any]]]
# Two processes as the first release left them: one with its panel drawn and a session begun, one with its list sealed.
FIRST: Rows = json.loads(Path(__file__).with_name("rows-of-0001.json").read_text("utf-8"))


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
        if table != "alembic_version" and not table.startswith("indexed_text_words")
    } | beside_the_tables(engine)


def beside_the_tables(engine: Engine) -> dict[str, Any]:
    """What no table shows: triggers, and tables that SQLite keeps itself, in its own words."""
    if engine.dialect.name != "sqlite":
        return {}
    kept = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' OR name LIKE 'indexed_text_words%'"
    with engine.connect() as connection:
        return {str(name): sql for name, sql in connection.exec_driver_sql(kept)}


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


def tables(engine: Engine) -> MetaData:
    found = MetaData()
    found.reflect(engine)
    return found


def fill(engine: Engine, rows: Rows) -> None:
    """Bring an empty database to the first revision, with these rows."""
    migrate(engine, "0001")
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


def content(engine: Engine) -> Rows:
    """Every row in the columns of the first release, moments as text."""
    shapes = [table for table in tables(engine).sorted_tables if table.name in FIRST]
    with engine.connect() as connection:
        return {
            table.name: [
                {name: value for name, value in row.items() if name in FIRST[table.name][0]}
                for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()
            ]
            for table in shapes
        }


def test_what_the_first_release_kept_is_there_after_every_migration(empty: list[Engine]) -> None:
    database = empty[0]
    fill(database, FIRST)
    before = content(database)
    migrate(database)
    after = content(database)
    changed = {"draw": {"attributes", "figures"}, "registrant": {"household"}}
    for name, rows in before.items():
        assert len(rows) == len(FIRST[name])
        for row, now in zip(rows, after[name], strict=True):
            assert {part for part in row if row[part] != now[part]} <= changed.get(name, set()), name


def test_what_the_first_release_kept_is_read_as_that_of_today(empty: list[Engine]) -> None:
    database = empty[0]
    fill(database, FIRST)
    migrate(database)
    with Session(database) as session:
        for draw in session.scalars(select(Draw)):
            assert sum(chances(draw)) == pytest.approx(draw.size)
            assert draw.attributes["panels"] == draw.lottery["panels"]
        assert {(seat.answer_by, seat.passed_over) for seat in session.scalars(select(Seat))} == {
            (None, None)
        }
        for one in session.scalars(select(Registrant).where(Registrant.household != "")):
            assert one.contact is not None
            assert one.household == household_key(one.contact.address)
        assert chain_faults(list(chain(session, "revealed"))) == []


@pytest.fixture
def app(tmp_path: Path, now: datetime) -> Iterator[Flask]:
    """The application on a database of the first release, brought forward."""
    settings = Settings(instance=tmp_path, secret_key="s" * 40, language="en")
    engine = create_engine(settings.database)
    prepare_engine(engine)
    fill(engine, FIRST)
    migrate(engine)
    engine.dispose()
    app = create_app(settings, lambda: now, testing=True)
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Browser
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


PAGES = (
    "",
    "/protocol",
    "/panel",
    "/journal",
    "/pool",
    "/quotas",
    "/draws",
    "/draws/1",
    "/draws/1/ceremony",
    "/draws/1/certificate",
    "/draws/1/report.html",
    "/draws/1/report.html?download=1",
    "/draws/1/lottery.json",
    "/draws/1/chances.csv",
    "/draws/1/folder.zip",
    "/seats",
    "/contests",
    "/sittings",
)
AFTER_THE_DRAW = ("/seats/calls", "/seats/letters", "/draws/1/reveal.json", "/draws/1/selected.csv")


@pytest.mark.parametrize("slug", ["revealed", "prepared"])
def test_pages_show_a_draw_of_the_first_release(
    app: Flask, sign_in: Callable[[FlaskClient, str], FlaskClient], slug: str
) -> None:
    organiser = sign_in(app.test_client(), "organiser@example.org")
    pages = PAGES + (AFTER_THE_DRAW if slug == "revealed" else ())
    answers = {page: organiser.get(f"/processes/{slug}{page}").status_code for page in pages}
    assert {page: status for page, status in answers.items() if status != 200} == {}


def test_a_list_sealed_in_the_open_is_abandoned_rather_than_opened(
    app: Flask, sign_in: Callable[[FlaskClient, str], FlaskClient]
) -> None:
    organiser = sign_in(app.test_client(), "organiser@example.org")
    page = organiser.post(
        "/processes/prepared/draws/1/reveal", data={"randomness": "7", "step": "reveal", "once": "a"}
    )
    assert page.status_code == 409
    assert "sealed by an earlier version" in page.text
