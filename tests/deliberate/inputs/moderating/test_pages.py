"""What moderators, guarantors, authors and everyone else see of moderation."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from deliberate.core.database import db
from deliberate.core.jobs import run_next
from deliberate.inputs.contributing.acts import contribute
from deliberate.inputs.models import Contribution, Question
from deliberate.inputs.moderating.acts import moderate
from deliberate.inputs.moderating.appeals import appeal
from deliberate.people.acts import make_user
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.appointments import appoint
from deliberate.process.models import Process

Fields = Callable[[TestResponse], dict[str, str]]
SignIn = Callable[[FlaskClient, str], FlaskClient]
MODERATION = "/processes/time/moderation"


@pytest.fixture
def say(app: Flask, shown: Process) -> Callable[..., tuple[Contribution, str]]:
    def say(text: str, state: str = "waiting") -> tuple[Contribution, str]:
        question = db.session.scalars(select(Question)).one()
        now = app.extensions["clock"]()
        made = contribute(db.session(), VISITOR, shown, question, text, "en", "web", {}, "", now)
        made[0].state = state
        db.session.commit()
        return made

    return say


@pytest.fixture
def team(app: Flask, shown: Process, sign_in: SignIn) -> FlaskClient:
    return sign_in(app.test_client(), "organiser@example.org")


@pytest.fixture
def guarantor(app: Flask, shown: Process, sign_in: SignIn) -> FlaskClient:
    now = app.extensions["clock"]()
    user = make_user(db.session(), "guarantor@example.org", "Gaëlle", now)
    appoint(db.session(), Actor(shown.appointments[0].user_id), shown, user, "guarantor", now)
    db.session.commit()
    return sign_in(app.test_client(), "guarantor@example.org")


def refuse(app: Flask, process: Process, one: Contribution) -> None:
    organiser = Actor(process.appointments[0].user_id)
    now = app.extensions["clock"]()
    moderate(db.session(), organiser, process, one, "refuse", "", now, rule="personal-data")
    db.session.commit()


def test_what_waits_is_ticked_and_refused_with_a_reason_that_everyone_reads(
    client: FlaskClient, team: FlaskClient, say: Callable[..., tuple[Contribution, str]], fields: Fields
) -> None:
    one, other = say("Achetez mes montres")[0], say("Achetez mes montres !")[0]
    queue = team.get(MODERATION)
    assert "2 in similar words" not in queue.text
    assert "1 in similar words" in queue.text
    assert team.get(f"{MODERATION}?state=waiting&tick=all").text.count(" checked") == 2
    data = {**fields(queue), "thing": [one.object, other.object], "decision": "refuse", "rule": ""}
    unexplained = team.post(MODERATION, data=data)
    assert unexplained.status_code == 422
    assert "Say why this is refused" in unexplained.text
    assert unexplained.text.count(" checked") == 2
    nothing = team.post(MODERATION, data={**data, "thing": []})
    assert "Tick what you decide on" in nothing.text
    assert team.post(MODERATION, data={**data, "rule": "advertising"}).status_code == 302
    log = client.get(MODERATION).text
    assert log.count(">Advertises<span") == 2
    assert "montres" not in log
    assert [one.state, other.state] == ["refused", "refused"]
    assert "montres" in team.get(f"{MODERATION}?state=refused").text
    assert "montres" not in client.get(f"{MODERATION}?state=refused").text
    records = json.loads(client.get(f"{MODERATION}/log.json").data)
    assert {record["decision"] for record in records} == {"refused-first"}
    assert client.post(MODERATION, data=data).status_code in (401, 403)


def test_what_was_published_is_found_again_and_taken_down(
    team: FlaskClient, say: Callable[..., tuple[Contribution, str]], fields: Fields
) -> None:
    one, _ = say("My neighbour Paul steals", "published")
    say("A bench", "published")
    found = team.get(f"{MODERATION}?state=published&words=Paul")
    assert "steals" in found.text
    assert "A bench" not in found.text
    data = {**fields(found), "thing": one.object, "decision": "refuse", "rule": "personal-data", "reason": ""}
    back = team.post(f"{MODERATION}?state=published&words=Paul", data=data)
    assert "state=published" in back.location
    log = team.get(f"{MODERATION}/log?called=taken-down")
    assert one.key in log.text
    assert "No decision yet" not in log.text
    assert "Nothing matches" in team.get(f"{MODERATION}/log?called=overturned").text


def test_an_appeal_goes_from_the_receipt_to_a_guarantor_and_back(
    app: Flask, client: FlaskClient, guarantor: FlaskClient, team: FlaskClient, shown: Process,
    say: Callable[..., tuple[Contribution, str]], fields: Fields,
) -> None:  # fmt: skip
    one, secret = say("Paul is a thief")
    address = f"/receipts/{secret}/appeal"
    assert "nothing to appeal against" in client.get(address).text
    refuse(app, shown, one)
    receipt = client.get(f"/receipts/{secret}")
    assert "you can appeal until" in receipt.text
    page = client.get(address)
    assert client.post(address, data={**fields(page), "reason": ""}).status_code == 422
    data = {**fields(page), "reason": "Paul is in a <b>novel</b>."}
    assert client.post(address, data=data).status_code == 302
    assert client.post(address, data=data).status_code == 302
    again = client.post(address, data={**data, "once": ""})
    assert again.status_code in (302, 409)
    assert "You appealed to a guarantor" in client.get(f"/receipts/{secret}").text
    while run_next(db.session(), db.session, app.extensions["clock"]):
        pass
    (path,) = (app.config["SETTINGS"].instance / "outbox").glob("*.eml")
    letter = path.read_text("utf-8")
    assert "To: guarantor@example.org" in letter
    assert "/processes/time/appeals" in letter
    assert "novel" not in letter
    for reader in (client, team):
        listed = reader.get("/processes/time/appeals").text
        assert "waits for a guarantor" in listed
        assert "novel" not in listed
    seen = guarantor.get("/processes/time/appeals")
    assert "Paul is in a &lt;b&gt;novel&lt;/b&gt;." in seen.text
    assert "Paul is a thief" in seen.text
    decide = {**fields(seen), "answer": "It is fiction.", "decision": "overturn"}
    assert team.post("/processes/time/appeals", data=decide).status_code == 403
    assert "Say why" in guarantor.post("/processes/time/appeals", data={**decide, "answer": " "}).text
    assert guarantor.post("/processes/time/appeals", data=decide).status_code == 302
    assert "It is fiction." in client.get(f"/receipts/{secret}").text
    assert one.state == "published"


def test_guarantors_see_no_queue(
    guarantor: FlaskClient, say: Callable[..., tuple[Contribution, str]]
) -> None:
    say("A secret so far")
    assert "secret" not in guarantor.get(MODERATION).text
    assert guarantor.get(f"{MODERATION}/alike").status_code == 403


def test_an_appeal_that_nobody_decided_in_time_is_shown_as_overdue(
    app: Flask, client: FlaskClient, shown: Process, say: Callable[..., tuple[Contribution, str]],
    later: Callable[[timedelta], None],
) -> None:  # fmt: skip
    one, _ = say("Paul is a thief")
    refuse(app, shown, one)
    appeal(db.session(), shown, one, "No.", app.extensions["clock"]())
    db.session.commit()
    assert "overdue" not in client.get("/processes/time/appeals").text
    later(timedelta(days=8))
    assert "overdue" in client.get("/processes/time/appeals").text


def test_contributions_in_nearly_the_same_words_are_proposed_linked_shown_and_told_apart(
    client: FlaskClient, team: FlaskClient, say: Callable[..., tuple[Contribution, str]], fields: Fields
) -> None:
    one, _ = say("The evening bus stops at eight.", "published")
    two, _ = say("the evening bus, stops at eight", "published")
    say("A river.", "published")
    page = team.get(f"{MODERATION}/alike")
    assert one.key in page.text
    assert "A river" not in page.text
    link = {**fields(page), "contribution": [one.key, two.key]}
    assert team.post(f"{MODERATION}/alike", data=link).status_code == 302
    session_of_reader = client.get(f"/processes/time/contributions/{one.key}")
    assert session_of_reader.status_code == 403  # everyone answers alone first
    assert "1 other said alike" in team.get(f"/processes/time/contributions/{one.key}").text
    linked = team.get(f"{MODERATION}/alike")
    assert "Nothing in nearly the same words" in linked.text
    apart = {**fields(linked), "unlink": two.key}
    assert team.post(f"{MODERATION}/alike", data=apart).status_code == 302
    assert "said alike" not in team.get(f"/processes/time/contributions/{one.key}").text
    alone = team.post(
        f"{MODERATION}/alike", data={**fields(team.get(f"{MODERATION}/alike")), "contribution": one.key}
    )
    assert "Tick at least two" in alone.text
