"""What those who answer, those who wrote and everyone else see of answers, and the letters that tell of them."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from deliberate.core.database import db
from deliberate.core.jobs import Job, run_next
from deliberate.inputs.answers import clauses
from deliberate.inputs.contributing.acts import contribute, withdraw_contribution
from deliberate.inputs.contributing.contacts import follow
from deliberate.inputs.models import Contribution, Question
from deliberate.inputs.moderating.acts import moderate
from deliberate.inputs.synthesis.acts import place, write_line
from deliberate.inputs.telling.models import ContributorNotice
from deliberate.people.acts import make_user
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.appointments import appoint
from deliberate.process.models import Process

Fields = Callable[[TestResponse], dict[str, str]]
SignIn = Callable[[FlaskClient, str], FlaskClient]
DESK = "/processes/time/answers/missing"


@pytest.fixture
def said(app: Flask, shown: Process) -> list[tuple[Contribution, str]]:
    """Twelve contributions on the line s-1, in French, and one on none."""
    session, now = db.session(), app.extensions["clock"]()
    question = session.scalars(select(Question)).one()
    texts = [f"Du calme {number}" for number in range(12)] + ["Un banc devant l’école"]
    made = [contribute(session, VISITOR, shown, question, one, "fr", "web", {}, "", now) for one in texts]
    organiser = Actor(shown.appointments[0].user_id)
    line = write_line(session, organiser, shown, 1, "A", {"en": "Calm"}, now, key="s-1")
    place(session, organiser, shown, line, [one for one, _ in made[:12]], now)
    session.commit()
    return made


@pytest.fixture
def team(
    app: Flask, shown: Process, said: Any, sign_in: SignIn, close: Callable[[], None], later: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> FlaskClient:  # fmt: skip
    """The organiser in the deliberation phase, with a charter whose clauses can be chosen."""
    charter = clauses.Charter(
        "time", "Charter of time", [("t1", "Article 1: Quiet hours"), ("t2", "Article 2")]
    )
    monkeypatch.setattr(clauses, "_offers", [lambda _session, _process: [charter]])
    browser = sign_in(app.test_client(), "organiser@example.org")
    close()
    later(timedelta(days=1))
    shown.phases[1].opens_at = app.extensions["clock"]()
    db.session.commit()
    later(timedelta(hours=1))
    return browser


def test_twelve_contributions_of_a_line_are_answered_in_one_go(
    client: FlaskClient, team: FlaskClient, said: list[tuple[Contribution, str]], fields: Fields
) -> None:
    page = team.get(f"{DESK}?line=s-1")
    assert page.text.count(" checked") == 12
    assert "Un banc" not in page.text
    assert "Article 1: Quiet hours" in page.text
    keys = [one.key for one, _ in said[:12]]
    data = {
        **fields(page),
        "contribution": keys,
        "outcome": "adopted",
        "action": "answer",
        "reason_en": "See it.",
    }
    incomplete = team.post(f"{DESK}?line=s-1", data={**data, "clause": ""})
    assert incomplete.status_code == 422
    assert "Name the charter and the clause" in incomplete.text
    assert incomplete.text.count(" checked") == 12
    assert "See it." in incomplete.text
    assert team.post(f"{DESK}?line=s-1", data={**data, "clause": "time#t1"}).status_code == 302
    assert "12 contributions are answered." in team.get(DESK).text
    answers = client.get("/processes/time/answers").text
    assert answers.count("See it.") == 12
    assert "Un banc" in client.get(DESK).text
    assert "Answering contributions" not in client.get(DESK).text
    assert client.post(DESK, data=data).status_code in (401, 403)


def test_one_of_a_line_is_answered_otherwise_and_the_first_answer_stays_readable(
    client: FlaskClient, team: FlaskClient, said: list[tuple[Contribution, str]], fields: Fields
) -> None:
    one, secret = said[0]
    data = {"contribution": one.key, "action": "answer", "outcome": "rejected", "reason_en": "First no."}
    team.post(DESK, data={**fields(team.get(DESK)), **data})
    again = team.get(f"{DESK}?one={one.key}")
    assert "First no." in again.text
    changed = {**fields(again), **data, "outcome": "partly", "clause": "time#t2", "reason_en": "Half of it."}
    assert team.post(f"{DESK}?one={one.key}", data=changed).status_code == 302
    for address in (f"/processes/time/contributions/{one.key}", f"/receipts/{secret}"):
        page = client.get(address).text
        assert "Half of it." in page
        assert "1 earlier answer" in page
        assert "First no." in page
    (record,) = json.loads(client.get("/processes/time/answers.json").data)
    assert [record["outcome"], record["earlier"][0]["outcome"]] == ["partly", "rejected"]
    withdraw_contribution(db.session(), secret, one.at + timedelta(days=3))
    db.session.commit()
    stays = client.get("/processes/time/answers").text
    assert "Its author withdrew these words." in stays
    assert "Half of it." in stays


def test_answers_are_prepared_found_again_and_given(
    client: FlaskClient, team: FlaskClient, said: list[tuple[Contribution, str]], fields: Fields
) -> None:
    one, _ = said[0]
    data = {"contribution": one.key, "action": "draft", "outcome": "rejected", "reason_en": "A first idea."}
    assert team.post(DESK, data={**fields(team.get(DESK)), **data}).status_code == 302
    assert "A first idea." not in client.get(DESK).text
    prepared = team.get(f"{DESK}?state=drafted&tick=all")
    assert "A first idea." in prepared.text
    give = {**fields(prepared), "contribution": one.key, "action": "drafts"}
    assert team.post(f"{DESK}?state=drafted", data=give).status_code == 302
    assert "A first idea." in client.get("/processes/time/answers").text
    assert "Nothing matches" in team.get(f"{DESK}?state=drafted").text


def test_contributions_to_answer_are_searched_and_no_table_of_answers_holds_a_formula(
    client: FlaskClient, team: FlaskClient, said: list[tuple[Contribution, str]], fields: Fields
) -> None:
    found = team.get(f"{DESK}?words=banc")
    assert "Un banc" in found.text
    assert "Du calme" not in found.text
    key = said[12][0].key
    data = {"contribution": key, "action": "answer", "outcome": "rejected", "reason_en": "=1+1"}
    team.post(DESK, data={**fields(found), **data})
    rows = list(csv.reader(io.StringIO(client.get("/processes/time/answers.csv").text.lstrip("\ufeff"))))
    assert rows[1][0] == key
    assert not rows[1][5].startswith("=")


def test_a_contributor_is_told_everything_in_one_letter_in_their_language(
    app: Flask, team: FlaskClient, said: list[tuple[Contribution, str]], shown: Process, fields: Fields
) -> None:
    now = app.extensions["clock"]()
    for _, secret in said[:2]:
        follow(db.session(), secret, "anna@example.org", "fr", now)
    moderator = make_user(db.session(), "moderator@example.org", "Malik", now)
    appoint(db.session(), Actor(shown.appointments[0].user_id), shown, moderator, "moderator", now)
    db.session.commit()
    keys = [one.key for one, _ in said[:2]]
    data = {"contribution": keys, "action": "answer", "outcome": "rejected", "reason_fr": "Déjà décidé."}
    team.post(DESK, data={**fields(team.get(DESK)), **data})
    moderate(db.session(), Actor(moderator.id), shown, said[1][0], "refuse", "", now, rule="advertising")
    db.session.commit()
    soon = now + timedelta(minutes=20)
    while run_next(db.session(), db.session, lambda: soon):
        pass
    assert [job.error for job in db.session.scalars(select(Job)) if job.error] == []
    (path,) = (app.config["SETTINGS"].instance / "outbox").glob("*.eml")
    letter = path.read_text("utf-8")
    assert "To: anna@example.org" in letter
    for words in (*keys, "Déjà décidé.", f"/processes/time/contributions/{keys[0]}", "De la publicité"):
        assert words in letter
    assert "&" not in letter
    assert db.session.scalars(select(ContributorNotice)).all() == []


def test_what_has_no_answer_is_told_by_question_with_a_way_to_clauses_without_a_source(
    client: FlaskClient, team: FlaskClient
) -> None:
    page = client.get(DESK).text
    assert "13 contributions wait for their answer." in page
    assert "By question" in page
    assert "/processes/time/coverage" in page


def test_the_clauses_of_charters_are_on_offer(app: Flask) -> None:
    assert [given.__name__ for given in clauses._offers] == ["clauses_on_offer"]
