"""Who may send what: every address of the application, tried by those who may not, on a process that has everything."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from deliberate.core import clock
from deliberate.core.database import Base, db
from deliberate.inputs.synthesis.models import Placement, SynthesisLine
from deliberate.journal.models import Journal
from deliberate.panels.models import Registrant, Seat
from deliberate.people.acts import make_link, make_user
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.process.acts import create_process, lock_protocol
from deliberate.process.appointments import appoint, dismiss
from deliberate.process.models import Appointment
from deliberate.publication.adoption.acts import Decision, decide, enter_territory
from deliberate.publication.adoption.models import Adoption

OTHER = "another"
# What anyone may send, without an account or with one.
PUBLIC = {
    "inputs.find_receipt", "inputs.finish", "inputs.finish_voting", "inputs.propose_statement", "inputs.received",
    "inputs.answer", "inputs.appeal", "inputs.contest", "inputs.correct", "inputs.propose_wording", "inputs.tell_lesson", "inputs.withdraw", "inputs.withdraw_wording", "panels.answer",
    "panels.answer_code", "panels.contests", "panels.correct", "panels.erase", "panels.register", "panels.withdraw", "people.sign_in", "people.sign_out",
    "people.use_link", "publication.adopt_charter", "publication.contest_entry", "inputs.correct_own_lesson",
    "inputs.withdraw_lesson", "publication.attach_evidence", "publication.evidence_receipt",
}  # fmt: skip
# What every account may send: about itself, or to ask whether it may begin something.
OWN = {"people.account", "process.new"}
GUARANTOR = {
    "inputs.appeals",
    "panels.sign_pool",
    "panels.confirm_refusal",
    "panels.several_seats",
    "publication.journal",
}
MEMBER = {
    "deliberation.add_evidence", "deliberation.vote", "drafting.begin_change", "drafting.compared", "drafting.edit",
    "drafting.fold", "drafting.preamble", "drafting.sign_minority", "drafting.state_minority", "drafting.support",
    "drafting.translation", "drafting.withdraw", "drafting.withdraw_signature",
}  # fmt: skip
REFUSED = {401, 403, 404}
# What stands at these addresses belongs to the other process too: its own phases and rounds.
SHARED = {"process.change_phase", "inputs.settle"}

Enter = Callable[[str], FlaskClient]


@pytest.fixture
def session(app: Flask) -> Session:
    """The application's own session, so that pages see what a test did."""
    return db.session()


@pytest.fixture
def enter(app: Flask, journey: Any) -> Enter:
    """A browser signed in as the person with an address; as nobody for an empty one."""
    _people(journey)
    clock.init_app(app, lambda: journey.now)

    def enter(email: str) -> FlaskClient:
        client = app.test_client()
        if email:
            user = db.session.scalars(select(User).where(User.email == email)).one()
            assert client.post(f"/sign-in/{make_link(db.session(), user, journey.now)}").status_code == 302
        return client

    return enter


def _people(journey: Any) -> None:
    """An organiser of another process, someone whose terms ended, and someone with an account alone."""
    session, now = db.session(), journey.now
    other = make_user(session, "other@example.org", "Olga Autre", now, role="organiser")
    texts = {"title": {"en": "Another"}, "question": {"en": "What else?"}}
    protocol = json.loads(json.dumps(journey.process.protocol)) | {"registration": {}}
    process = create_process(session, Actor(other.id), texts, protocol, now, slug=OTHER)
    lock_protocol(session, Actor(other.id), process, now)
    gone = make_user(session, "gone@example.org", "Gaston Parti", now)
    for role in ("panel member", "moderator", "rapporteur"):
        dismiss(
            session,
            journey.organiser,
            appoint(session, journey.organiser, journey.process, gone, role, now),
            now,
        )
    make_user(session, "account@example.org", "Ada Seule", now)
    adoption = enter_territory(session, journey.organiser, journey.charter, "Bourg", "municipality", now)
    decide(session, journey.organiser, adoption, Decision("adopt", 2, (), {"fr": "Votée."}), now, after=0)
    session.commit()


def posts(app: Flask, but: set[str]) -> list[Rule]:
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    return sorted((rule for rule in rules if rule.endpoint not in but), key=lambda rule: rule.rule)


