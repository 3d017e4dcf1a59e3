"""Processes that stand where a test begins, made by the acts themselves and not by hand."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from deliberate.core.config import load
from deliberate.core.database import prepare_engine
from deliberate.core.migration import migrate
from deliberate.deliberation.sittings.acts import mark_attendance, open_sitting
from deliberate.drafting.acts import create_charter, propose, put_to_ballot
from deliberate.drafting.starts import start
from deliberate.inputs.asking.acts import add_question
from deliberate.inputs.contributing.acts import contribute
from deliberate.inputs.dossiers.acts import settle_dossier
from deliberate.inputs.models import Contribution
from deliberate.inputs.moderating.acts import moderate
from deliberate.inputs.statements.making import add_statement
from deliberate.people.acts import make_code, make_user
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import close_phase, create_process, lock_protocol, open_phase
from deliberate.process.appointments import appoint
from deliberate.process.models import Process
from tests.browser.instance import Instance
from tests.conftest import PROTOCOL

TEXT = {"fr": "Une place pour tous", "en": "A square for all"}


@dataclass
class Prepared:
    """A process, the codes of its members, and the number of the ballot that waits for them."""

    slug: str
    codes: list[str]
    ballot: int = 0


@contextmanager
def database(instance: Instance) -> Iterator[Session]:
    """The instance's own database."""
    engine = create_engine(load(instance.folder, {}).database)
    prepare_engine(engine)
    migrate(engine)
    with Session(engine) as session:
        yield session
        session.commit()
    engine.dispose()


def a_process_that_listens(session: Session) -> Prepared:
    """In its first open phase, with one question."""
    now = datetime.now(UTC)
    process, organiser = _locked(session, "listening", now)
    add_question(session, organiser, process, "place", 1, TEXT, now)
    open_phase(session, organiser, process.phases[0], now)
    return Prepared(process.slug, [])


QUESTIONS = {
    "well-being": {"fr": "Qu’est-ce pour vous que le bien-être ?", "en": "What is well-being to you?"},
    "ill-being": {"fr": "Qu’est-ce pour vous que le mal-être ?", "en": "What is ill-being to you?"},
    "doing": {"fr": "Que faites-vous pour vivre bien ?", "en": "What do you do to live well?"},
}
HEARD = (
    "Un banc à l’ombre", "Le marché le samedi", "Des arbres et de l’eau", "Un four à pain", "Une scène l’été",
    "Des toilettes propres", "Moins de voitures", "Un coin pour les enfants", "La bibliothèque ouverte le soir",
    "Une fontaine", "Un lieu pour réparer", "Des horaires de bus lisibles",
)  # fmt: skip


def a_process_that_hears(session: Session) -> Prepared:
    """In its first open phase: three questions, and twelve statements drawn from answers; a facilitator's code."""
    now = datetime.now(UTC)
    process, organiser = _locked(session, "hearing", now)
    for heard in _heard(session, process, organiser, now):
        words = {"fr": f"Il nous faut ceci : {heard.text}.", "en": f"We need this: {heard.text}."}
        add_statement(session, organiser, process, words, "fr", now, contribution=heard)
    return Prepared(process.slug, [_code(session, process, organiser, "facilitator", now)])


def a_process_that_answers(session: Session) -> Prepared:
    """In its first deliberation phase: twelve answers are in the dossier and on no line; a rapporteur's code."""
    now = datetime.now(UTC)
    begun = now - timedelta(days=30)
    process, organiser = _locked(session, "answering", begun)
    _heard(session, process, organiser, begun)
    close_phase(session, organiser, process.phases[0], begun + timedelta(days=1))
    settle_dossier(session, organiser, process, now - timedelta(days=1))
    open_phase(session, organiser, process.phases[1], now)
    return Prepared(process.slug, [_code(session, process, organiser, "rapporteur", now)])


def _heard(session: Session, process: Process, organiser: Actor, now: datetime) -> list[Contribution]:
    """The first open phase begins, and twelve people answer its first question."""
    asked = [add_question(session, organiser, process, key, 1, text, now) for key, text in QUESTIONS.items()]
    open_phase(session, organiser, process.phases[0], now)
    heard = [
        contribute(session, VISITOR, process, asked[0], said, "fr", "web", {}, "time", now)[0]
        for said in HEARD
    ]
    for one in heard:
        moderate(session, organiser, process, one, "publish", "", now)
    return heard


def _code(session: Session, process: Process, organiser: Actor, role: str, now: datetime) -> str:
    person = make_user(session, f"{role}@{process.slug}.example.org", role.title(), now)
    appoint(session, organiser, process, person, role, now)
    return make_code(session, person, now)


def a_process_that_deliberates(session: Session, members: int = 3) -> Prepared:
    """In its first deliberation phase: a charter, an amendment, and a ballot on it that is open."""
    now = datetime.now(UTC)
    process, organiser = _locked(session, "deliberating", now)
    open_phase(session, organiser, process.phases[0], now)
    close_phase(session, organiser, process.phases[0], now)
    open_phase(session, organiser, process.phases[1], now)
    people = [make_user(session, f"member{n}@example.org", f"Member {n}", now) for n in range(members)]
    for person in people:
        appoint(session, organiser, process, person, "panel member", now)
    sitting = open_sitting(session, organiser, process, TEXT, now, now)
    mark_attendance(session, organiser, sitting, [person.id for person in people], now)
    charter = create_charter(session, organiser, process, "time", "time", start("time"), "first text", now)
    steps: list[dict[str, Any]] = [{"op": "replace", "clause": "t1", "lang": "fr", "text": "Le temps libre."}]
    amendment = propose(session, Actor(people[0].id), charter, steps, TEXT, [], now)
    ballot = put_to_ballot(session, organiser, amendment, now, sitting=sitting)
    return Prepared(process.slug, [make_code(session, person, now) for person in people], ballot.number)


def _locked(session: Session, slug: str, now: datetime) -> tuple[Process, Actor]:
    organiser = Actor(make_user(session, f"organiser@{slug}.example.org", "Odile", now, role="organiser").id)
    texts = {"title": TEXT, "question": TEXT, "remit": TEXT}
    protocol = json.loads(json.dumps(PROTOCOL)) | {"registration": {}}
    process = create_process(session, organiser, texts, protocol, now, slug=slug, themes=["time"])
    lock_protocol(session, organiser, process, now)
    return process, organiser
