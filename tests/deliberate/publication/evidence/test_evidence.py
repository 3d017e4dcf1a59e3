"""New evidence: an experience is attached to a passage, read, removed, taken back, and counts towards a new round."""

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.database import db
from deliberate.core.errors import Conflict, NotFound, NotPermitted, Refusal
from deliberate.inputs.experience.acts import add_lesson
from deliberate.inputs.experience.models import Lesson
from deliberate.inputs.moderating.acts import moderate
from deliberate.journal.queries import chain, openings
from deliberate.people.acts import Erased, make_link, make_user
from deliberate.people.models import User
from deliberate.people.queries import DataRequested
from deliberate.people.rules import VISITOR, Actor
from deliberate.publication.acts import publish
from deliberate.publication.evidence.acts import (
    attach_evidence,
    decide_evidence,
    forget_evidence,
    withdraw_evidence,
)
from deliberate.publication.evidence.models import NewEvidence
from deliberate.publication.evidence.queries import (
    add_held,
    as_record,
    evidence_from,
    evidence_on,
    gathered,
    published,
    waiting,
)
from deliberate.publication.verify import verify
from tests.deliberate.publication.conftest import Journey, journey_in

WHY = {"en": "The time bank shows that a place is needed."}


def the_lesson(session: Session) -> Lesson:
    return session.scalars(select(Lesson)).one()


def test_what_the_team_attaches_is_public_at_once_on_clause_lesson_and_journal(
    session: Session, journey: Journey
) -> None:
    lesson = the_lesson(session)
    found = attach_evidence(session, journey.organiser, journey.charter, "t1", lesson, WHY, journey.now)
    assert list(evidence_on(session, journey.charter, "t1")) == [found]
    assert list(evidence_from(session, lesson)) == [found]
    assert (as_record(found)["lesson"], as_record(found)["version"]) == ("l-1", 2)
    entry = list(chain(session, journey.process.slug))[-1]
    assert (entry["act"], entry["public"]["clause"]) == ("attach", "t1")
    with pytest.raises(Conflict, match="already"):
        attach_evidence(session, journey.organiser, journey.charter, "t1", lesson, WHY, journey.now)


@pytest.mark.parametrize(
    ("clause", "why", "wrong"),
    [("t9", WHY, NotFound), ("t1", {"en": " "}, Refusal), ("t1", {"en": "x" * 501}, Refusal)],
)
def test_what_bears_on_nothing_or_says_nothing_is_refused(
    session: Session, journey: Journey, clause: str, why: dict[str, str], wrong: type[Refusal]
) -> None:
    with pytest.raises(wrong):
        attach_evidence(
            session, journey.organiser, journey.charter, clause, the_lesson(session), why, journey.now
        )


def test_what_a_visitor_attaches_waits_is_published_and_can_be_removed_with_a_reason(
    session: Session, journey: Journey
) -> None:
    lesson = the_lesson(session)
    found = attach_evidence(session, VISITOR, journey.charter, "t1", lesson, WHY, journey.now, secret="s")
    assert list(waiting(session, journey.process)) == [found]
    assert not evidence_on(session, journey.charter, "t1")
    with pytest.raises(NotPermitted):
        decide_evidence(session, VISITOR, found, "publish", "", journey.now)
    decide_evidence(session, journey.organiser, found, "publish", "", journey.now)
    assert {"why": WHY} in [one["content"] for one in openings(session, journey.process.slug).values()]
    with pytest.raises(Refusal, match="Say why"):
        decide_evidence(session, journey.organiser, found, "remove", "", journey.now)
    decide_evidence(session, journey.organiser, found, "remove", "It is about trains", journey.now)
    assert not evidence_on(session, journey.charter, "t1")
    assert {"why": WHY} not in [one["content"] for one in openings(session, journey.process.slug).values()]
    with pytest.raises(Conflict):
        decide_evidence(session, journey.organiser, found, "remove", "Again", journey.now)


def test_who_attached_evidence_takes_it_back_by_the_receipt(session: Session, journey: Journey) -> None:
    lesson = the_lesson(session)
    found = attach_evidence(session, VISITOR, journey.charter, "t1", lesson, WHY, journey.now, secret="mine")
    with pytest.raises(NotFound):
        withdraw_evidence(session, "another", journey.now)
    withdraw_evidence(session, "mine", journey.now)
    assert (found.state, found.why) == ("withdrawn", {})
    with pytest.raises(Conflict):
        withdraw_evidence(session, "mine", journey.now)


