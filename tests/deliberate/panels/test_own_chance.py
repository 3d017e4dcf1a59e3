"""Everyone's own chance: before the draw, after it, and how to check it."""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from deliberate.core.database import db
from deliberate.panels.models import Draw, Registrant, RegistrantLink
from deliberate.panels.places import place_of
from deliberate.people.models import User
from deliberate.people.rules import Actor, secret_hash
from deliberate.process.models import Process
from sortition import verify_lottery
from tests.deliberate.panels.work import reveal

SignIn = Callable[[FlaskClient, str], FlaskClient]


@pytest.fixture
def session(app: Flask) -> Session:
    """The application's own session, so that the fixtures of the acts fill the pages."""
    return db.session()


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """The browser of somebody without an account."""
    return app.test_client()


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def own_page(session: Session, process: Process, registrant: Registrant, now: datetime) -> str:
    """The secret address of a volunteer's chance."""
    session.add(RegistrantLink(hash=secret_hash("own"), registrant_id=registrant.id, made_at=now))
    session.commit()
    return f"/processes/{process.slug}/receipt/own/chance"


def test_ones_own_chance_is_there_before_the_draw_and_can_be_checked_by_hand(
    visitor: FlaskClient,
    session: Session,
    process: Process,
    prepared: Draw,
    filled: list[Registrant],
    now: datetime,
) -> None:
    address = own_page(session, process, filled[0], now)
    place = place_of(session, prepared, filled[0])
    assert place is not None
    page = visitor.get(address).text
    said = text_of(page)
    assert f"Your chance is {len(place.panels)} in 100." in said
    assert "Nothing is drawn yet" in said
    assert "if all 30 volunteers had the same chance, it would be 20.0%" in said.replace("If all", "if all")
    assert all(f"<li>{number}</li>" in page for number in place.panels)
    found = hashlib.sha256(bytes.fromhex(place.nonce) + place.said.encode()).hexdigest()
    assert found in page
    assert found in prepared.lottery["commitments"]
    own = json.loads(visitor.get(address.replace("/chance", "/person.json")).data)
    assert own["panels"] == place.panels
    findings = verify_lottery(prepared.lottery, person=own, commitment=prepared.commitment)
    assert [str(one) for one in findings if one.outcome == "failed"] == []
    others = [pseudonym for pseudonym in prepared.key if pseudonym != place.pseudonym]
    assert not any(pseudonym in page for pseudonym in others)


def test_after_the_draw_everyone_reads_what_became_of_them(
    visitor: FlaskClient,
    session: Session,
    process: Process,
    organiser: User,
    prepared: Draw,
    filled: list[Registrant],
    now: datetime,
) -> None:
    reveal(session, Actor(organiser.id), prepared, "42", now)
    drawn = next(one for one in filled if one.pseudonym in prepared.outcome["panel"])
    page = text_of(visitor.get(own_page(session, process, drawn, now)).text)
    assert "You were drawn." in page
    assert "Panel 42 was drawn: it is in your list." in page


def test_before_the_seal_the_page_says_what_will_be_there(
    visitor: FlaskClient, session: Session, process: Process, filled: list[Registrant], now: datetime
) -> None:
    page = visitor.get(own_page(session, process, filled[0], now)).text
    assert "The draw is not sealed yet" in page
