"""A charter with a life: six versions through changes, a split, a join, a move and a strike; read, never written."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from charters import Amendment, Clause, Version, apply, next_version, version_to_json
from charters.model import Charter as Document
from charters.operations import Confirm, Insert, Join, Move, Operation, Replace, Split, Strike
from deliberate.app import create_app
from deliberate.core.config import Settings
from deliberate.core.database import db
from deliberate.drafting.models import Amendment as AmendmentRow
from deliberate.drafting.models import Charter, CharterVersion
from deliberate.people.acts import make_user
from deliberate.people.rules import Actor
from deliberate.process.acts import create_process, lock_protocol
from deliberate.process.models import Process
from tests.conftest import NOW, PROTOCOL, Browser

HERE = "/processes/library"
TIME = f"{HERE}/charters/time"
HOSTILE = "<script>alert(1)</script> \U0001f642 {#x} & \u202eabc"
FIRST = Document(
    "time",
    {"fr": "Charte du temps", "en": "Charter of time"},
    (
        Clause("t1", text={"fr": "Chacun garde une part de son temps. Elle ne se vend pas.", "en": "Everyone keeps a share."},
               heading={"fr": "Le temps choisi", "en": "Chosen time"}, references=("SDG 8.5", "ETS 5", HOSTILE, "charter time t2")),
        Clause("t2", text={"fr": "L’été, une heure vaut une heure.", "en": "An hour is an hour."},
               clauses=(Clause("t2a", "point", {"fr": "Même l’hiver."}),)),
        Clause("t3", text={"fr": "Rien ne presse."}, references=("SDG 8.5",)),
        Clause("r1", "recommendation", {"fr": "Ouvrez le dimanche.", "en": "Open on Sundays."}, commits=("authorities",)),
    ),
)  # fmt: skip
STEPS: tuple[tuple[str, tuple[Operation, ...]], ...] = (
    ("am-1", (Replace("t1", "fr", text="Chacun garde librement une part de son temps. Elle ne se vend pas."),)),
    ("am-2", (Split("t1", {"fr": ("Chacun garde librement une part de son temps.", "Elle ne se vend pas.")}, ("t1b",)),)),
    ("am-3", (Strike("t3"), Move("t2a", "t1", None))),
    ("am-4", (Confirm("t1", "en"), Insert(None, "r1", Clause("t9", text={"fr": HOSTILE})))),
    ("am-5", (Join(("t1", "t1b"), {"fr": "Chacun garde librement une part de son temps, qui ne se vend pas."}),)),
)  # fmt: skip


def chain() -> list[Version]:
    """The versions, one a month from March on."""
    found = [Version(1, FIRST, "2026-03-02")]
    for place, (key, steps) in enumerate(STEPS, start=4):
        last = found[-1]
        amendment = Amendment(key, steps, answers=("c-1",))
        found.append(
            next_version(last, apply(last.charter, steps), date=f"2026-0{place}-02", amendments=[amendment])
        )
    return found


def opened(number: int) -> datetime:
    """The moment a version was published: at 22:30 in UTC, every thirty days from 2 March on."""
    return NOW + timedelta(days=30 * (number - 1), hours=13, minutes=30)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application with that charter, its clock at the end."""
    folder: Path = tmp_path_factory.mktemp("library")
    settings = Settings(instance=folder, secret_key="s" * 40, language="en")
    app = create_app(settings, lambda: NOW + timedelta(days=300), testing=True)
    app.test_client_class = Browser
    with app.app_context():
        db.create_all()
        process = _process()
        _write(process)
        db.session.commit()
        yield app
        db.session.remove()
        db.engine.dispose()


def _process() -> Process:
    session = db.session()
    user = make_user(session, "organiser@example.org", "Odile", NOW, role="organiser")
    texts = {
        name: {"en": name, "fr": name}
        for name in ("title", "question", "remit", "commissioned_by", "funded_by")
    }
    process = create_process(session, Actor(user.id), texts, PROTOCOL, NOW, slug="library")
    lock_protocol(session, Actor(user.id), process, NOW)
    return process


def _write(process: Process) -> None:
    charter = Charter(process=process, key="time", theme="time", title=dict(FIRST.title), created_at=NOW)
    db.session.add(charter)
    for version in chain():
        at = opened(version.number)
        row = CharterVersion(
            charter=charter, number=version.number, document=version_to_json(version),
            content_digest=version.content, version_digest=version.digest, ballots=[],
            amendments=[one.id for one in version.amendments], adopted_at=at, published_at=at,
        )  # fmt: skip
        db.session.add(row)
    refused = [{"op": "strike", "clause": "t1"}]
    db.session.add(
        AmendmentRow(
            process=process, charter=charter, key="am-8", base_number=2, author="Odile", state="rejected", answers=[],
            reason={"en": "Too long."}, operations=refused, proposed_at=NOW,
        )
    )  # fmt: skip


@pytest.fixture
def reader(library: Flask) -> FlaskClient:
    """A visitor's browser."""
    return library.test_client()
