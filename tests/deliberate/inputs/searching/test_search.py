"""One search over everything people said, told, wrote and voted on."""

from collections.abc import Callable
from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from deliberate.core.database import db
from deliberate.core.fulltext.following import rebuild
from deliberate.core.fulltext.models import IndexedText
from deliberate.inputs.experience.acts import add_lesson
from deliberate.inputs.models import Contribution
from deliberate.inputs.statements.making import add_statement
from deliberate.inputs.synthesis.acts import write_line
from deliberate.people.rules import Actor
from deliberate.process.models import Process

SEARCH = "/processes/time/contributions/search"
LESSON = {
    "title": {"en": "Repairing gardens"}, "outcome": "worked", "tried": {"en": "Gardens"}, "teaches": {"en": "Patience"},
}  # fmt: skip
Answer = Callable[..., TestResponse]


def fill(shown: Process, client: FlaskClient, answer: Answer, now: datetime) -> None:
    answer(client, "More gardens for everyone")
    organiser = Actor(shown.appointments[0].user_id)
    add_lesson(db.session(), organiser, shown, LESSON, now)
    write_line(db.session(), organiser, shown, 1, "A01", {"en": "People want gardens"}, now)
    db.session.commit()


def test_words_are_found_in_everything_at_once(
    client: FlaskClient, shown: Process, answer: Answer, now: datetime
) -> None:
    fill(shown, client, answer, now)
    page = client.get(f"{SEARCH}?words=garden").text
    assert "3 passages found" in page
    assert "Repairing gardens" in page
    assert "<mark>gardens</mark>" in page
    only = client.get(f"{SEARCH}?words=garden&kind=line").text
    assert "1 passage found" in only
    assert "Nothing matches" in client.get(f"{SEARCH}?words=submarine").text


def test_a_statement_is_found_and_opened(client: FlaskClient, shown: Process, now: datetime) -> None:
    organiser = Actor(shown.appointments[0].user_id)
    made = add_statement(db.session(), organiser, shown, {"en": "Gardens come first <b>"}, "en", now)
    db.session.commit()
    page = client.get(f"{SEARCH}?words=garden").text
    assert f'href="/processes/time/statements/{made.key}"' in page
    assert "<mark>Gardens</mark> come first &lt;b&gt;" in page


def test_who_has_not_answered_yet_does_not_find_what_others_answered(
    client: FlaskClient, shown: Process, answer: Answer, now: datetime
) -> None:
    fill(shown, client, answer, now)
    page = client.application.test_client().get(f"{SEARCH}?words=garden").text
    assert "1 passage found" in page
    assert "More gardens" not in page


def test_what_is_withdrawn_is_found_no_more(
    client: FlaskClient, shown: Process, answer: Answer, fields: Callable[[TestResponse], dict[str, str]]
) -> None:
    receipt = answer(client, "More gardens for everyone").headers["Location"]
    assert "1 passage found" in client.get(f"{SEARCH}?words=garden").text
    client.post(f"{receipt}/withdraw", data=fields(client.get(f"{receipt}/withdraw")))
    assert "Nothing matches" in client.get(f"{SEARCH}?words=garden").text
    assert db.session.scalars(select(IndexedText)).all() == []


def test_the_index_can_be_made_anew_from_the_tables(
    client: FlaskClient, shown: Process, answer: Answer, now: datetime
) -> None:
    fill(shown, client, answer, now)
    before = {(one.kind, one.key, one.stems) for one in db.session.scalars(select(IndexedText))}
    db.session.execute(text("DELETE FROM indexed_text"))
    assert rebuild(db.session())["contribution"] == 1
    assert {(one.kind, one.key, one.stems) for one in db.session.scalars(select(IndexedText))} == before
    assert db.session.scalar(select(Contribution.key)) in {key for _kind, key, _stems in before}
