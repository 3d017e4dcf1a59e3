"""Words that are withdrawn or refused leave the bundle that stands, at the next turn of the worker."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deliberate.core import events
from deliberate.core.jobs import Job
from deliberate.inputs.contributing.acts import contribution_of, withdraw_contribution
from deliberate.inputs.moderating.acts import moderate
from deliberate.journal.acts import Withdrawn
from deliberate.people.acts import make_user
from deliberate.people.rules import Actor
from deliberate.process.appointments import appoint
from deliberate.publication.acts import publish
from deliberate.publication.jobs import KIND, publish_without


@pytest.fixture
def published(session: Session, journey: Any, tmp_path: Path) -> Any:
    """The journey, its bundle standing."""
    events.on(Withdrawn, publish_without)
    with publish(session, journey.organiser, journey.process, tmp_path, journey.now):
        session.flush()
    session.query(Job).filter_by(kind=KIND).delete()
    return journey


def asked(session: Session) -> int:
    return session.scalar(select(func.count(Job.id)).where(Job.kind == KIND)) or 0


def test_words_withdrawn_by_receipt_are_published_no_more(session: Session, published: Any) -> None:
    withdraw_contribution(session, published.receipt, published.now)
    assert asked(session) == 1


def test_words_refused_after_publication_are_published_no_more(session: Session, published: Any) -> None:
    found = contribution_of(session, published.receipt)
    moderator = make_user(session, "moderator@example.org", "Maud Modère", published.now)
    appoint(session, published.organiser, published.process, moderator, "moderator", published.now)
    reason = "It names a person."
    moderate(session, Actor(moderator.id), published.process, found, "refuse", reason, published.now)
    assert asked(session) == 1


def test_a_process_that_published_nothing_has_nothing_to_publish_again(
    session: Session, journey: Any
) -> None:
    events.on(Withdrawn, publish_without)
    before = asked(session)
    withdraw_contribution(session, journey.receipt, journey.now)
    assert asked(session) == before
