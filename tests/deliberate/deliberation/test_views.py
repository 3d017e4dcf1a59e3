"""What people see of a session and of a ballot."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from deliberate.core.database import db
from deliberate.deliberation.ballots.acts import open_ballot
from deliberate.deliberation.ballots.models import Ballot, Vote
from deliberate.deliberation.evidence.models import Evidence
from deliberate.deliberation.models import Attendance, Sitting
from deliberate.deliberation.sittings.acts import open_sitting
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.process.models import Process

SignIn = Callable[[FlaskClient, str], FlaskClient]


@pytest.fixture
def session(app: Flask) -> Session:
    """The session of the application."""
    return db.session()


@pytest.fixture
def sitting(session: Session, room: Process, facilitator: User, now: datetime) -> Sitting:
    found = open_sitting(
        session, Actor(facilitator.id), room, {"en": "First day"}, now, now, agenda=[{"en": "Hello"}]
    )
    session.commit()
    return found


@pytest.fixture
def ballot(session: Session, room: Process, members: list[User], facilitator: User, now: datetime) -> Ballot:
    found = open_ballot(
        session, Actor(facilitator.id), room, subject="amendment:am-1", question={"en": "Accept am-1?"},
        rule="amendment", present=6, now=now,
    )  # fmt: skip
    session.commit()
    return found


@pytest.fixture
def secret(session: Session, room: Process, members: list[User], facilitator: User, now: datetime) -> Ballot:
    rules = room.protocol["rules"]
    room.protocol = {
        **room.protocol,
        "rules": {**rules, "amendment": {**rules["amendment"], "secrecy": "secret"}},
    }
    found = open_ballot(
        session, Actor(facilitator.id), room, subject="amendment:am-1", question={"en": "Accept am-1?"},
        rule="amendment", present=6, now=now,
    )  # fmt: skip
    session.commit()
    return found


def follow(client: FlaskClient, answer: TestResponse) -> TestResponse:
    """Go where an answer leads, as browsers do."""
    assert answer.status_code == 302, answer.text
    return client.get(answer.location)


def address(ballot: Ballot, page: str = "") -> str:
    return f"/processes/{ballot.process.slug}/ballots/{ballot.number}{page}"


def test_everyone_reads_when_the_panel_meets(client: FlaskClient, sitting: Sitting) -> None:
    page = client.get(f"/processes/{sitting.process.slug}/sittings").text
    assert "First day" in page
    assert "Announce a session" not in page
    page = client.get(f"/processes/{sitting.process.slug}/sittings/1").text
    assert "Hello" in page
    assert "Who is in the room" not in page


def test_a_facilitator_announces_a_session(
    client: FlaskClient, facilitator: User, room: Process, sign_in: SignIn
) -> None:
    db.session.commit()
    sign_in(client, facilitator.email)
    typed = {
        "title_en": "Second day",
        "opens_at": "2026-05-30T09:30",
        "place": "Namur",
        "agenda_en": "Read\nVote",
        "agenda_fr": "Lire",
    }
    answer = follow(client, client.post(f"/processes/{room.slug}/sittings", data=typed))
    assert "Second day" in answer.text
    assert "09:30" in answer.text
    assert db.session.query(Sitting).one().agenda == [{"fr": "Lire", "en": "Read"}, {"en": "Vote"}]


def test_a_session_without_a_title_gives_back_what_was_typed(
    client: FlaskClient, facilitator: User, room: Process, sign_in: SignIn
) -> None:
    db.session.commit()
    sign_in(client, facilitator.email)
    answer = client.post(
        f"/processes/{room.slug}/sittings", data={"opens_at": "2026-05-30T09:30", "place": "Namur"}
    )
    assert answer.status_code == 422
    assert "Give the session a title." in answer.text
    assert 'value="Namur"' in answer.text
    assert db.session.query(Sitting).count() == 0


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_session_in_a_year_that_no_calendar_reckons_with_is_refused(
    client: FlaskClient, facilitator: User, room: Process, sign_in: SignIn, moment: str
) -> None:
    db.session.commit()
    sign_in(client, facilitator.email)
    typed = {"title_en": "Second day", "opens_at": moment}
    answer = client.post(f"/processes/{room.slug}/sittings", data=typed)
    assert answer.status_code == 422
    assert "Write a year between" in answer.text


def test_attendance_is_ticked_and_a_visitor_cannot(
    client: FlaskClient, sitting: Sitting, members: list[User], facilitator: User, sign_in: SignIn
) -> None:
    db.session.commit()
    where = f"/processes/{sitting.process.slug}/sittings/1/attendance"
    assert client.post(where, data={"present": [members[0].id]}).status_code in (302, 400, 401)
    assert db.session.query(Attendance).count() == 0
    sign_in(client, facilitator.email)
    answer = follow(client, client.post(where, data={"present": [one.id for one in members[:4]]}))
    assert "4 people are marked as present." in answer.text
    assert db.session.query(Attendance).count() == 4


def test_evidence_without_a_source_keeps_the_claim_typed(
    client: FlaskClient, sitting: Sitting, members: list[User], sign_in: SignIn
) -> None:
    db.session.commit()
    sign_in(client, members[0].email)
    where = f"/processes/{sitting.process.slug}/sittings/1/evidence"
    answer = client.post(where, data={"claim": "Shorter weeks help.", "stance": "for", "source": ""})
    assert answer.status_code == 422
    assert "Shorter weeks help." in answer.text
    answer = follow(
        client, client.post(where, data={"claim": "It helps.", "stance": "for", "source": "A study"})
    )
    assert "Source: A study" in answer.text
    assert db.session.query(Evidence).count() == 1


def test_a_member_votes_by_one_form_and_sees_no_result_before_the_closing(
    client: FlaskClient, ballot: Ballot, members: list[User], sign_in: SignIn
) -> None:
    sign_in(client, members[0].email)
    page = client.get(address(ballot)).text
    assert page.count('type="radio"') == 3
    answer = follow(client, client.post(address(ballot, "/vote"), data={"choice": "yes"}))
    assert "Your vote was received." in answer.text
    assert "1 vote received, of 6 people present." in answer.text or "1 votes received" in answer.text
    assert "needed" not in answer.text.split("<main")[1].split("<form")[0]


def test_a_vote_sent_twice_counts_once(
    client: FlaskClient, ballot: Ballot, members: list[User], sign_in: SignIn
) -> None:
    sign_in(client, members[0].email)
    for _ in range(2):
        assert (
            client.post(address(ballot, "/vote"), data={"choice": "yes", "once": "same"}).status_code == 302
        )
    assert db.session.query(Vote).count() == 1


def test_an_empty_vote_says_what_to_do(
    client: FlaskClient, ballot: Ballot, members: list[User], sign_in: SignIn
) -> None:
    sign_in(client, members[0].email)
    answer = client.post(address(ballot, "/vote"), data={})
    assert answer.status_code == 422
    assert "Choose one of the options before sending your vote." in answer.text


def test_a_vote_after_the_closing_is_refused_on_the_page_of_the_result(
    client: FlaskClient, ballot: Ballot, members: list[User], facilitator: User, sign_in: SignIn
) -> None:
    sign_in(client, facilitator.email)
    assert "A closed ballot is not opened again." in client.get(address(ballot, "/close")).text
    assert "How to read this result" in follow(client, client.post(address(ballot, "/close"))).text
    client.post("/sign-out")
    sign_in(client, members[0].email)
    assert client.post(address(ballot, "/vote"), data={"choice": "yes"}).status_code == 409
    assert db.session.query(Vote).count() == 0


def test_an_outsider_sees_no_paper_and_cannot_vote(
    client: FlaskClient, ballot: Ballot, organiser: User, sign_in: SignIn
) -> None:
    page = client.get(address(ballot)).text
    assert "The result will be here as soon as the ballot is closed." in page
    sign_in(client, organiser.email)
    answer = client.post(address(ballot, "/vote"), data={"choice": "yes"})
    assert answer.status_code == 403
    assert "Your role in this process does not allow this." in answer.text


def test_votes_given_by_hand_are_typed_and_the_result_is_public(
    client: FlaskClient, ballot: Ballot, members: list[User], facilitator: User, sign_in: SignIn
) -> None:
    sign_in(client, facilitator.email)
    assert "Member 6" in client.get(address(ballot, "/entry")).text
    rows = {f"choice-{one.id}": "yes" for one in members[:5]} | {f"choice-{members[5].id}": "no"}
    assert client.post(address(ballot, "/entry"), data=rows).status_code == 302
    client.post(address(ballot, "/close"))
    client.post("/sign-out")
    page = client.get(address(ballot)).text
    assert "5 for out of 6; 5 were needed." in page
    assert "Adopted." in page
    assert page.count('<tr><th scope="row"><code>p-') == 6
    assert "Member 1" not in page


def test_papers_are_printed_one_per_person(
    client: FlaskClient, secret: Ballot, facilitator: User, sign_in: SignIn
) -> None:
    sign_in(client, facilitator.email)
    page = client.get(address(secret, "/paper")).text
    assert page.count('class="answer-sheet slip"') == 6
    assert "Write nothing else on this paper." in page


def test_two_counts_that_differ_are_shown_side_by_side(
    client: FlaskClient, secret: Ballot, facilitator: User, organiser: User, sign_in: SignIn
) -> None:
    for email, yes, no in ((facilitator.email, 5, 1), (organiser.email, 4, 2)):
        sign_in(client, email)
        client.post(address(secret, "/entry"), data={"n-yes": yes, "n-no": no, "n-abstain": 0})
        client.post("/sign-out")
    sign_in(client, organiser.email)
    answer = client.post(address(secret, "/close"))
    assert answer.status_code == 409
    assert "Where the counts differ" in answer.text
    client.post(address(secret, "/entry"), data={"n-yes": 5, "n-no": 1, "n-abstain": 0})
    assert "5 for out of 6" in follow(client, client.post(address(secret, "/close"))).text


def test_a_count_that_cannot_be_true_is_given_back(
    client: FlaskClient, secret: Ballot, facilitator: User, sign_in: SignIn
) -> None:
    sign_in(client, facilitator.email)
    answer = client.post(address(secret, "/entry"), data={"n-yes": 9, "n-no": 0, "n-abstain": 0})
    assert answer.status_code == 422
    assert "more papers (9) than people present (6)" in answer.text
    assert 'value="9"' in answer.text


def test_a_member_finds_what_waits_for_them(
    client: FlaskClient, ballot: Ballot, sitting: Sitting, members: list[User], sign_in: SignIn
) -> None:
    where = f"/processes/{ballot.process.slug}/my-panel"
    sign_in(client, members[0].email)
    page = client.get(where).text
    assert "Accept am-1?" in page
    assert "First day" in page
    client.post(address(ballot, "/vote"), data={"choice": "yes"})
    assert "No ballot waits for your vote." in client.get(where).text


@pytest.mark.parametrize("page", ["sittings", "sittings/1", "ballots", "ballots/1"])
def test_pages_speak_french(client: FlaskClient, ballot: Ballot, sitting: Sitting, page: str) -> None:
    answer = client.get(f"/processes/{ballot.process.slug}/{page}?lang=fr")
    assert answer.status_code == 200
    assert '<html lang="fr">' in answer.text
