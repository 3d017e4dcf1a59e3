"""The public ceremony: balls typed one by one, read again, revealed once; the certificate."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from deliberate.core.database import db
from deliberate.panels.models import Draw
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.process.models import Process
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


def test_balls_are_typed_one_by_one_read_again_and_revealed_once(
    desk: FlaskClient, visitor: FlaskClient, session: Session, process: Process, prepared: Draw
) -> None:
    session.commit()
    address = f"/processes/{process.slug}/draws/1"
    page = desk.get(f"{address}/reveal").text
    assert page.count('name="ball"') == 2
    assert str(prepared.commitment) in page
    again = desk.post(f"{address}/reveal", data={"ball": ["4", "2"]}).text
    assert "<li>4</li><li>2</li>" in again
    assert 'name="randomness" value="4 2"' in again
    assert prepared.state == "prepared"
    done = desk.post(f"{address}/reveal", data={"randomness": "4 2", "step": "reveal", "once": "a"})
    assert done.location.endswith("/draws/1/ceremony")
    shown = visitor.get(f"{address}/ceremony").text
    assert "Panel number 42 was drawn." in shown
    drawn = prepared.outcome["reveal"]["people"]
    assert all(f"<code>{person}</code>" in shown for person in drawn)
    assert len(drawn) == prepared.size
    assert "Volunteer" not in shown
    assert desk.get(f"{address}/reveal").location.endswith("/draws/1/ceremony")


@pytest.mark.parametrize("typed", [{"ball": ["4", ""]}, {"ball": ["4", "x"]}, {"randomness": "427"}])
def test_what_cannot_name_a_panel_is_refused_before_it_is_read_again(
    typed: dict[str, Any], desk: FlaskClient, session: Session, process: Process, prepared: Draw
) -> None:
    session.commit()
    page = desk.post(f"/processes/{process.slug}/draws/1/reveal", data=typed)
    assert page.status_code == 422
    assert "This lottery awaits 2 digits" in page.text
    assert prepared.state == "prepared"


def test_everyone_sees_the_seal_and_the_rule_while_they_wait(
    visitor: FlaskClient, session: Session, process: Process, prepared: Draw
) -> None:
    session.commit()
    address = f"/processes/{process.slug}/draws/1/ceremony"
    page = visitor.get(address).text
    assert "numbered from 00 to 99" in page
    assert str(prepared.commitment) in page
    assert "Type what was drawn" not in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert visitor.get(f"{address}.json").json == {"finished": False}


def test_the_certificate_waits_to_be_filled_in_and_names_nobody(
    visitor: FlaskClient,
    session: Session,
    process: Process,
    organiser: User,
    prepared: Draw,
    now: datetime,
) -> None:
    session.commit()
    address = f"/processes/{process.slug}/draws/1/certificate"
    before = visitor.get(address).text
    assert before.count("by-hand") == 4
    assert "signed by a guarantor" in before
    reveal(session, Actor(organiser.id), prepared, "42", now)
    session.commit()
    after = visitor.get(address).text
    assert after.count("by-hand") == 1
    assert "number 42" in text_of(after)
    assert str(prepared.commitment) in after
    assert after.count("name and signature") == 4
    assert "Volunteer" not in after
