"""A process in its first open phase, what people said in it, and a rapporteur who gathers it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from deliberate.inputs.asking.acts import add_question
from deliberate.inputs.contributing.acts import contribute
from deliberate.inputs.models import Contribution, Question
from deliberate.people.acts import make_user
from deliberate.people.models import User
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import close_phase, open_phase
from deliberate.process.appointments import appoint
from deliberate.process.models import Process

Say = Callable[..., tuple[Contribution, str]]


@pytest.fixture
def question(session: Session, process: Process, organiser: User, now: datetime) -> Question:
    """The question of an open phase whose answers are public at once and whose synthesis a mixed board validates."""
    board = {"kinds": ["researcher", "official", "citizen"], "named": {"en": "Three groups of ten"}}
    process.protocol = {**process.protocol, "moderation": "after", "board": board}
    actor = Actor(organiser.id)
    question = add_question(session, actor, process, "time", 1, {"en": "What do you lack time for?"}, now)
    open_phase(session, actor, process.phases[0], now)
    return question


@pytest.fixture
def say(session: Session, process: Process, question: Question, now: datetime) -> Say:
    """Somebody says something: the contribution, and the secret of its receipt."""

    def say(text: str = "Time with my daughter", **more: Any) -> tuple[Contribution, str]:
        about = more.pop("about", {})
        return contribute(session, VISITOR, process, question, text, "en", "web", about, "", now, **more)

    return say


@pytest.fixture
def rapporteur(session: Session, process: Process, organiser: User, now: datetime) -> Actor:
    """Someone who writes the synthesis."""
    user = make_user(session, "rapporteur@example.org", "Rita Rapporte", now)
    appoint(session, Actor(organiser.id), process, user, "rapporteur", now)
    return Actor(user.id)


@pytest.fixture
def member(session: Session, process: Process, organiser: User, now: datetime) -> Callable[[str, str], Actor]:
    """Someone joins the mixed board, in a capacity."""

    def member(name: str, kind: str) -> Actor:
        user = make_user(session, f"{name}@example.org", name, now)
        appoint(session, Actor(organiser.id), process, user, f"board {kind}", now)
        return Actor(user.id)

    return member


@pytest.fixture
def close(session: Session, process: Process, organiser: User, now: datetime) -> Callable[[], datetime]:
    """Close the open phase, so that contributors may contest; returns a moment after it."""

    def close() -> datetime:
        close_phase(session, Actor(organiser.id), process.phases[0], now + timedelta(days=1))
        return now + timedelta(days=2)

    return close
