"""What members see while a charter is written."""

from collections.abc import Callable, Sequence
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from deliberate.core.database import db
from deliberate.deliberation.ballots.models import Ballot
from deliberate.drafting.acts import put_to_ballot
from deliberate.drafting.adoption import adopt, publish
from deliberate.drafting.models import (
    Amendment,
    Charter,
    CharterVersion,
    MinorityStatement,
    Preparation,
    Support,
)
from deliberate.drafting.voting import put_version_to_ballot
from deliberate.people.models import User
from deliberate.people.rules import Actor

SignIn = Callable[[FlaskClient, str], FlaskClient]
ALL = [["yes"]] * 6
FREELY = "Chacun dispose librement d’une part de son temps pour les activités bénévoles."
CIVIC = "Chacun dispose d’une part de son temps pour l’action citoyenne."
NOTHING = "Chacun dispose d’une part de son temps pour ne rien faire."
MEMBER, RAPPORTEUR = "member1@example.org", "rapporteur@example.org"
Proposing = Callable[..., Amendment]
Voting = Callable[[Ballot, Sequence[Sequence[str]]], Ballot]


@pytest.fixture
def session(app: Flask) -> Session:
    """The session of the application."""
    return db.session()


@pytest.fixture
def accepted(
    rapporteur: Actor, proposing: Proposing, voting: Voting, now: datetime
) -> Callable[[str], Amendment]:
    """Have the panel accept other words for the first article."""

    def accepted(text: str) -> Amendment:
        one = proposing("t1", text)
        voting(put_to_ballot(db.session(), rapporteur, one, now, present=6), ALL)
        return one

    return accepted


@pytest.fixture
def root(charter: Charter) -> str:
    """The address of the charter being written."""
    return f"/processes/{charter.process.slug}/drafting/time"


def follow(client: FlaskClient, answer: TestResponse) -> TestResponse:
    """Go where an answer leads, as browsers do."""
    assert answer.status_code == 302, answer.text
    return client.get(answer.location)


def test_an_outsider_is_told_that_drafts_are_not_theirs(
    client: FlaskClient, root: str, sign_in: SignIn, now: datetime
) -> None:
    assert client.get(root).status_code in (302, 401)
    db.session.add(User(email="x@example.org", name="X", language="en", active=True, fs_uniquifier="x"))
    sign_in(client, "x@example.org")
    for page in ("", "/clauses/t1", "/clauses/t1/words", "/merge", "/minority"):
        answer = client.get(root + page)
        assert answer.status_code == 403
        assert "Your role in this process does not allow this." in answer.text


def test_a_member_reads_the_text_and_the_amendments_on_each_clause(
    client: FlaskClient, root: str, proposing: Proposing, sign_in: SignIn
) -> None:
    proposing("t1", FREELY)
    proposing("t1", CIVIC)
    sign_in(client, MEMBER)
    page = client.get(root).text
    assert "Article 1 — Time of one’s own" in page
    assert "am-2" in page
    assert "Side by side" in page
    page = client.get(root + "/clauses/t1").text
    assert "librement" in page
    assert "l’action citoyenne" in page
    assert (
        "amendment being discussed" in client.get(root.removesuffix("/time")).text
        or "amendments being discussed" in client.get(root.removesuffix("/time")).text
    )


def test_a_preview_shows_the_words_that_change_and_proposes_nothing(
    client: FlaskClient, root: str, sign_in: SignIn
) -> None:
    sign_in(client, MEMBER)
    typed = {"text_fr": FREELY, "action": "preview"}
    answer = client.post(root + "/clauses/t1/words", data=typed)
    assert answer.status_code == 200
    assert "<ins>" in answer.text
    assert "librement" in answer.text.split("<ins>")[1]
    assert "Time belongs to all." in answer.text
    assert "One hour is worth one hour." in answer.text
    assert db.session.query(Amendment).count() == db.session.query(Preparation).count() == 0


def test_an_amendment_is_proposed_with_its_reason_and_its_sources(
    client: FlaskClient, root: str, sign_in: SignIn
) -> None:
    sign_in(client, MEMBER)
    client.post(root + "/clauses/t1/words", data={"text_fr": FREELY})
    typed = {"reason": "A word is missing.", "answers": "c-104, c-110"}
    page = follow(client, client.post(root + "/preparation", data=typed)).text
    assert "Amendment am-1" in page
    assert "A word is missing." in page
    assert "c-110" in page
    assert db.session.query(Amendment).one().answers == ["c-104", "c-110"]


