"""A process in its first open phase, with one question, behind pages."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from deliberate.core.database import db
from deliberate.inputs.asking.acts import add_question
from deliberate.inputs.models import Question
from deliberate.people.acts import make_user
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.process.acts import close_phase, create_process, lock_protocol, open_phase
from deliberate.process.models import Process
from tests.conftest import PROTOCOL

QUESTION = "/processes/time/questions/well-being"


@pytest.fixture
def actor(organiser: User) -> Actor:
    """The organiser."""
    return Actor(organiser.id)


@pytest.fixture
def question(session: Session, process: Process, actor: Actor, now: datetime) -> Question:
    """The question of an open phase whose answers are public at once, and whose dossier waits for no contest."""
    process.protocol = {**process.protocol, "moderation": "after", "contest_days": 0}
    question = add_question(session, actor, process, "well-being", 1, {"en": "What is well-being?"}, now)
    open_phase(session, actor, process.phases[0], now)
    return question


@pytest.fixture
def shown(app: Flask, now: datetime) -> Process:
    """The process at /processes/time; the organiser is organiser@example.org."""
    actor = Actor(make_user(db.session(), "organiser@example.org", "Odile", now, role="organiser").id)
    texts = {name: {"en": name} for name in ("title", "question", "remit", "commissioned_by", "funded_by")}
    protocol = json.loads(json.dumps(PROTOCOL)) | {"moderation": "after"}
    process = create_process(db.session(), actor, texts, protocol, now, slug="time", themes=["time"])
    lock_protocol(db.session(), actor, process, now)
    add_question(db.session(), actor, process, "well-being", 1, {"en": "What is well-being?"}, now)
    open_phase(db.session(), actor, process.phases[0], now)
    db.session.commit()
    return process


@pytest.fixture
def close(shown: Process, now: datetime) -> Callable[[], None]:
    """Close the open phase."""

    def close() -> None:
        organiser = shown.appointments[0].user_id
        close_phase(db.session(), Actor(organiser), shown.phases[0], now)
        db.session.commit()

    return close


@pytest.fixture
def later(app: Flask) -> Callable[[timedelta], None]:
    """Move the clock on, from where it stands."""

    def later(by: timedelta) -> None:
        then = app.extensions["clock"]() + by
        app.extensions["clock"] = lambda: then

    return later


def _chosen(options: str) -> str:
    found = re.search(r'<option selected value="([^"]*)"', options) or re.search(
        r'<option value="([^"]*)"', options
    )
    return unescape(found[1]) if found else ""


@pytest.fixture
def fields() -> Callable[[TestResponse], dict[str, str]]:
    """What the forms of a page send when nothing is typed: hidden fields, and what lists have chosen."""

    def fields(page: TestResponse) -> dict[str, str]:
        main = page.text.partition("<main")[2]
        inputs = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", main)
        named = [(re.search(r'name="([^"]*)"', one), re.search(r'value="([^"]*)"', one)) for one in inputs]
        hidden = {name[1]: unescape(value[1]) if value else "" for name, value in named if name}
        lists = re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', main, re.DOTALL)
        return hidden | {name: _chosen(options) for name, options in lists}

    return fields


@pytest.fixture
def answer(
    shown: Process, later: Callable[[timedelta], None], fields: Callable[[TestResponse], dict[str, str]]
) -> Callable[..., TestResponse]:
    """Open the question, wait a minute, and send an answer."""

    def answer(client: FlaskClient, text: str = "Du temps", **more: str) -> TestResponse:
        hidden = fields(client.get(QUESTION))
        later(timedelta(minutes=1))
        return client.post(QUESTION, data={**hidden, "text": text, "language": "en", **more})

    return answer
