"""A small pool: three categories, sixty volunteers, a guarantor."""

from collections.abc import Callable
from datetime import datetime
from itertools import cycle, islice

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from deliberate.panels.acts import request_draw
from deliberate.panels.imports import sign_pool
from deliberate.panels.models import Draw, Registrant
from deliberate.panels.quotas import set_quotas
from deliberate.panels.recruitment import register
from deliberate.panels.rules import Contact, QuotaRow
from deliberate.people.acts import make_user
from deliberate.people.models import User
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.appointments import appoint
from deliberate.process.models import Process
from tests.deliberate.panels.work import do_job

SignIn = Callable[[FlaskClient, str], FlaskClient]

ROWS = [
    QuotaRow(
        "gender", "women", 3, 3, "51/100", {"en": "Gender", "fr": "Genre"}, {"en": "Women", "fr": "Femmes"}
    ),
    QuotaRow("gender", "men", 3, 3, "49/100", {"en": "Gender", "fr": "Genre"}, {"en": "Men", "fr": "Hommes"}),
    QuotaRow(
        "age",
        "young",
        2,
        3,
        "40/100",
        {"en": "Age", "fr": "Âge"},
        {"en": "Under 40", "fr": "Moins de 40 ans"},
    ),
    QuotaRow(
        "age",
        "old",
        3,
        4,
        "60/100",
        {"en": "Age", "fr": "Âge"},
        {"en": "40 and over", "fr": "40 ans et plus"},
    ),
]
PEOPLE = [("women", "old"), ("men", "old"), ("women", "young"), ("men", "young"), ("women", "old")]


def fill(session: Session, process: Process, number: int, now: datetime) -> list[Registrant]:
    """Volunteers who registered through the form."""
    return [
        register(
            session,
            VISITOR,
            process,
            {"gender": gender, "age": age},
            Contact(f"Volunteer {place}", f"volunteer-{place}@example.org", address=f"{place} Main Street"),
            now,
        )[0]
        for place, (gender, age) in enumerate(islice(cycle(PEOPLE), number), start=1)
    ]


@pytest.fixture
def compute(session: Session, now: datetime) -> Callable[[Draw], None]:
    """Do a draw's job in the test's own session, as a worker would."""

    def compute(draw: Draw) -> None:
        do_job(session, draw, now)

    return compute


@pytest.fixture
def guarantor(session: Session, process: Process, organiser: User, now: datetime) -> User:
    """A guarantor of the process."""
    user = make_user(session, "guarantor@example.org", "Gaëlle Garante", now)
    appoint(session, Actor(organiser.id), process, user, "guarantor", now)
    return user


@pytest.fixture
def filled(session: Session, process: Process, organiser: User, now: datetime) -> list[Registrant]:
    """Quotas, and thirty volunteers."""
    set_quotas(session, Actor(organiser.id), process, ROWS, now)
    return fill(session, process, 30, now)


@pytest.fixture
def prepared(
    session: Session,
    process: Process,
    organiser: User,
    guarantor: User,
    filled: list[Registrant],
    compute: Callable[[Draw], None],
    now: datetime,
) -> Draw:
    """A sealed lottery over thirty volunteers."""
    sign_pool(session, Actor(guarantor.id), process, now)
    draw = request_draw(session, Actor(organiser.id), process, now)
    compute(draw)
    return draw


@pytest.fixture
def desk(client: FlaskClient, sign_in: SignIn, organiser: User) -> FlaskClient:
    """The organiser's browser."""
    return sign_in(client, organiser.email)


@pytest.fixture
def witness(app: Flask, sign_in: SignIn, guarantor: User) -> FlaskClient:
    """The guarantor's browser."""
    return sign_in(app.test_client(), guarantor.email)