def test_a_proposal_sent_twice_is_one_amendment(client: FlaskClient, root: str, sign_in: SignIn) -> None:
    sign_in(client, MEMBER)
    client.post(root + "/clauses/t1/words", data={"text_fr": FREELY})
    typed = {"reason": "A word is missing.", "once": "same"}
    first, second = (client.post(root + "/preparation", data=typed) for _ in range(2))
    assert first.location == second.location
    assert db.session.query(Amendment).count() == 1


def test_a_refusal_keeps_what_was_typed(client: FlaskClient, root: str, sign_in: SignIn) -> None:
    sign_in(client, MEMBER)
    answer = client.post(
        root + "/clauses/t1/words",
        data={"text_en": "Everyone keeps a share of their time for voluntary activities."},
    )
    assert answer.status_code == 422
    assert "Nothing is changed yet" in answer.text
    client.post(root + "/clauses/t1/words", data={"text_fr": FREELY})
    answer = client.post(root + "/preparation", data={"reason": "", "answers": "c-104"})
    assert answer.status_code == 422
    assert "Say why." in answer.text
    assert "c-104" in answer.text
    assert db.session.query(Amendment).count() == 0


@pytest.mark.parametrize(
    ("edit", "typed", "said"),
    [
        ("insert", {"kind": "article", "text_en": "Time is shared."}, "New clause"),
        ("insert", {"kind": "point", "place": "before", "text_fr": "Le temps se prend."}, "New clause"),
        (
            "nature",
            {"kind": "right", "shown_commits": "1", "commits": "citizens", "references": "ETS 5"},
            "Changed clause",
        ),
        ("strike", {}, "Struck clause"),
        ("move", {"destination": "|t2"}, "Moved clause"),
        (
            "split",
            {"text_fr": "Chacun dispose d’une part de son temps\n---\npour les activités bénévoles."},
            "Split clause",
        ),
        ("join", {"other": "t2"}, "Joined clauses"),
    ],
)
def test_every_way_of_changing_a_clause_has_its_page(
    client: FlaskClient, root: str, sign_in: SignIn, edit: str, typed: dict[str, str], said: str
) -> None:
    sign_in(client, MEMBER)
    where = f"{root}/clauses/t1/{edit}"
    assert client.get(where).status_code == 200
    assert said in client.post(where, data={**typed, "action": "preview"}).text
    assert said in follow(client, client.post(where, data=typed)).text
    assert said in follow(client, client.post(root + "/preparation", data={"reason": "Better so."})).text


def test_a_member_supports_and_takes_back_with_one_button(
    client: FlaskClient, root: str, proposing: Proposing, sign_in: SignIn
) -> None:
    one = proposing("t1", FREELY)
    where = f"/processes/{one.process.slug}/amendments/am-1"
    sign_in(client, "member2@example.org")
    assert "1 person supports it" in follow(client, client.post(where + "/support")).text
    client.post(where + "/support")
    assert db.session.query(Support).count() == 0


def test_an_author_withdraws_their_amendment(
    client: FlaskClient, proposing: Proposing, sign_in: SignIn
) -> None:
    where = f"/processes/{proposing('t1', FREELY).process.slug}/amendments/am-1"
    sign_in(client, "member2@example.org")
    assert client.post(where + "/withdraw").status_code == 403
    client.post("/sign-out")
    sign_in(client, MEMBER)
    assert "Withdrawn" in follow(client, client.post(where + "/withdraw")).text


def test_the_rapporteur_puts_an_amendment_to_the_vote(
    client: FlaskClient, proposing: Proposing, sign_in: SignIn
) -> None:
    where = f"/processes/{proposing('t1', FREELY).process.slug}/amendments/am-1"
    sign_in(client, RAPPORTEUR)
    answer = client.post(where + "/ballot", data={"sitting": "0", "present": ""})
    assert answer.status_code == 422
    assert "the presence is counted when a ballot opens" in answer.text
    page = follow(client, client.post(where + "/ballot", data={"sitting": "0", "present": "6"})).text
    assert "Do you accept amendment am-1" in page


