"""Migrations: from an empty database to the tables in code, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from deliberate.core.database import Base, OnceToken
from deliberate.core.migration import migrate
from deliberate.journal.queries import chain
from deliberate.journal.rules import chain_faults
from deliberate.panels.figures import chances
from deliberate.panels.models import Draw, Registrant, Seat
from deliberate.panels.rules import household_key
from tests.deliberate.core.populated import app_on, content, fill, rows_of

# Two processes as the first release left them: one with its panel drawn and a session begun, one with its list sealed.
REVISION = "0001"
FIRST = rows_of(REVISION)


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


def test_what_the_first_release_kept_is_there_after_every_migration(empty: list[Engine]) -> None:
    database = empty[0]
    fill(database, REVISION, FIRST)
    before = content(database, FIRST)
    migrate(database)
    after = content(database, FIRST)
    changed = {"draw": {"attributes", "figures"}, "registrant": {"household"}}
    for name, rows in before.items():
        assert len(rows) == len(FIRST[name])
        for row, now in zip(rows, after[name], strict=True):
            assert {part for part in row if row[part] != now[part]} <= changed.get(name, set()), name


def test_what_the_first_release_kept_is_read_as_that_of_today(empty: list[Engine]) -> None:
    database = empty[0]
    fill(database, REVISION, FIRST)
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
    with app_on(tmp_path, REVISION, now) as app:
        yield app


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
