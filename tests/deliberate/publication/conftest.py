"""A whole journey in small: a draw, what everyone said, a dossier, votes, and a charter in two versions."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from charters.model import Charter as Document
from charters.model import Clause
from deliberate.core import events
from deliberate.core.database import Base, prepare_engine
from deliberate.deliberation.ballots.acts import BallotClosed, cast_vote, close_ballot
from deliberate.deliberation.ballots.models import Ballot
from deliberate.deliberation.sittings.acts import open_sitting
from deliberate.drafting.acts import create_charter, propose, put_to_ballot
from deliberate.drafting.adoption import adopt
from deliberate.drafting.adoption import publish as publish_version
from deliberate.drafting.minority import state_minority
from deliberate.drafting.models import Charter
from deliberate.drafting.voting import hear_ballot, put_version_to_ballot
from deliberate.inputs.answers.acts import answer_contribution
from deliberate.inputs.asking.acts import add_question
from deliberate.inputs.contributing.acts import contribute
from deliberate.inputs.dossiers.acts import settle_dossier
from deliberate.inputs.experience.acts import add_lesson, validate_lesson
from deliberate.inputs.moderating.acts import moderate
from deliberate.inputs.queries import contribution
from deliberate.inputs.synthesis.acts import place, write_line
from deliberate.panels.acts import request_draw
from deliberate.panels.imports import sign_pool
from deliberate.panels.models import Draw
from deliberate.panels.queries import seats
from deliberate.panels.quotas import set_quotas
from deliberate.panels.recruitment import register
from deliberate.panels.rules import Contact, QuotaRow
from deliberate.panels.seats import answer_seat, confirm_seat
from deliberate.people.acts import make_user
from deliberate.people.models import User
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import close_phase, open_phase
from deliberate.process.appointments import appoint
from deliberate.process.models import Process
from tests.conftest import NOW, locked_process, new_database, undone
from tests.deliberate.panels.work import do_job, reveal

# How long the process listened before it deliberated.
LISTENED = timedelta(days=10)
GENDER = {"en": "Gender", "fr": "Genre"}
QUOTAS = [
    QuotaRow("gender", "women", 3, 3, "51/100", GENDER, {"en": "Women", "fr": "Femmes"}),
    QuotaRow("gender", "men", 3, 3, "49/100", GENDER, {"en": "Men", "fr": "Hommes"}),
]
TIME = Document(
    "time",
    {"fr": "Charte du temps", "en": "Charter of time"},
    (
        Clause("pre", "preamble", {"fr": "Le temps est à tous.", "en": "Time belongs to all."}),
        Clause(
            "t1",
            text={
                "fr": "Chacun dispose d’une part de son temps.",
                "en": "Everyone keeps a share of their time.",
            },
            heading={"fr": "Le temps choisi", "en": "Time of one’s own"},
            references=("SDG 8.5",),
            commits=("all",),
        ),
        Clause("t2", text={"fr": "Une heure vaut une heure.", "en": "One hour is worth one hour."}),
    ),
)


@dataclass
class Journey:
    """What the journey made, and when it ended."""

    process: Process
    organiser: Actor
    guarantor: User
    draw: Draw
    receipt: str
    charter: Charter
    now: datetime


@dataclass
class Played:
    """A database in which the journey took place, and the receipt that a visitor has of it."""

    engine: Engine
    receipt: str


def _play(engine: Engine) -> Played:
    """From the lists of volunteers to version 2 of a charter, with a minority statement on it."""
    events.on(BallotClosed, hear_ballot)
    with Session(engine) as session:
        organiser = make_user(session, "organiser@example.org", "Odile Organise", NOW, role="organiser")
        process, actor = locked_process(session, organiser, NOW), Actor(organiser.id)
        guarantor = make_user(session, "guarantor@example.org", "Gaëlle Garante", NOW)
        appoint(session, actor, process, guarantor, "guarantor", NOW)
        draw = _drawn(session, process, actor, guarantor, NOW)
        receipt = _listened(session, process, actor, NOW)
        _deliberated(session, process, actor, draw, NOW + LISTENED)
        session.commit()
    engine.dispose()
    return Played(engine, receipt)


@pytest.fixture(scope="session")
def played_on_sqlite(blank_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The journey in an SQLite file."""
    path = shutil.copy(blank_database, tmp_path_factory.mktemp("journey"))
    engine = create_engine(f"sqlite:///{path}")
    prepare_engine(engine)
    yield _play(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def played_on_postgresql(postgresql: str) -> Iterator[Played]:
    """The journey in a PostgreSQL database."""
    engine = new_database(postgresql, "journey")
    Base.metadata.create_all(engine)
    yield _play(engine)
    engine.dispose()


@pytest.fixture
def session(request: pytest.FixtureRequest, engine: Engine) -> Iterator[Session]:
    """A session whose work is undone after the test; on the database of the journey where a test asks for it."""
    if "journey" in request.fixturenames:
        engine = request.getfixturevalue(f"played_on_{engine.dialect.name}").engine
    with undone(engine) as session:
        yield session


@pytest.fixture
def database_file(request: pytest.FixtureRequest, blank_database: Path) -> Path:
    """The SQLite file that the application begins with: that of the journey where a test asks for it."""
    if "journey" not in request.fixturenames:
        return blank_database
    return Path(request.getfixturevalue("played_on_sqlite").engine.url.database)


@pytest.fixture
def journey(request: pytest.FixtureRequest, session: Session) -> Journey:
    """The journey, on the database of the test's session."""
    return journey_in(session, request.getfixturevalue(f"played_on_{session.get_bind().dialect.name}"))


def journey_in(session: Session, played: Played) -> Journey:
    """What the journey made, as this session reads it."""
    organiser, guarantor = (
        session.scalars(select(User).where(User.email == f"{name}@example.org")).one()
        for name in ("organiser", "guarantor")
    )
    return Journey(
        session.scalars(select(Process)).one(),
        Actor(organiser.id),
        guarantor,
        session.scalars(select(Draw)).one(),
        played.receipt,
        session.scalars(select(Charter)).one(),
        NOW + LISTENED + timedelta(days=1),
    )


def _drawn(session: Session, process: Process, actor: Actor, guarantor: User, now: datetime) -> Draw:
    set_quotas(session, actor, process, QUOTAS, now)
    for place_, gender in enumerate(islice(cycle(("women", "men")), 24), start=1):
        contact = Contact(f"Volunteer {place_}", f"v{place_}@example.org", address=f"{place_} Main Street")
        register(session, VISITOR, process, {"gender": gender}, contact, now)
    sign_pool(session, Actor(guarantor.id), process, now)
    draw = request_draw(session, actor, process, now)
    do_job(session, draw, now)
    reveal(session, actor, draw, "4 2", now)
    for seat in seats(session, draw)[: draw.size]:
        answer_seat(session, actor, seat, "accepted", now)
        confirm_seat(session, actor, seat, now)
    return draw


def _listened(session: Session, process: Process, actor: Actor, now: datetime) -> str:
    question = add_question(
        session, actor, process, "wish", 1, {"fr": "Que souhaitez-vous ?", "en": "Your wish?"}, now
    )
    open_phase(session, actor, process.phases[0], now)
    said = []
    for key, text in (("c-1", "Du temps pour les miens."), ("c-2", "Moins de courses.")):
        said.append(
            contribute(session, VISITOR, process, question, text, "fr", "web", {}, "time", now, key=key)
        )
        moderate(session, actor, process, said[-1][0], "publish", "", now)
    lesson = add_lesson(
        session, actor, process,
        {"key": "l-1", "outcome": "failed", "title": {"fr": "La banque du temps", "en": "The time bank"},
         "context": {"fr": "Un village."}, "tried": {"fr": "Échanger des heures."}, "teaches": {"fr": "Il faut un lieu."}},
        now,
    )  # fmt: skip
    validate_lesson(
        session, actor, process, lesson, {"criterion": {"fr": "Vu"}, "who": {"fr": "Le conseil"}}, now
    )
    line = write_line(session, actor, process, 1, "A", {"fr": "Du temps pour soi"}, now)
    place(session, actor, process, line, [one for one, _secret in said], now)
    close_phase(session, actor, process.phases[0], now + timedelta(days=1))
    later = now + LISTENED
    settle_dossier(session, actor, process, later)
    open_phase(session, actor, process.phases[1], later)
    return said[1][1]


def _deliberated(session: Session, process: Process, actor: Actor, draw: Draw, now: datetime) -> None:
    members = [Actor(seat.user_id) for seat in seats(session, draw)[: draw.size]]

    def vote(ballot: Ballot) -> None:
        for member in members:
            cast_vote(session, member, ballot, ["yes"], now)
        close_ballot(session, actor, ballot, now)

    open_sitting(session, actor, process, {"fr": "Samedi", "en": "Saturday"}, now, now)
    charter = create_charter(session, actor, process, "time", "time", TIME, "first draft", now)
    publish_version(session, actor, charter.latest, now)
    steps = [
        {
            "op": "replace",
            "clause": "t1",
            "lang": "fr",
            "text": "Chacun dispose librement d’une part de son temps.",
        },
        {
            "op": "replace",
            "clause": "t1",
            "lang": "en",
            "text": "Everyone freely keeps a share of their time.",
        },
    ]
    reason = {"fr": "Pour que chacun choisisse.", "en": "So that each may choose."}
    amendment = propose(session, members[0], charter, steps, reason, ["c-1", "l-1"], now)
    vote(put_to_ballot(session, actor, amendment, now, present=6))
    vote(put_version_to_ballot(session, actor, charter, [amendment], now, present=6))
    version = adopt(session, actor, charter, [amendment], now)
    state_minority(session, members[1], version, "t1", {"fr": "Nous aurions fixé une part."}, now)
    publish_version(session, actor, version, now)
    answer_contribution(
        session, actor, process, contribution(session, process, "c-1"), "adopted", {"fr": "Repris à l’article 1."}, now,
        charter="time", clause="t1",
    )  # fmt: skip
