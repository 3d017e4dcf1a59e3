"""Registering, correcting and leaving in the browser: what a volunteer types, and what organisers make of it."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from deliberate.core import jobs
from deliberate.core.database import db
from deliberate.panels.models import Registrant
from deliberate.panels.queries import pool
from deliberate.process.models import Process

ANSWERS = {
    "name": "Wanda Willing",
    "email": "wanda@example.org",
    "answer_0": "women",
    "answer_1": "old",
    "consent": "y",
}


@pytest.fixture
def session(app: Flask) -> Session:
    """The application's own session, so that the fixtures of the acts fill the pages."""
    return db.session()


def link_in(page: str) -> str:
    """The secret link on a receipt."""
    found = re.search(r"/processes/[a-z-]+/receipt/[\w-]+", page)
    assert found is not None
    return found.group(0)


def test_a_volunteer_registers_and_keeps_number_and_link(
    client: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    address = f"/processes/{process.slug}/register"
    form = client.get(address).text
    assert "Under 40" in form
    page = client.post(address, data=ANSWERS)
    assert page.status_code == 200
    receipt = client.get(link_in(page.text)).text
    assert "Wanda Willing" in receipt
    number = pool(session, process)[-1].pseudonym
    assert "is in the pool" in client.get(f"{address}/check?number={number}").text
    assert client.get(f"{address}/check?number=R-AAAA-AAAA").status_code == 404
    letter = session.query(jobs.Job).filter_by(kind="mail").one().payload
    assert letter["to"] == "wanda@example.org"
    assert link_in(letter["body"]) == link_in(page.text)


def test_a_form_with_gaps_says_each_of_them_and_records_nothing(
    client: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    page = client.post(f"/processes/{process.slug}/register", data={"name": "Wanda", "email": "wanda"})
    assert page.status_code == 422
    assert page.text.count("This is needed.") >= 3
    assert "does not look like an e-mail address" in page.text
    assert 'value="Wanda"' in page.text
    assert len(pool(session, process)) == 30


def test_a_machine_that_fills_the_hidden_field_is_refused(
    client: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    page = client.post(f"/processes/{process.slug}/register", data=ANSWERS | {"website": "http://spam"})
    assert page.status_code == 422
    assert len(pool(session, process)) == 30


def test_a_form_sent_twice_registers_once(
    client: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    address = f"/processes/{process.slug}/register"
    assert client.post(address, data=ANSWERS | {"once": "t1"}).status_code == 200
    again = client.post(address, data=ANSWERS | {"once": "t1"})
    assert again.location.endswith("/register/received")
    assert "recorded once only" in client.get(again.location).text
    assert len(pool(session, process)) == 31


def test_the_receipt_link_withdraws_only_by_the_button(
    client: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    link = link_in(client.post(f"/processes/{process.slug}/register", data=ANSWERS).text)
    assert client.get(link).status_code == 200
    assert "cannot be undone" in client.get(f"{link}/withdraw").text
    assert len(pool(session, process)) == 31
    assert client.post(f"{link}/withdraw").status_code == 302
    assert len(pool(session, process)) == 30
    assert "withdrawn" in client.get(link).text


def test_a_volunteer_corrects_and_erases_themselves(
    client: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    link = link_in(client.post(f"/processes/{process.slug}/register", data=ANSWERS).text)
    assert "Wanda Willing" in client.get(f"{link}/correct").text
    client.post(f"{link}/correct", data=ANSWERS | {"name": "Wanda W.", "answer_1": "young"})
    assert "Wanda W." in client.get(link).text
    assert "is deleted" in client.post(f"{link}/erase").text
    assert client.get(link).status_code == 404


def test_one_address_may_register_a_workshop_but_not_a_flood(
    client: FlaskClient,
    session: Session,
    process: Process,
    filled: list[Registrant],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session.commit()
    monkeypatch.setattr("deliberate.panels.views.register.PER_ADDRESS", 2)
    answers = [
        client.post(f"/processes/{process.slug}/register", data=ANSWERS | {"name": name}).status_code
        for name in ("Ann", "Bea", "Cleo")
    ]
    assert answers == [200, 200, 429]


def test_what_a_volunteer_typed_is_no_formula_in_the_organisers_spreadsheet(
    client: FlaskClient, desk: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    typed = {"name": "=cmd()", "phone": "+33 6 12 34", "email": ""}
    client.post(f"/processes/{process.slug}/register", data=ANSWERS | typed)
    exported = desk.get(f"/processes/{process.slug}/pool/respondents.csv").text
    assert ",'=cmd(),,+33 6 12 34," in exported
    filled[0].columns = {"=1+1": "note"}
    session.commit()
    exported = desk.get(f"/processes/{process.slug}/pool/respondents.csv").text
    assert ",'=1+1" in exported.splitlines()[0]


def test_names_are_for_organisers_and_not_for_guarantors(
    desk: FlaskClient,
    witness: FlaskClient,
    app: Flask,
    session: Session,
    process: Process,
    filled: list[Registrant],
) -> None:
    session.commit()
    address = f"/processes/{process.slug}/pool"
    assert "Volunteer 1<" in desk.get(address).text
    assert "Volunteer 1<" not in witness.get(address).text
    assert filled[0].pseudonym in witness.get(f"{address}?q=nobody").text
    assert app.test_client().get(address).status_code in (302, 401)
    shown = re.search(r'name="digest" value="([^"]+)"', witness.get(f"{address}/sign").text)
    assert shown
    assert witness.post(f"{address}/sign", data={"digest": shown[1]}).status_code == 302
    assert "A guarantor signed this pool of 30 people" in desk.get(address).text


def test_a_malformed_file_lists_every_problem_at_once_and_writes_nothing(
    desk: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    table = "id,gender,age\n1,women,ancient\n1,men,old\n3,,young\n"
    address = f"/processes/{process.slug}/pool/import"
    page = desk.post(address, data={"file": (io.BytesIO(table.encode()), "people.csv")})
    assert page.status_code == 422
    assert "“ancient” has no quota" in page.text
    assert "already in row 2" in page.text
    assert "Row 4 of people.csv has nothing in column “gender”" in page.text
    assert len(pool(session, process)) == 30


def test_a_file_is_shown_before_it_is_entered(
    desk: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    table = "id;Gender;age;name\nx1;Women;OLD;Ann\nx2;men;young;Bob\n"
    address = f"/processes/{process.slug}/pool/import"
    page = desk.post(address, data={"file": (io.BytesIO(table.encode()), "people.csv")}).text
    assert "2 people were read" in page
    assert len(pool(session, process)) == 30
    hidden = re.search(r'name="confirmed" value="([^"]+)"', page)
    assert hidden is not None
    assert desk.post(address, data={"confirmed": hidden.group(1), "name": "people.csv"}).status_code == 302
    assert len(pool(session, process)) == 32
    exported = desk.get(f"/processes/{process.slug}/pool/respondents.csv").text
    assert "Ann" in exported
