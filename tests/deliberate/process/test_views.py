"""An organiser sets a process up in the browser."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberate.core.database import db
from deliberate.people.acts import make_user
from deliberate.process.models import Process

SignIn = Callable[[FlaskClient, str], FlaskClient]


@pytest.fixture
def desk(client: FlaskClient, sign_in: SignIn, now: datetime) -> FlaskClient:
    """The browser of an organiser who has just created a draft."""
    make_user(db.session(), "o@example.org", "Odile", now, role="organiser")
    db.session.commit()
    sign_in(client, "o@example.org")
    assert client.post("/processes/new", data={"template": "charters"}).status_code == 302
    return client


def draft() -> Process:
    return db.session.query(Process).one()


def protocol_fields(**changes: str) -> dict[str, str]:
    fields = {
        "time_zone": "Europe/Brussels", "moderation": "before", "contest_days": "7", "retention_months": "24",
        "registration-opens": "", "registration-closes": "",
        "panel-size": "24", "panel-alternates": "8", "panel-panels": "1000", "panel-ticket": "digits",
        "panel-randomness_fr": "Trois boules",
    }  # fmt: skip
    for index, (kind, number) in enumerate([("open", 1), ("deliberation", 1)]):
        fields |= {f"phases-{index}-kind": kind, f"phases-{index}-round": str(number)}
    for rule in ("amendment", "version", "conflict"):
        method = "approval" if rule == "conflict" else "yes-no"
        values = {
            "method": method,
            "threshold": "3/4",
            "denominator": "present",
            "quorum": "2/3",
            "secrecy": "open",
        }
        fields |= {f"rules-{rule}-{name}": value for name, value in values.items()}
    return fields | changes


def test_a_draft_is_edited_then_locked_and_published(desk: FlaskClient) -> None:
    slug = draft().slug
    texts = {"title_fr": "Charte des communs", "question_fr": "Que partager ?", "level": "municipality"}
    assert desk.post(f"/processes/{slug}/set-up", data=texts).status_code == 302
    answer = desk.post(f"/processes/{slug}/set-up/protocol", data=protocol_fields())
    assert answer.location == f"/processes/{slug}/lock"
    assert "adopted if at least 3 people in 4 present" in desk.get(answer.location).text
    assert desk.post(f"/processes/{slug}/lock").status_code == 302
    assert draft().locked_at is not None
    assert len(draft().phases) == 2


def test_a_date_before_today_is_said_beside_its_field_and_nothing_typed_is_lost(desk: FlaskClient) -> None:
    slug = draft().slug
    fields = protocol_fields(**{"phases-0-opens": "2026-01-05", "rules-amendment-threshold": "lots"})
    answer = desk.post(f"/processes/{slug}/set-up/protocol", data=fields)
    assert answer.status_code == 422
    assert 'id="phases-0-opens-error"' in answer.text
    assert "This date is before today." in answer.text
    assert "Write a fraction between 0 and 1, such as 3/4." in answer.text
    assert 'value="2026-01-05"' in answer.text
    assert 'value="lots"' in answer.text
    assert len(draft().protocol["phases"]) == 4


def test_a_round_is_added_without_losing_what_was_typed(desk: FlaskClient) -> None:
    slug = draft().slug
    answer = desk.post(
        f"/processes/{slug}/set-up/protocol", data=protocol_fields(action="add-round", **{"panel-size": "30"})
    )
    assert 'name="phases-3-kind"' in answer.text
    assert 'value="30"' in answer.text


def test_a_locked_protocol_gets_another_round_and_keeps_those_announced(desk: FlaskClient) -> None:
    slug = draft().slug
    texts = {"title_fr": "Charte", "question_fr": "Que partager ?", "level": "region"}
    desk.post(f"/processes/{slug}/set-up", data=texts)
    address = f"/processes/{slug}/set-up/protocol"
    desk.post(address, data=protocol_fields())
    desk.post(f"/processes/{slug}/lock")
    page = desk.post(address, data=protocol_fields(action="add-round", reason="Practice taught us.")).text
    assert 'name="phases-3-kind"' in page
    assert "Practice taught us." in page
    second = {
        "phases-2-kind": "open",
        "phases-2-round": "2",
        "phases-3-kind": "deliberation",
        "phases-3-round": "2",
    }
    assert desk.post(address, data=protocol_fields(**second, reason="Practice taught us.")).status_code == 302
    assert len(draft().phases) == 4
    assert (
        'name="phases-3-kind"' in desk.post(address, data=protocol_fields(**second, action="drop-round")).text
    )
    answer = desk.post(address, data=protocol_fields(reason="Too long."))
    assert answer.status_code == 422
    assert "A round that was announced stays in the protocol." in answer.text
    assert len(draft().protocol["phases"]) == 4


def test_phases_open_only_after_a_confirmation(desk: FlaskClient) -> None:
    slug = draft().slug
    desk.post(
        f"/processes/{slug}/set-up",
        data={"title_fr": "Charte", "question_fr": "Que partager ?", "level": "region"},
    )
    desk.post(f"/processes/{slug}/set-up/protocol", data=protocol_fields())
    desk.post(f"/processes/{slug}/lock")
    assert "Everyone will be able to contribute" in desk.get(f"/processes/{slug}/phases/1/open").text
    assert draft().phases[0].opens_at is None
    assert desk.post(f"/processes/{slug}/phases/1/open").status_code == 302
    assert "Close it now" in desk.get(f"/processes/{slug}/phases").text
    assert desk.post(f"/processes/{slug}/phases/2/open").status_code == 409


def test_a_draft_is_not_there_for_a_visitor(desk: FlaskClient, app: Flask) -> None:
    slug = draft().slug
    assert desk.get(f"/processes/{slug}/desk").status_code == 200
    assert app.test_client().get(f"/processes/{slug}/desk").status_code == 302


def test_someone_is_given_a_role_and_loses_it(desk: FlaskClient) -> None:
    slug = draft().slug
    person = {"name": "Gisèle", "email": "g@example.org", "role": "guarantor"}
    assert desk.post(f"/processes/{slug}/people", data=person).status_code == 302
    page = desk.get(f"/processes/{slug}/people").text
    assert "Gisèle" in page
    again = desk.post(f"/processes/{slug}/people", data={**person, "role": "moderator"})
    assert again.status_code == 422
    assert "A guarantor holds no other role" in again.text
