"""Asking: questions are written, ordered, looked at and printed before their phase, and stay as they are in it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from deliberate.core.errors import Conflict
from deliberate.inputs.asking.acts import (
    add_question,
    change_question,
    move_question,
    remove_question,
    templates,
)
from deliberate.inputs.asking.rules import missing_languages
from deliberate.inputs.models import Question
from deliberate.inputs.queries import questions_of
from deliberate.journal.queries import chain
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.process.acts import open_phase
from deliberate.process.models import Process

DAY = timedelta(days=1)
ADDRESS = "/processes/time/set-up/questions"
Fields = Callable[[TestResponse], dict[str, str]]


@pytest.fixture
def question(session: Session, process: Process, organiser: User, now: datetime) -> Question:
    text = {"fr": "Pour vous, qu’est-ce que le bien-être ?", "en": "For you, what is well-being?"}
    question = add_question(session, Actor(organiser.id), process, "well-being", 1, text, now)
    open_phase(session, Actor(organiser.id), process.phases[0], now)
    return question


@pytest.fixture
def team(
    app: Flask, shown: Process, sign_in: Callable[[FlaskClient, str], FlaskClient], fields: Fields
) -> FlaskClient:
    """The organiser's browser; round 2 has the questions `first` and `second`."""
    browser = sign_in(app.test_client(), "organiser@example.org")
    for key in ("first", "second"):
        data = {
            **fields(browser.get(ADDRESS)),
            "key": key,
            "text_en": f"The {key}?",
            "theme": "",
            "round": "2",
        }
        assert browser.post(ADDRESS, data=data).status_code == 302
    return browser


def test_questions_stay_as_they_are_once_their_phase_has_begun(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    with pytest.raises(Conflict, match="has begun"):
        change_question(session, Actor(organiser.id), process, question, {"en": "Else?"}, now + DAY)
    assert add_question(session, Actor(organiser.id), process, "next", 2, {"en": "Else?"}, now).number == 1


def test_the_questions_that_ship_can_be_added_in_both_languages(
    session: Session, process: Process, organiser: User, now: datetime
) -> None:
    for template in templates():
        added = add_question(
            session, Actor(organiser.id), process, template["key"], 1, template["text"], now, variants=template.get("variants")
        )  # fmt: skip
        assert set(added.text) == {"fr", "en"}
    assert [len(one.variants) for one in questions_of(session, process, 1)] == [0, 0, 0, 2]


def test_questions_are_written_before_their_phase_and_not_after(
    team: FlaskClient, shown: Process, fields: Fields
) -> None:
    address = "/processes/time/set-up/questions"
    data = {
        **fields(team.get(address)),
        "key": "next",
        "text_en": "And now?",
        "variants": "young | en | Youth | Hm?",
        "theme": "",
    }
    assert team.post(address, data={**data, "round": "1"}).status_code == 409
    assert team.post(address, data={**data, "round": "2"}).status_code == 302
    assert "Hm?" in team.get(address).text
    shipped = team.post(
        "/processes/time/set-up/questions-that-ship", data={"template": "co-responsibility", "round": "2"}
    )
    assert shipped.status_code == 302
    assert "responsible, together" in team.get(address).text
    assert "Hm?" in team.get("/processes/time/questions/next?wording=young").text
    assert "2/next/young" in team.get("/processes/time/questions/next/sheet?wording=young").text


def test_questions_are_ordered_and_removed_before_their_phase_and_the_journal_says_so(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    actor = Actor(organiser.id)
    first, second, third = (
        add_question(session, actor, process, key, 2, {"en": key}, now) for key in ("a", "b", "c")
    )
    move_question(session, actor, process, third, -1, now)
    move_question(session, actor, process, first, -1, now)
    assert [one.key for one in questions_of(session, process, 2)] == ["a", "c", "b"]
    remove_question(session, actor, process, second, now)
    assert [one.key for one in questions_of(session, process, 2)] == ["a", "c"]
    assert [entry["act"] for entry in chain(session, process.slug)][-3:] == ["move", "move", "remove"]
    with pytest.raises(Conflict, match="has begun"):
        move_question(session, actor, process, question, 1, now)
    with pytest.raises(Conflict, match="has begun"):
        remove_question(session, actor, process, question, now)


def test_what_is_not_translated_yet_is_named() -> None:
    variants = [{"key": "young", "text": {"en": "Hm?"}}, {"key": "old", "text": {"fr": "Hum ?", "en": "Hm?"}}]
    assert missing_languages({"fr": "Quoi ?"}, variants, ("fr", "en")) == {"fr": ["young"], "en": [""]}
    assert missing_languages({"fr": "Quoi ?", "en": "What?"}, [], ("fr", "en")) == {}


def test_the_organiser_orders_previews_and_removes_questions(team: FlaskClient, fields: Fields) -> None:
    page = team.get(ADDRESS)
    assert "Not in French yet" in page.text
    assert "/processes/time/questions?shared=1" in page.text
    assert page.text.index("The first?") < page.text.index("The second?")
    team.post(f"{ADDRESS}/second/move", data={**fields(page), "to": "up"})
    assert (moved := team.get(ADDRESS).text).index("The second?") < moved.index("The first?")
    preview = team.get("/processes/time/questions/first").text
    assert "This is how visitors will see the question" in preview
    assert "Send my answer" not in preview
    asked = team.get(f"{ADDRESS}/first/remove")
    assert "Nobody will be asked it" in asked.text
    team.post(f"{ADDRESS}/first/remove", data=fields(asked))
    assert "The first?" not in team.get(ADDRESS).text
    begun = team.get(ADDRESS).text
    assert "Its open phase has begun" in begun
    assert f"{ADDRESS}/well-being/remove" not in begun


def test_visitors_see_no_preview_and_order_nothing(team: FlaskClient, client: FlaskClient) -> None:
    assert "Send my answer" not in (page := client.get("/processes/time/questions/first").text)
    assert "collected during the open phase of round 2" in page
    assert client.post(f"{ADDRESS}/first/move", data={"to": "down"}).status_code == 403
    assert client.post(f"{ADDRESS}/first/remove").status_code == 403


def test_every_sheet_of_a_round_is_printed_at_once_with_its_code(
    team: FlaskClient, client: FlaskClient
) -> None:
    page = client.get("/processes/time/questions-on-paper?round=2")
    assert [code in page.text for code in ("2/first", "2/second")] == [True, True]
    assert "half" in client.get("/processes/time/questions/first/sheet?two=1").text
    assert client.get("/processes/time/questions-on-paper?round=9").status_code == 200


def test_a_sheet_is_that_of_a_wording_there_is_and_links_only_to_sheets(
    team: FlaskClient, client: FlaskClient
) -> None:
    address = "/processes/time/questions/first/sheet"
    page = client.get(f"{address}?wording=none&endpoint=x&slug=y&_external=1&_scheme=javascript").text
    assert "2/first/none" not in page
    assert "2/first" in page
    assert f'href="{address}?two=1&amp;wording=none"' in page
    assert 'href="javascript' not in page
    assert "Numbered sheets" not in page
