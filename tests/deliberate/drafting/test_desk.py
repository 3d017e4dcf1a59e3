"""What members see while they prepare, change, compare, translate and print amendments."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from deliberate.core.database import db
from deliberate.drafting import starts
from deliberate.drafting.acts import create_charter
from deliberate.drafting.adoption import publish
from deliberate.drafting.models import Amendment, Charter, MinorityStatement, Preparation
from deliberate.inputs.models import Contribution, Question
from deliberate.people.models import User
from deliberate.people.rules import Actor

SignIn = Callable[[FlaskClient, str], FlaskClient]
Proposing = Callable[..., Amendment]
FREELY = "Chacun dispose librement d’une part de son temps pour les activités bénévoles."
CIVIC = "Chacun dispose d’une part de son temps pour l’action citoyenne."
NOTHING = "Chacun dispose d’une part de son temps pour ne rien faire."
MEMBER, SECOND, RAPPORTEUR = "member1@example.org", "member2@example.org", "rapporteur@example.org"


@pytest.fixture
def session(app: Flask) -> Session:
    """The session of the application."""
    return db.session()


@pytest.fixture
def root(charter: Charter) -> str:
    """The address of the charter being written."""
    return f"/processes/{charter.process.slug}/drafting/time"


def follow(client: FlaskClient, answer: TestResponse) -> str:
    assert answer.status_code == 302, answer.text
    return client.get(answer.location).text


def test_changes_are_kept_one_by_one_undone_and_dropped(
    client: FlaskClient, root: str, sign_in: SignIn
) -> None:
    sign_in(client, MEMBER)
    assert client.get(root + "/preparation").status_code == 404
    client.post(root + "/clauses/t1/words", data={"text_fr": FREELY})
    page = follow(
        client,
        client.post(root + "/clauses/t2/insert", data={"place": "after", "text_en": "Time is shared."}),
    )
    assert "Changed: Article 1 — Time of one’s own" in page
    assert "New clause: Article 3" in page
    assert "2 changes so far." in client.get(root).text
    client.post(root + "/clauses/draft.1/words", data={"text_en": "Time is shared by all."})
    refused = client.post(root + "/preparation/undo", data={"index": "1"})
    assert refused.status_code == 409
    assert "undo that one first" in refused.text
    page = follow(client, client.post(root + "/preparation/undo", data={"index": "0"}))
    assert "librement" not in page
    assert client.post(root + "/preparation/drop").status_code == 302
    assert db.session.query(Preparation).count() == 0


def test_contributions_are_found_by_word_or_code_and_ticked(
    client: FlaskClient, root: str, charter: Charter, sign_in: SignIn, now: datetime
) -> None:
    question = Question(process_id=charter.process_id, key="q", round=1, number=1, text={"en": "?"})
    db.session.add(question)
    db.session.flush()
    for key, said in (("c-7", "Les horaires changent sans cesse."), ("c-8", "Du silence.")):
        one = Contribution(
            process_id=charter.process_id, key=key, question_id=question.id, round=1, text=said,
            folded=said.lower(), language="fr", channel="web", state="published", received_at=now, at=now,
        )  # fmt: skip
        db.session.add(one)
    sign_in(client, MEMBER)
    client.post(root + "/clauses/t1/words", data={"text_fr": FREELY})
    page = client.post(
        root + "/preparation", data={"q": "horaires", "action": "search", "reason": "Because."}
    ).text
    assert 'value="c-7"' in page
    assert 'value="c-8"' not in page
    assert "Because." in page
    assert 'value="c-8"' in client.post(root + "/preparation", data={"q": "c-8", "action": "search"}).text
    client.post(root + "/preparation", data={"reason": "Because.", "source": ["c-7"], "answers": "c-8 c-7"})
    assert db.session.query(Amendment).one().answers == ["c-8", "c-7"]


def test_an_author_takes_in_the_change_that_another_member_proposes(
    client: FlaskClient, root: str, proposing: Proposing, sign_in: SignIn
) -> None:
    where = root.partition("/drafting")[0] + "/amendments"
    proposing("t1", FREELY)
    sign_in(client, SECOND)
    assert "The change you prepare to amendment am-1" in follow(client, client.post(where + "/am-1/change"))
    client.post(root + "/clauses/t1/words", data={"text_fr": FREELY.replace("une part", "une grande part")})
    page = follow(client, client.post(root + "/preparation", data={"reason": "More."}))
    assert "A change to amendment am-1" in page
    assert "<ins>" in page.split("What it changes in the amendment")[1]
    assert "Take this change into my amendment" not in page
    assert client.post(where + "/am-2/fold").status_code == 403
    client.post("/sign-out")
    sign_in(client, MEMBER)
    assert "am-2" in client.get(where + "/am-1").text
    assert "grande" in follow(client, client.post(where + "/am-2/fold"))
    assert "Taken into the amendment" in client.get(where + "/am-2").text


def test_rivals_of_a_clause_stand_side_by_side_and_say_so(
    client: FlaskClient, root: str, proposing: Proposing, sign_in: SignIn
) -> None:
    for text in (FREELY, CIVIC, NOTHING):
        proposing("t1", text)
    sign_in(client, SECOND)
    page = client.get(root + "/clauses/t1").text
    assert "Cannot be followed together with: am-3" in page
    assert "Cannot be followed together with: am-1" not in page
    where = root.partition("/drafting")[0] + "/amendments/am-2"
    assert client.post(where + "/support?clause=t1").location.endswith("/clauses/t1#am-2")
    assert "am-3" in client.get(where).text
    page = client.get(root + "/merge?a=am-1&a=am-2").text
    assert 'data-rivals="am-3"' in page
    assert "Contradicts am-3, ticked too" not in page
    assert "librement" in page
    assert "Only accepted amendments enter a version" in page
    page = client.get(root + "/merge?a=am-3&a=am-2").text
    assert "Contradicts am-3, ticked too" in page
    assert "Where they cannot all be followed" in page


def test_the_words_typed_are_compared_as_the_engine_compares_them(
    client: FlaskClient, root: str, sign_in: SignIn
) -> None:
    assert client.post(root + "/words", data={"before": "a", "after": "b"}).status_code == 400
    sign_in(client, MEMBER)
    answer = client.post(root + "/words", data={"before": "Un temps.", "after": "Un temps libre."})
    assert answer.json == [["equal", "Un temps"], ["insert", " libre"], ["equal", "."]]


def test_a_translation_is_proposed_from_the_page_that_sets_languages_side_by_side(
    client: FlaskClient, root: str, charter: Charter, rapporteur: Actor, sign_in: SignIn, now: datetime
) -> None:
    create_charter(db.session(), rapporteur, charter.process, "mine", "", starts.start("time"), "first", now)
    sign_in(client, MEMBER)
    page = client.get(root + "/translations/en").text
    assert "Every clause says the same" in page
    assert client.get(root + "/translations/de").status_code == 404
    client.post(root + "/clauses/t1/words", data={"text_fr": CIVIC, "note_fr": "Note de travail."})
    client.post(root + "/preparation", data={"reason": "Better."})
    assert client.post(root + "/translations/en", data={"text_t1": "Nothing awaits here."}).status_code == 422


def test_a_published_preamble_is_offered_and_proposed_with_one_button(
    client: FlaskClient,
    root: str,
    charter: Charter,
    rapporteur: Actor,
    organiser: User,
    sign_in: SignIn,
    now: datetime,
) -> None:
    sign_in(client, MEMBER)
    assert "Nothing newer is offered." in client.get(root + "/preamble").text
    text = starts.start("preamble")
    common = create_charter(db.session(), rapporteur, charter.process, "preamble", "", text, "first", now)
    publish(db.session(), Actor(organiser.id), common.latest, now)
    assert "is offered to this charter" in client.get(root).text
    page = follow(client, client.post(root + "/preamble"))
    assert "Version 1 of it is included." in page
    assert "Proposed already" in client.get(root + "/preamble").text
    assert client.post(root + "/preamble").status_code == 409


def test_the_booklet_has_every_open_amendment_with_boxes_to_tick(
    client: FlaskClient, root: str, proposing: Proposing, sign_in: SignIn
) -> None:
    sign_in(client, RAPPORTEUR)
    assert "No amendment to vote on." in client.get(root + "/booklet").text
    proposing("t1", FREELY)
    proposing("t2", "Une heure vaut bien une heure.")
    page = client.get(root + "/booklet").text
    assert page.count('class="box"') == 6
    assert "<ins>" in page


def test_recommendations_are_read_by_everyone(client: FlaskClient, root: str, charter: Charter) -> None:
    page = client.get(root.partition("/drafting")[0] + "/recommendations")
    assert page.status_code == 200
    assert "No recommendation is in force." in page.text


def test_a_signature_is_taken_back_after_a_page_that_says_what_goes(
    client: FlaskClient, root: str, sign_in: SignIn
) -> None:
    sign_in(client, MEMBER)
    client.post(root + "/minority", data={"clause": "t1", "text": "Let each place decide."})
    assert "cannot be brought back" in client.get(root + "/minority/1/withdraw").text
    page = follow(client, client.post(root + "/minority/1/withdraw"))
    assert "Let each place decide." not in page
    assert db.session.query(MinorityStatement).one().text == {}
    assert client.get(root + "/minority/1/withdraw").status_code == 404


@pytest.mark.parametrize(
    "page",
    ["/preparation", "/clauses/t1/nature", "/clauses/t1/insert", "/translations/en", "/preamble", "/booklet"],
)
def test_pages_speak_french(client: FlaskClient, root: str, sign_in: SignIn, page: str) -> None:
    sign_in(client, MEMBER)
    client.post(root + "/clauses/t1/words", data={"text_fr": FREELY})
    answer = client.get(f"{root}{page}?lang=fr")
    assert answer.status_code == 200
    assert '<html lang="fr">' in answer.text