def test_conflicting_words_stand_side_by_side_and_go_to_a_ballot(
    client: FlaskClient, root: str, accepted: Callable[[str], Amendment], sign_in: SignIn
) -> None:
    accepted(CIVIC)
    accepted(NOTHING)
    sign_in(client, RAPPORTEUR)
    page = client.get(root + "/merge").text
    assert "Where they cannot all be followed" in page
    assert "Present words" in page
    assert "l’action citoyenne" in page
    typed = {"a": ["am-1", "am-2"], "clause": "t1", "sitting": "0", "present": "6"}
    page = follow(client, client.post(root + "/merge", data=typed)).text
    assert (
        "Keep the present words" in page
        or "Garder les mots actuels" in page
        or "Those who were present" in page
    )
    assert db.session.query(Ballot).filter_by(subject="conflict:time:t1").count() == 1


def test_a_version_is_voted_as_a_whole_then_adopted_after_a_confirmation(
    client: FlaskClient, root: str, accepted: Callable[[str], Amendment], voting: Voting, sign_in: SignIn
) -> None:
    accepted(FREELY)
    accepted(CIVIC)
    sign_in(client, RAPPORTEUR)
    page = client.get(root + "/merge").text
    assert "What they make of the text" in page
    assert "Adopt version 2" not in page
    refused = client.post(root + "/adopt", data={"a": ["am-1", "am-2"]})
    assert refused.status_code == 409
    assert "hold it first" in refused.text
    client.post(root + "/merge", data={"a": ["am-1", "am-2"], "sitting": "0", "present": "6"})
    voting(db.session.query(Ballot).filter_by(subject="version:time:2").one(), ALL)
    assert "Adopt version 2" in client.get(root + "/merge").text
    assert "A version is never changed afterwards." in client.get(root + "/adopt?a=am-1&a=am-2").text
    page = follow(client, client.post(root + "/adopt", data={"a": ["am-1", "am-2"]})).text
    assert "Version 2" in page
    assert "librement" in client.get(root + "?lang=fr").text


def test_an_adopted_amendment_is_public_once_its_version_is(
    client: FlaskClient, charter: Charter, accepted: Callable[[str], Amendment], voting: Voting, rapporteur: Actor,
    organiser: User, now: datetime,
) -> None:  # fmt: skip
    one = accepted(FREELY)
    voting(put_version_to_ballot(db.session(), rapporteur, charter, [one], now, present=6), ALL)
    version = adopt(db.session(), rapporteur, charter, [one], now)
    where = f"/processes/{charter.process.slug}/amendments/am-1"
    assert client.get(where).status_code == 403
    publish(db.session(), Actor(organiser.id), version, now)
    page = client.get(where)
    assert page.status_code == 200
    assert "librement" in page.text
    assert "Support it" not in page.text


def test_an_organiser_publishes_after_a_confirmation(
    client: FlaskClient, root: str, organiser: User, sign_in: SignIn
) -> None:
    sign_in(client, organiser.email)
    assert "Everyone will be able to read this version" in client.get(root + "/versions/1/publish").text
    assert client.post(root + "/versions/1/publish").status_code == 302
    assert db.session.query(CharterVersion).one().published_at is not None


def test_a_member_states_a_minority_position_and_another_signs_it(
    client: FlaskClient, root: str, sign_in: SignIn
) -> None:
    sign_in(client, MEMBER)
    assert client.post(root + "/minority", data={"clause": "t1", "text": ""}).status_code == 422
    page = follow(
        client, client.post(root + "/minority", data={"clause": "t1", "text": "Let each place decide."})
    ).text
    assert "Let each place decide." in page
    client.post("/sign-out")
    sign_in(client, "member2@example.org")
    client.post(root + "/minority/1/sign")
    assert len(db.session.query(MinorityStatement).one().signatures) == 2


def test_the_rapporteur_begins_a_charter_from_a_text_that_ships(
    client: FlaskClient, root: str, sign_in: SignIn
) -> None:
    sign_in(client, RAPPORTEUR)
    where = root.removesuffix("/time") + "/new"
    assert "Charter of the commons" in client.get(where).text
    page = follow(client, client.post(where, data={"key": "commons", "template": "commons"})).text
    assert "What belongs to all" in page
    answer = client.post(where, data={"key": "mine", "template": "", "text": "no front"})
    assert answer.status_code == 422
    assert "no front" in answer.text
    assert db.session.query(Charter).count() == 2


@pytest.mark.parametrize("page", ["", "/clauses/t1", "/clauses/t1/words", "/merge", "/minority"])
def test_pages_speak_french(client: FlaskClient, root: str, sign_in: SignIn, page: str) -> None:
    sign_in(client, RAPPORTEUR if page != "/minority" else MEMBER)
    answer = client.get(f"{root}{page}?lang=fr")
    assert answer.status_code == 200
    assert '<html lang="fr">' in answer.text
