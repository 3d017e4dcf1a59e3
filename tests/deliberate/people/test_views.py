"""Signing in: a link that a button spends, a code typed from paper."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient

from deliberate.core.database import db
from deliberate.core.jobs import Job
from deliberate.people.acts import make_code, make_link, make_user


def test_opening_a_link_spends_nothing_and_its_button_signs_in_once(
    app: Flask, client: FlaskClient, now: datetime
) -> None:
    user = make_user(db.session(), "ana@example.org", "Ana", now)
    secret = make_link(db.session(), user, now)
    db.session.commit()
    for _ in range(2):
        assert client.get(f"/sign-in/{secret}").status_code == 200
    assert client.post(f"/sign-in/{secret}").status_code == 302
    assert "Ana" in client.get("/account").text
    again = app.test_client().post(f"/sign-in/{secret}")
    assert again.status_code == 404
    assert "already used" in again.text


def test_a_link_is_mailed_to_a_known_address_and_the_page_does_not_tell(
    client: FlaskClient, now: datetime
) -> None:
    make_user(db.session(), "ana@example.org", "Ana", now)
    db.session.commit()
    pages = [
        client.post("/sign-in", data={"email": email}).location
        for email in ("ana@example.org", "no@example.org")
    ]
    assert pages[0] == pages[1]
    mails = db.session.query(Job).filter_by(kind="mail").all()
    assert [job.payload["to"] for job in mails] == ["ana@example.org"]
    assert "http://127.0.0.1:8000/sign-in/" in mails[0].payload["body"]


def test_a_printed_code_signs_in_however_it_is_typed(client: FlaskClient, now: datetime) -> None:
    user = make_user(db.session(), "ana@example.org", "Ana", now)
    code = make_code(db.session(), user, now)
    db.session.commit()
    assert client.post("/sign-in", data={"code": f" {code.lower().replace('-', ' ')} "}).status_code == 302
    assert "Ana" in client.get("/account").text


def test_a_revoked_code_is_refused_with_a_sentence(client: FlaskClient, now: datetime) -> None:
    user = make_user(db.session(), "ana@example.org", "Ana", now)
    old = make_code(db.session(), user, now)
    make_code(db.session(), user, now)
    db.session.commit()
    answer = client.post("/sign-in", data={"code": old})
    assert answer.status_code == 404
    assert "Check it letter by letter" in answer.text


def test_a_person_can_take_away_what_is_held_about_them(client: FlaskClient, now: datetime, sign_in) -> None:  # type: ignore[no-untyped-def]
    make_user(db.session(), "ana@example.org", "Ana", now)
    db.session.commit()
    sign_in(client, "ana@example.org")
    held = client.get("/account/data.json").get_json()
    assert held["account"]["email"] == "ana@example.org"


def test_a_form_sent_after_signing_out_is_given_back_as_it_was_typed(client: FlaskClient) -> None:
    answer = client.post("/account", data={"name": "Ana Maria"}, headers={"Origin": "http://localhost"})
    assert answer.status_code == 400
    assert "Ana Maria" in answer.text
    assert "sign in again in another window" in answer.text


def test_a_page_that_needs_an_account_leads_to_signing_in(client: FlaskClient) -> None:
    assert client.get("/account").location == "/sign-in"
    assert "Please sign in to open that page." in client.get("/sign-in").text


def test_signing_in_and_out_leaves_nothing_of_who_sat_there_before(
    client: FlaskClient, now: datetime, sign_in: Callable[[FlaskClient, str], FlaskClient]
) -> None:
    make_user(db.session(), "ana@example.org", "Ana", now)
    for moment in (lambda: sign_in(client, "ana@example.org"), lambda: client.post("/sign-out")):
        with client.session_transaction() as session:
            session["answered:time:1"], session["csrf_token"] = True, "known to another"
        moment()
        with client.session_transaction() as session:
            assert "answered:time:1" not in session
            assert session.get("csrf_token") != "known to another"


def test_a_page_whose_address_is_a_secret_is_not_kept_by_the_browser(client: FlaskClient) -> None:
    assert client.get("/sign-in/secret").headers["Cache-Control"] == "no-store"
