"""A page of charters is made once for visitors, and again as soon as the journal grows."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberate.core.database import db
from deliberate.journal.acts import record
from deliberate.people.acts import make_user
from deliberate.people.rules import Actor
from deliberate.process.acts import create_process, lock_protocol
from deliberate.publication import remembering
from tests.conftest import PROTOCOL

TEXTS = {name: {"en": name} for name in ("title", "question", "remit", "commissioned_by", "funded_by")}


@pytest.fixture
def address(app: Flask, now: datetime) -> str:
    """The list of charters of a process."""
    user = make_user(db.session(), "o@example.org", "Odile", now, role="organiser")
    process = create_process(db.session(), Actor(user.id), TEXTS, PROTOCOL, now)
    lock_protocol(db.session(), Actor(user.id), process, now)
    db.session.commit()
    return f"/processes/{process.slug}/charters"


def test_a_page_is_the_same_until_an_act_is_journalled(
    client: FlaskClient, address: str, now: datetime
) -> None:
    first = client.get(address)
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    record(db.session(), address.split("/")[2], actor="clock", act="open", object="phase:1", now=now)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert again.headers["ETag"] != first.headers["ETag"]


def test_each_language_has_its_own_page(client: FlaskClient, address: str) -> None:
    pages = [client.get(address, headers={"Accept-Language": code}) for code in ("fr", "en")]
    assert 'lang="fr"' in pages[0].text
    assert 'lang="en"' in pages[1].text


def test_a_draft_is_not_kept_for_visitors(client: FlaskClient, app: Flask, now: datetime) -> None:
    user = make_user(db.session(), "o@example.org", "Odile", now, role="organiser")
    process = create_process(db.session(), Actor(user.id), TEXTS, PROTOCOL, now)
    db.session.commit()
    assert client.get(f"/processes/{process.slug}/charters").status_code == 404


def test_what_is_kept_stays_within_its_bound_however_pages_are_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(remembering, "MOST_BYTES", 100)
    pages = remembering.Pages()
    for number in range(10):
        pages.keep(str(number), remembering.Page(b"a" * 30, ()))
        pages.keep(str(number), remembering.Page(b"b" * 30, ()))
    assert [number for number in range(10) if pages.get(str(number))] == [7, 8, 9]
    pages.keep("large", remembering.Page(b"a" * 101, ()))
    assert pages.get("large") is None
