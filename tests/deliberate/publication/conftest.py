"""A whole journey in small: a draw, what everyone said, a dossier, votes, and a charter in two versions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle, islice

import pytest
from sqlalchemy.orm import Session

from charters.model import Charter as Document
from charters.model import Clause
from deliberate.core import events
from deliberate.deliberation.acts import open_sitting
from deliberate.deliberation.balloting import BallotClosed, cast_vote, close_ballot
from deliberate.deliberation.models import Ballot
from deliberate.drafting.acts import create_charter, propose, put_to_ballot
from deliberate.drafting.adoption import adopt
from deliberate.drafting.adoption import publish as publish_version
from deliberate.drafting.minority import state_minority
from deliberate.drafting.models import Charter
from deliberate.drafting.voting import hear_ballot, put_version_to_ballot
from deliberate.inputs.acts import answer_contribution, contribute, moderate
from deliberate.inputs.dossiers import settle_dossier
from deliberate.inputs.lessons import add_lesson, validate_lesson
from deliberate.inputs.queries import contribution
from deliberate.inputs.questions import add_question
from deliberate.inputs.synthesis import place, write_line
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
from tests.deliberate.panels.work import do_job, reveal

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


@pytest.fixture
def journey(session: Session, process: Process, organiser: User, now: datetime) -> Journey:
    """From the lists of volunteers to version 2 of a charter, with a minority statement on it."""
    events.on(BallotClosed, hear_ballot)
    actor = Actor(organiser.id)
    guarantor = make_user(session, "guarantor@example.org", "Gaëlle Garante", now)
    appoint(session, actor, process, guarantor, "guarantor", now)
    draw = _drawn(session, process, actor, guarantor, now)
    receipt, later = _listened(session, process, actor, now)
    charter = _deliberated(session, process, actor, draw, later)
    return Journey(process, actor, guarantor, draw, receipt, charter, later + timedelta(days=1))


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


def _listened(session: Session, process: Process, actor: Actor, now: datetime) -> tuple[str, datetime]:
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
    later = now + timedelta(days=10)
    settle_dossier(session, actor, process, later)
    open_phase(session, actor, process.phases[1], later)
    return said[1][1], later


def _deliberated(session: Session, process: Process, actor: Actor, draw: Draw, now: datetime) -> Charter:
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
    return charter
