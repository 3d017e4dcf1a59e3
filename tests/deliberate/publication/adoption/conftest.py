"""A process with a charter published in its first version, and the means to publish the next."""

from collections.abc import Callable, Mapping
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from charters import apply, next_version, operations_from_json, version_from_json
from charters.model import Charter as Document
from charters.model import Clause
from deliberate.drafting.acts import add_version, create_charter
from deliberate.drafting.adoption import publish
from deliberate.drafting.models import Charter, CharterVersion
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.process.models import Process

TIME = Document(
    "time",
    {"fr": "Charte du temps", "en": "Charter of time"},
    (
        Clause("pre", "preamble", {"fr": "Le temps est à tous.", "en": "Time belongs to all."}),
        Clause(
            "t1",
            text={"fr": "Chacun dispose d’une part.", "en": "Everyone keeps a share."},
            clauses=(Clause("t1a", "point", {"fr": "Cette part est connue.", "en": "This share is known."}),),
        ),
        Clause("t2", text={"fr": "Une heure vaut une heure.", "en": "One hour is worth one hour."}),
    ),
)
Publish = Callable[..., CharterVersion]


@pytest.fixture
def charter(session: Session, room: Process, organiser: User, now: datetime) -> Charter:
    """A charter whose version 1 is published."""
    made = create_charter(session, Actor(organiser.id), room, "time", "time", TIME, "first draft", now)
    publish(session, Actor(organiser.id), made.latest, now)
    return made


@pytest.fixture
def next_published(session: Session, charter: Charter, organiser: User, now: datetime) -> Publish:
    """Publishes the next version, made of these operations."""

    def make(*steps: Mapping[str, object]) -> CharterVersion:
        return published(session, charter, Actor(organiser.id), now, *steps)

    return make


def published(
    session: Session, charter: Charter, actor: Actor, now: datetime, *steps: Mapping[str, object]
) -> CharterVersion:
    """Publish the version that these operations make of the latest."""
    before = version_from_json(charter.latest.document)
    text = apply(before.charter, operations_from_json(list(steps)))
    version = add_version(session, charter, next_version(before, text, date="2026-11-22"), now)
    publish(session, actor, version, now)
    return version