def test_evidence_of_a_person_is_held_and_erased_with_them(session: Session, journey: Journey) -> None:
    ana = make_user(session, "ana@example.org", "Ana", journey.now)
    lesson = the_lesson(session)
    found = attach_evidence(session, Actor(ana.id), journey.charter, "t1", lesson, WHY, journey.now)
    request = DataRequested(ana)
    add_held(session, request, journey.now)
    assert request.held["new evidence"][0]["why"] == WHY
    forget_evidence(session, Erased(ana), journey.now)
    assert (found.state, found.user_id, found.why) == ("withdrawn", None, {})


def test_evidence_goes_with_its_experience(session: Session, journey: Journey) -> None:
    lesson = the_lesson(session)
    attach_evidence(session, journey.organiser, journey.charter, "t1", lesson, WHY, journey.now)
    moderate(session, journey.organiser, journey.process, lesson, "refuse", "Invented", journey.now)
    assert session.scalars(published(journey.process)).all() == []


def test_enough_new_evidence_suggests_a_new_round(session: Session, journey: Journey) -> None:
    for number in range(3):
        given = {"title": {"en": f"Lesson {number}"}, "outcome": "worked", "tried": WHY, "teaches": WHY}
        lesson = add_lesson(session, journey.organiser, journey.process, given, journey.now)
        assert gathered(session, journey.process)[0].due is False
        attach_evidence(session, journey.organiser, journey.charter, "t2", lesson, WHY, journey.now)
    (found,) = gathered(session, journey.process)
    assert (found.count, found.threshold, found.due, found.version) == (3, 3, True, 2)


@pytest.fixture
def shown(app: Flask, request: pytest.FixtureRequest) -> Journey:
    """The journey behind pages, the day after its last act."""
    played = journey_in(db.session(), request.getfixturevalue("played_on_sqlite"))
    app.extensions["clock"] = lambda: played.now
    return played


@pytest.fixture
def database_file(request: pytest.FixtureRequest) -> object:
    """The database of the journey."""
    return request.getfixturevalue("played_on_sqlite").engine.url.database


def test_a_visitor_attaches_an_experience_on_the_page_of_a_passage(
    app: Flask, shown: Journey, client: FlaskClient
) -> None:
    here = f"/processes/{shown.process.slug}/charters/time/clauses/t1"
    assert "Attach an experience" in client.get(here).text
    form = client.get(f"{here}/evidence?words=banque")
    assert "The time bank" in form.text
    wrong = client.post(f"{here}/evidence", data={"lesson": "l-1", "why": ""})
    assert wrong.status_code == 422
    assert "Say in a sentence" in wrong.text
    sent = client.post(f"{here}/evidence", data={"lesson": "l-1", "why": WHY["en"]})
    receipt = sent.headers["Location"]
    assert "waits to be read" in client.get(receipt).text
    assert WHY["en"] not in client.get(here).text
    team = app.test_client()
    organiser = db.session.get_one(User, shown.organiser.user_id)
    team.post(f"/sign-in/{make_link(db.session(), organiser, shown.now)}")
    place = f"/processes/{shown.process.slug}/evidence"
    assert WHY["en"] in team.get(place).text
    key = db.session.scalars(select(NewEvidence.key)).one()
    assert "Say why" in team.post(f"{place}/{key}", data={"decision": "refuse", "reason": ""}).text
    team.post(f"{place}/{key}", data={"decision": "publish", "reason": ""})
    for page in (here, place, f"/processes/{shown.process.slug}/lessons/l-1"):
        assert WHY["en"] in client.get(page).text
    client.post(receipt)
    assert WHY["en"] not in client.get(here).text
    assert "New evidence" in team.get(f"/processes/{shown.process.slug}/desk").text


def test_a_bundle_holds_new_evidence_and_a_forged_sentence_is_found(
    session: Session, journey: Journey, tmp_path: Path
) -> None:
    lesson = the_lesson(session)
    attach_evidence(session, journey.organiser, journey.charter, "t1", lesson, WHY, journey.now)
    with publish(session, journey.organiser, journey.process, tmp_path / "bundles", journey.now) as prepared:
        session.flush()
    assert verify(prepared.place).faults == []
    (one,) = json.loads((prepared.place / "evidence.json").read_text("utf-8"))
    assert one["why"] == WHY
    assert WHY["en"] in (prepared.place / "en" / "lessons.html").read_text("utf-8")
    (prepared.place / "evidence.json").write_text(json.dumps([{**one, "why": {"en": "Nothing."}}]))
    said = [str(fault) for fault in verify(prepared.place).faults]
    assert any("is not what the journal attached" in sentence for sentence in said)
