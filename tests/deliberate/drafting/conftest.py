"""A panel of six with a charter before it, and a way to have it vote."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from charters.model import Charter as Document
from charters.model import Clause
from deliberate.core import events
from deliberate.deliberation.ballots.acts import BallotClosed, cast_vote, close_ballot
from deliberate.deliberation.ballots.models import Ballot
from deliberate.drafting.acts import create_charter, propose, put_to_ballot
from deliberate.drafting.adoption import adopt
from deliberate.drafting.models import Amendment, Charter, CharterVersion
from deliberate.drafting.voting import hear_ballot, put_version_to_ballot
from deliberate.people.acts import make_user
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.process.appointments import appoint
from deliberate.process.models import Process

Voting = Callable[[Ballot, Sequence[Sequence[str]]], Ballot]
Proposing = Callable[..., Amendment]
ALL = [["yes"]] * 6


def charter_of_time() -> Document:
    """A preamble and two articles, in French and English."""
    return Document(
        "time",
        {"fr": "Charte du temps", "en": "Charter of time"},
        (
            Clause("pre", "preamble", {"fr": "Le temps est à tous.", "en": "Time belongs to all."}),
            Clause(
                "t1",
                text={
                    "fr": "Chacun dispose d’une part de son temps pour les activités bénévoles.",
                    "en": "Everyone keeps a share of their time for voluntary activities.",
                },
                heading={"fr": "Le temps choisi", "en": "Time of one’s own"},
            ),
            Clause("t2", text={"fr": "Une heure vaut une heure.", "en": "One hour is worth one hour."}),
        ),
    )


@pytest.fixture(autouse=True)
def _hearing() -> None:
    events.on(BallotClosed, hear_ballot)


@pytest.fixture
def members(session: Session, room: Process, organiser: User, now: datetime) -> list[Actor]:
    """Six people who hold a seat."""
    people = [make_user(session, f"member{n}@example.org", f"Member {n}", now) for n in range(1, 7)]
    for person in people:
        appoint(session, Actor(organiser.id), room, person, "panel member", now)
    return [Actor(person.id) for person in people]


@pytest.fixture
def rapporteur(session: Session, room: Process, organiser: User, now: datetime) -> Actor:
    """The person who writes the versions."""
    person = make_user(session, "rapporteur@example.org", "Rosa", now)
    appoint(session, Actor(organiser.id), room, person, "rapporteur", now)
    return Actor(person.id)


@pytest.fixture
def charter(
    session: Session, room: Process, rapporteur: Actor, members: list[Actor], now: datetime
) -> Charter:
    """The charter of time at version 1."""
    return create_charter(session, rapporteur, room, "time", "time", charter_of_time(), "first text", now)


@pytest.fixture
def proposing(session: Session, charter: Charter, members: list[Actor], now: datetime) -> Proposing:
    """Propose a change of the words of a clause, or any operations."""

    def proposing(clause: str = "t1", text: str = "", **changes: Any) -> Amendment:
        steps = [{"op": "replace", "clause": clause, "lang": "fr", "text": text}]
        given = {"operations": steps, "reason": {"fr": "Parce que."}, "answers": ["c-104"], "now": now}
        actor = changes.pop("actor", members[0])
        return propose(session, actor, charter, **{**given, **changes})

    return proposing


@pytest.fixture
def voting(session: Session, members: list[Actor], organiser: User, now: datetime) -> Voting:
    """Have the members vote in a ballot and close it."""

    def voting(ballot: Ballot, choices: Sequence[Sequence[str]]) -> Ballot:
        for member, choice in zip(members, choices, strict=True):
            cast_vote(session, member, ballot, choice, now)
        return close_ballot(session, Actor(organiser.id), ballot, now)

    return voting


@pytest.fixture
def accepted(
    session: Session, rapporteur: Actor, proposing: Proposing, voting: Voting, now: datetime
) -> Proposing:
    """Propose a change and have the panel accept it."""

    def accepted(clause: str, text: str, **changes: Any) -> Amendment:
        one = proposing(clause, text, **changes)
        voting(put_to_ballot(session, rapporteur, one, now, present=6), ALL)
        return one

    return accepted


@pytest.fixture
def adopted(
    session: Session, charter: Charter, rapporteur: Actor, voting: Voting, now: datetime
) -> Callable[..., CharterVersion]:
    """Have the panel vote the whole next version, and adopt it."""

    def adopted(*chosen: Amendment) -> CharterVersion:
        voting(put_version_to_ballot(session, rapporteur, charter, chosen, now, present=6), ALL)
        return adopt(session, rapporteur, charter, chosen, now)

    return adopted