def address(rule: Rule, slug: str) -> str:
    """The address of something that is there in the journey's process."""
    session = db.session()
    numbers = {
        "inputs.settle_placement": session.scalar(select(func.min(Placement.id))),
        "process.dismiss": session.scalar(select(func.min(Appointment.id))),
    }
    keys = {
        "drafting": "am-1" if "/amendments/" in rule.rule else "time",
        "inputs": "wish" if "question" in rule.endpoint or "/questions/" in rule.rule else "l-1",
        "publication": "time",
    }
    if "/synthesis/" in rule.rule:
        keys["inputs"] = session.scalars(select(SynthesisLine.key)).first() or ""
    if "/contributions/" in rule.rule:
        keys["inputs"] = "c-1"
    if "/adoptions/" in rule.rule:
        keys["publication"] = session.scalars(select(Adoption.key)).first() or ""
    part = rule.endpoint.partition(".")[0]
    values = {
        "slug": slug, "act": "open", "clause": "t1", "edit": "strike", "secret": "unknown", "round": 1, "form": "json",
        "id": "t1" if part == "publication" else numbers["process.dismiss"], "number": numbers.get(rule.endpoint) or 1,
        "key": keys.get(part, ""), "pseudonym": session.scalars(select(Registrant.pseudonym)).first(),
        "format": "md", "lang": "en", "document": "lottery", "listed": "selected", "kind": "csv", "filename": "style.css",
    }  # fmt: skip
    built = rule.build({name: values[name] for name in rule.arguments}, append_unknown=False)
    assert built is not None
    return str(built[1])


def everything() -> dict[str, int | str]:
    """How many rows each table has, and the head of every journal."""
    session = db.session()
    counts = {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
        if table.name not in ("pass", "sign_in_attempt")
    }
    return counts | {one.scope: one.digest for one in session.scalars(select(Journal))}


def lost(answer: TestResponse) -> bool:
    """Whether an answer gives a form back to someone who is not signed in."""
    return answer.status_code == 400 and "session" in answer.text


def walk(
    app: Flask, client: FlaskClient, but: set[str], slug: str = "charte-du-temps"
) -> Iterator[tuple[str, TestResponse]]:
    for rule in posts(app, but):
        yield rule.endpoint, client.post(address(rule, slug))


@pytest.mark.parametrize(
    ("email", "may"),
    [
        ("", PUBLIC),
        ("account@example.org", PUBLIC | OWN),
        ("gone@example.org", PUBLIC | OWN),
        ("other@example.org", PUBLIC | OWN),
        ("guarantor@example.org", PUBLIC | OWN | GUARANTOR),
        ("v1@example.org", PUBLIC | OWN | MEMBER),
    ],
)
def test_what_one_may_not_send_is_refused_and_changes_nothing(
    app: Flask, enter: Enter, email: str, may: set[str]
) -> None:
    if email.startswith("v1"):
        email = (
            db.session.scalars(
                select(User.email).join(Seat, Seat.user_id == User.id).order_by(Seat.number)
            ).first()
            or ""
        )
    client = enter(email)
    before = everything()
    answers = dict(walk(app, client, may))
    wrong = {
        endpoint: answer.status_code
        for endpoint, answer in answers.items()
        if answer.status_code not in REFUSED and not (lost(answer) and not email)
    }
    assert wrong == {}
    assert everything() == before


def test_what_belongs_to_another_process_is_not_found_through_ones_own(app: Flask, enter: Enter) -> None:
    client = enter("other@example.org")
    before = everything()
    for rule in posts(app, PUBLIC | SHARED):
        if len(rule.arguments) > 1:
            answer = client.post(address(rule, OTHER))
            assert answer.status_code in (403, 404), rule.endpoint
    assert everything() == before


@pytest.mark.parametrize("email", ["", "organiser@example.org", "guarantor@example.org"])
def test_reading_a_page_never_writes(app: Flask, enter: Enter, email: str) -> None:
    client = enter(email)
    before = everything()
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            answer = client.get(address(rule, "charte-du-temps"))
            assert answer.status_code < 500, rule.endpoint
    assert everything() == before
