"""What was refused, or taken back, is read on no public page."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.database import db
from deliberate.drafting.acts import propose, withdraw
from deliberate.inputs.models import Contribution
from deliberate.panels.models import Seat
from deliberate.people.rules import Actor


@pytest.fixture
def session(app: Flask) -> Session:
    """The application's own session, so that pages see what a test did."""
    return db.session()


def page(client: FlaskClient, journey: Any) -> str:
    return client.get(f"/processes/{journey.process.slug}/charters/time/clauses/t1").text


def test_a_contribution_refused_after_it_was_answered_is_not_told_beside_the_clause(
    client: FlaskClient, journey: Any
) -> None:
    said = db.session.scalars(select(Contribution).where(Contribution.key == "c-1")).one()
    assert said.text in page(client, journey)
    said.state = "refused"
    client.set_cookie("language", "fr")
    assert said.text not in page(client, journey)


def test_of_an_amendment_that_its_author_took_back_no_word_is_told(client: FlaskClient, journey: Any) -> None:
    member = Actor(db.session.scalars(select(Seat.user_id).order_by(Seat.number)).first())
    steps = [{"op": "replace", "clause": "t1", "lang": "fr", "text": "Rien."}]
    reason = {"en": "My neighbour cheats."}
    one = propose(db.session(), member, journey.charter, steps, reason, [], journey.now)
    withdraw(db.session(), member, one, journey.now)
    told = page(client, journey)
    assert one.key in told
    assert "neighbour" not in told
