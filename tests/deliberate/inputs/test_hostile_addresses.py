"""Whatever an address asks, and whatever stands in what people wrote: an answer, never a fault, and nothing obeyed."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from deliberate.core.database import db
from deliberate.inputs.contributing.acts import contribute
from deliberate.inputs.experience.acts import add_lesson
from deliberate.inputs.models import Contribution, Question
from deliberate.inputs.statements.making import add_statement
from deliberate.inputs.synthesis.acts import place, write_line
from deliberate.inputs.synthesis.wordings import propose_wording
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.models import Process

HOSTILE = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}"
ASKED: list[dict[str, str]] = [
    dict.fromkeys(("words", "question", "theme", "language", "order", "group", "line", "kind", "tick"), HOSTILE),
    dict.fromkeys(("page", "round", "map", "parts", "sdg"), "-1"),
    dict.fromkeys(("page", "round", "map", "parts", "sdg", "words"), "9" * 30),
    {"page": "2147483647", "round": "1", "words": '"* ( AND NEAR/1 -x', "state": "all", "like": "l-1", "sort": "best"},
    {"words": "a" * 100_000, "contributions": "x " * 20_000, "wording": "\u202e", "one": "c-1", "shared": "1"},
]  # fmt: skip


@pytest.fixture
def written(shown: Process, now: datetime) -> Contribution:
    """Something hostile of every kind: an answer, a statement, a lesson, a line, another wording of it."""
    session, organiser = db.session(), Actor(shown.appointments[0].user_id)
    question = session.scalars(select(Question)).one()
    said, _ = contribute(
        session,
        VISITOR,
        shown,
        question,
        HOSTILE,
        "fr",
        "web",
        {"occupation": HOSTILE[:80]},
        "",
        now,
        key="c-1",
    )
    add_statement(session, organiser, shown, {"fr": HOSTILE}, "fr", now, contribution=said, key="s-1")
    texts = {"title": {"fr": HOSTILE}, "tried": {"fr": HOSTILE}, "teaches": {"fr": HOSTILE}}
    lesson = {
        **texts,
        "key": "e-1",
        "outcome": "mixed",
        "territory": HOSTILE,
        "sources": [f"javascript:{HOSTILE}"],
    }
    add_lesson(session, organiser, shown, lesson, now)
    line = write_line(
        session, organiser, shown, 1, "A03", {"fr": HOSTILE}, now, dissent={"fr": HOSTILE}, key="l-1"
    )
    place(session, organiser, shown, line, [said], now)
    propose_wording(session, VISITOR, shown, line, HOSTILE + "!", HOSTILE, "fr", now)
    session.commit()
    return said


def address(rule: Rule) -> str:
    keys = {
        "statements": "s-1",
        "lessons": "e-1",
        "synthesis": "l-1",
        "contributions": "c-1",
        "questions": "well-being",
    }
    key = next((keys[part] for part in rule.rule.split("/") if part in keys), "c-1")
    key = "c-1" if "/reading/" in rule.rule else key
    values = {
        "slug": "time",
        "key": key,
        "number": "1",
        "round": "1",
        "kind": "csv",
        "form": "csv",
        "secret": "s" * 26,
    }
    return str(rule.build({name: values[name] for name in rule.arguments})[1])  # type: ignore[index]


@pytest.mark.parametrize("who", ["", "organiser@example.org"])
def test_every_address_of_the_open_phase_answers_whatever_is_asked(
    app: Flask, written: Contribution, sign_in: Callable[[FlaskClient, str], FlaskClient], who: str
) -> None:
    browser = sign_in(app.test_client(), who) if who else app.test_client()
    rules = [
        one
        for one in app.url_map.iter_rules()
        if one.endpoint.startswith("inputs.") and "GET" in (one.methods or ())
    ]
    assert len(rules) > 60
    for place_, rule in enumerate(rules):
        for asked in ({}, ASKED[place_ % len(ASKED)]):
            page = browser.get(address(rule), query_string=asked)
            assert page.status_code < 500, (rule.rule, asked)
            if page.mimetype == "text/html":
                assert "<script>alert" not in page.text, (rule.rule, asked)
                assert "<img src=x" not in page.text, (rule.rule, asked)
                assert ">49<" not in page.text, (rule.rule, asked)
                assert 'href="javascript:' not in page.text, (rule.rule, asked)
