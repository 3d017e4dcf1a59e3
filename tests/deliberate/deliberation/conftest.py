"""A panel of six in its first deliberation phase, and those who run the room."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from deliberate.people.acts import make_user
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.process.appointments import appoint
from deliberate.process.models import Process


@pytest.fixture
def members(session: Session, room: Process, organiser: User, now: datetime) -> list[User]:
    """Six people who hold a seat."""
    people = [make_user(session, f"member{n}@example.org", f"Member {n}", now) for n in range(1, 7)]
    for person in people:
        appoint(session, Actor(organiser.id), room, person, "panel member", now)
    return people


@pytest.fixture
def facilitator(session: Session, room: Process, organiser: User, now: datetime) -> User:
    """The person who runs the sessions."""
    person = make_user(session, "facilitator@example.org", "Fanny", now)
    appoint(session, Actor(organiser.id), room, person, "facilitator", now)
    return person
