"""Statements put to everyone, behind pages."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from deliberate.core.database import db
from deliberate.inputs.statements import making
from deliberate.inputs.statements.models import Statement
from deliberate.people.rules import Actor
from deliberate.process.models import Process

Fields = Callable[[TestResponse], dict[str, str]]


@pytest.fixture
def put(shown: Process, now: datetime) -> Callable[[int], list[Statement]]:
    """Put so many statements to everyone."""

    def put(count: int) -> list[Statement]:
        actor = Actor(shown.appointments[0].user_id)
        made = [
            making.add_statement(
                db.session(), actor, shown, {"en": f"Idea {n} is good.", "fr": f"L’idée {n} est bonne."}, "en", now
            )
            for n in range(1, count + 1)
        ]  # fmt: skip
        db.session.commit()
        return made

    return put


@pytest.fixture
def say(fields: Fields) -> Callable[..., TestResponse]:
    """Open the voting page, and send a vote from it."""

    def say(client: FlaskClient, vote: str, key: str = "", **sent: Any) -> TestResponse:
        page = client.get("/processes/time/vote", query_string={"statement": key} if key else {})
        form = fields_of_first_card(page, fields)
        return client.post(
            "/processes/time/vote", data={**form, "vote": vote, **sent.pop("data", {})}, **sent
        )

    return say


def fields_of_first_card(page: TestResponse, fields: Fields) -> dict[str, str]:
    """What the statement shown first sends."""
    card = page.text.partition('class="card"')[2].partition("</form>")[0]
    return fields(TestResponse([f"<main{card}".encode()], "200 OK", Headers(), request=page.request))
