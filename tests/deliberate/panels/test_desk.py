"""The desk as its two staff, a guarantor and those drawn see it: deadlines, letters, calls, corrections, contests."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from deliberate.core import clock, jobs
from deliberate.core.database import db
from deliberate.journal.queries import chain
from deliberate.panels.correspondence import Letter
from deliberate.panels.letters import due
from deliberate.panels.models import Draw, RegistrantContact
from deliberate.panels.queries import digest_of_pool, seats
from deliberate.panels.recruitment import make_receipt_link, remove_registrant
from deliberate.panels.seats import answer_by_link, answer_seat, confirm_refusal
from deliberate.panels.vacancies import next_in_order
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.process.models import Process
from tests.deliberate.panels.work import reveal


@pytest.fixture
def session(app: Flask) -> Session:
    """The application's own session, so that the fixtures of the acts fill the pages."""
    return db.session()


@pytest.fixture
def drawn(session: Session, organiser: User, prepared: Draw, now: datetime) -> Draw:
    """A revealed draw, every answer still to come, on the second of March."""
    reveal(session, Actor(organiser.id), prepared, "42", now)
    for contact in session.query(RegistrantContact):
        contact.language = "en"
    session.commit()
    return prepared


@pytest.fixture
def at(process: Process) -> str:
    """Where the seats are."""
    return f"/processes/{process.slug}/seats"


def later(app: Flask, now: datetime, days: int) -> None:
    """Let some days pass for the pages."""
    clock.init_app(app, lambda: now + timedelta(days=days))


def told(client: FlaskClient, address: str, **form: str | list[str]) -> str:
    """Press a button, and read the page that it leads to."""
    answer = client.post(address, data=form)
    assert answer.status_code == 302, answer.text
    return client.get(answer.location).text


def code_in(page: str) -> str:
    found = re.search(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\b", page)
    assert found, page
    return found[0]


def test_the_desk_says_what_to_do_next_and_until_when_each_person_may_answer(
    desk: FlaskClient, drawn: Draw, at: str
) -> None:
    page = desk.get(at).text
    assert {seat.answer_by for seat in drawn.seats if seat.state == "offered"} == {date(2026, 3, 12)}
    for said in (
        "6 people drawn have not been written to.",
        "2 alternates do not know their place in the order.",
        "22 volunteers who were not drawn have not been thanked.",
        "6 answers are awaited.",
        "3 more have to accept",
    ):
        assert said in page


def test_each_letter_goes_out_once_in_the_language_of_the_person(
    desk: FlaskClient, session: Session, drawn: Draw, at: str
) -> None:
    first = drawn.seats[0].registrant
    assert first.contact is not None
    first.contact.language, first.contact.email = "fr", ""
    session.commit()
    page = desk.post(f"{at}/letters").text
    assert page.count('<article class="letter"') == 6
    assert '<article class="letter" lang="fr">' in page
    assert "Vous avez été tiré au sort" in page
    again = told(desk, f"{at}/letters")
    assert "Everyone has had this letter." in again
    assert session.query(Letter).count() == 6
    mails = [job.payload for job in session.query(jobs.Job).filter_by(kind="mail")]
    assert len(mails) == 5
    assert "You were drawn by lot" in mails[0]["subject"]
    assert "&" not in mails[0]["body"]


def test_letters_to_alternates_and_to_those_not_drawn_are_printed_only_without_a_mail(
    desk: FlaskClient, session: Session, drawn: Draw, at: str
) -> None:
    page = desk.post(f"{at}/letters", data={"kind": "alternate"}).text
    assert "Nothing is to be printed" in page
    assert "2 letters left by mail." in page
    desk.post(f"{at}/letters", data={"kind": "not drawn"})
    bodies = [job.payload["body"] for job in session.query(jobs.Job).filter_by(kind="mail")]
    assert len(bodies) == 24
    assert "You are alternate number 1." in bodies[0] + bodies[1]
    assert "You were not drawn this time." in bodies[-1]
    outbox = desk.get(f"{at}/letters").text
    assert "Reminders, once for each last day to answer" in outbox


def test_a_mail_that_failed_is_named_with_what_to_do(
    desk: FlaskClient, session: Session, drawn: Draw, at: str
) -> None:
    desk.post(f"{at}/letters")
    job = session.query(jobs.Job).filter_by(kind="mail").first()
    assert job is not None
    address, job.state, job.payload = job.payload["to"], "failed", {"sent": False}
    session.commit()
    page = desk.get(f"{at}/letters").text
    assert "Mails that did not arrive" in page
    assert address in page


def test_a_reminder_goes_once_for_each_last_day_and_from_three_days_before_it(
    desk: FlaskClient, session: Session, drawn: Draw, at: str, now: datetime
) -> None:
    assert "Nobody is to be reminded today" in told(desk, f"{at}/letters", kind="reminder")
    for seat in drawn.seats[:6]:
        seat.answer_by = date(2026, 3, 5)
    desk.post(f"{at}/letters", data={"kind": "reminder"})
    assert session.query(Letter).filter_by(kind="reminder", day="2026-03-05").count() == 6
    assert "Nobody is to be reminded today" in told(desk, f"{at}/letters", kind="reminder")
    form: dict[str, str | list[str]] = {
        "action": "extend",
        "seat": ["1", "2"],
        "until": "2026-03-20",
        "reason": "They were abroad",
    }
    assert "Done for every seat ticked." in told(desk, f"{at}/several", **form)
    assert drawn.seats[1].answer_by == date(2026, 3, 20)
    assert due(session, drawn, "reminder", datetime(2026, 3, 16, 9, tzinfo=UTC)) == []
    assert len(due(session, drawn, "reminder", datetime(2026, 3, 17, 9, tzinfo=UTC))) == 2
    drawn.seats[1].answer_by = date(2026, 3, 6)
    assert len(due(session, drawn, "reminder", now + timedelta(days=1))) == 1
    desk.post(f"{at}/letters", data={"kind": "drawn"})
    drawn.seats[1].answer_by = date(2026, 3, 4)
    assert due(session, drawn, "reminder", now) == []


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"action": "extend", "seat": ["1"], "until": "2026-03-01", "reason": "x"}, "Choose a day after"),
        ({"action": "extend", "seat": ["1"], "until": "soon", "reason": "x"}, "Write a date such as"),
        ({"action": "extend", "seat": ["1"], "until": "2026-03-20"}, "Say why"),
        ({"action": "extend", "until": "2026-03-20", "reason": "x"}, "Tick the seats first."),
        ({"action": "no answer", "seat": ["1", "2"]}, "may answer until"),
        ({"action": "dance", "seat": ["1"]}, "Choose what to do"),
        ({"action": "confirm", "seat": ["1"]}, "once the person has accepted"),
    ],
)
def test_what_cannot_be_done_for_several_says_why_and_changes_nothing(
    form: dict[str, str | list[str]], said: str, desk: FlaskClient, session: Session, drawn: Draw, at: str
) -> None:
    assert said in told(desk, f"{at}/several", **form)
    session.expire_all()
    assert {(seat.state, seat.answer_by) for seat in seats(session, drawn)[:6]} == {
        ("offered", date(2026, 3, 12))
    }


def test_those_who_are_late_are_marked_at_once_and_a_guarantor_confirms_them_at_once(
    app: Flask,
    desk: FlaskClient,
    witness: FlaskClient,
    session: Session,
    drawn: Draw,
    at: str,
    now: datetime,
) -> None:
    later(app, now, 11)
    page = desk.get(f"{at}?state=late").text
    assert page.count('<span class="tag bad">late</span>') == 6
    desk.post(f"{at}/several", data={"action": "no answer", "seat": ["1", "2"]})
    assert "2 refusals wait to be confirmed" in witness.get(at).text
    listed = witness.get(f"{at}?state=unconfirmed").text
    assert listed.count("I confirm this refusal") == 2
    assert "Volunteer " not in listed
    refused = witness.post(f"{at}/several", data={"action": "no answer", "seat": ["3"]})
    assert refused.status_code == 403
    witness.post(f"{at}/several", data={"action": "confirm refusal", "seat": ["1", "2"]})
    page = desk.get(at).text
    assert "2 seats are empty." in page
    assert re.search(r"Next comes alternate [12]\.", page)


def test_answers_are_entered_from_the_telephone_list(
    desk: FlaskClient, session: Session, drawn: Draw, at: str
) -> None:
    contact = drawn.seats[2].registrant.contact
    assert contact is not None
    contact.phone = "+32 470 12 34 56"
    session.commit()
    page = desk.get(f"{at}/calls").text
    assert "6 people to call." in page
    assert "+32 470 12 34 56" in page
    assert "Nobody is obliged to take part." in page
    assert "Tick at least one answer." in told(desk, f"{at}/calls")
    said = {"answer-1": "accepted", "answer-2": "declined"}
    assert "The answers are recorded." in told(desk, f"{at}/calls", **said)
    assert [seat.state for seat in seats(session, drawn)[:3]] == ["accepted", "declined", "offered"]


def test_a_mistaken_answer_is_put_right_with_a_reason(
    desk: FlaskClient, session: Session, process: Process, drawn: Draw, at: str
) -> None:
    desk.post(f"{at}/1/answer", data={"answer": "declined"})
    again = told(desk, f"{at}/1/answer", answer="accepted")
    assert "Correct it, saying why." in again
    assert "Say why" in told(desk, f"{at}/1/correct", answer="offered", reason="")
    desk.post(f"{at}/1/correct", data={"answer": "offered", "reason": "It was the neighbour"})
    assert seats(session, drawn)[0].state == "offered"
    entry = list(chain(session, process.slug))[-1]
    assert (entry["act"], entry["public"]["reason"]) == ("correct answer", "It was the neighbour")


def test_a_seat_whose_place_went_to_an_alternate_cannot_be_corrected(
    desk: FlaskClient, witness: FlaskClient, session: Session, drawn: Draw, at: str
) -> None:
    desk.post(f"{at}/1/answer", data={"answer": "declined"})
    witness.post(f"{at}/1/confirm-refusal")
    desk.post(f"{at}/1/correct", data={"answer": "offered", "reason": "They called back"})
    assert (seats(session, drawn)[0].state, drawn.seats[0].refusal_confirmed_at) == ("offered", None)
    desk.post(f"{at}/1/answer", data={"answer": "declined"})
    witness.post(f"{at}/1/confirm-refusal")
    desk.post(f"{at}/call")
    page = told(desk, f"{at}/1/correct", answer="offered", reason="Too late")
    assert "an alternate has been called since" in page


def test_the_order_of_calling_follows_what_was_sealed_whatever_is_corrected_later(
    session: Session, drawn: Draw
) -> None:
    declined = drawn.seats[0]
    declined.state = "declined"
    session.flush()
    called, skipped = next_in_order(session, drawn)
    assert called is not None
    declined_values = dict(declined.registrant.values)
    for seat in drawn.seats:
        if seat.state == "waiting":
            other = seat is not called
            seat.registrant.values = declined_values if other else dict.fromkeys(declined_values, "?")
    session.flush()
    assert next_in_order(session, drawn) == (called, skipped)


def test_what_the_person_said_themself_only_they_change(
    app: Flask, desk: FlaskClient, session: Session, process: Process, drawn: Draw, at: str
) -> None:
    code = code_in(desk.post(f"{at}/1/letter").text)
    person = app.test_client()
    base = f"/processes/{process.slug}"
    typed = person.post(f"{base}/answer", data={"code": code.lower().replace("-", " ")})
    page = typed.location
    assert "I accept my place" in person.get(page).text
    asked = person.post(f"{page}/answer", data={"answer": "declined"})
    assert "You can take it back on your own page" in asked.text
    assert seats(session, drawn)[0].state == "offered"
    person.post(f"{page}/answer", data={"answer": "declined", "step": "sure"})
    assert "Your place is still empty: you can take it back" in person.get(page).text
    refused = told(desk, f"{at}/1/correct", answer="accepted", reason="He said so")
    assert "they alone can change it" in refused
    person.post(f"{page}/answer", data={"answer": "accepted"})
    assert seats(session, drawn)[0].state == "accepted"


def test_a_code_that_no_letter_has_says_so(client: FlaskClient, drawn: Draw, process: Process) -> None:
    page = client.post(f"/processes/{process.slug}/answer", data={"code": "AAAA"})
    assert page.status_code == 404
    assert "No letter has this code." in page.text
    assert 'value="AAAA"' in page.text


def test_everyone_who_accepted_is_confirmed_at_once_and_each_code_printed(
    desk: FlaskClient, session: Session, drawn: Draw, at: str
) -> None:
    for number in (1, 2, 3):
        desk.post(f"{at}/{number}/answer", data={"answer": "accepted"})
    form = {"action": "confirm", "seat": ["1", "2", "3"], "once": "all"}
    page = desk.post(f"{at}/several", data=form).text
    assert len(set(re.findall(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b", page))) == 3
    assert desk.post(f"{at}/several", data=form).status_code == 302


def test_the_seats_are_searched_by_what_one_may_see_and_exported(
    desk: FlaskClient, witness: FlaskClient, session: Session, drawn: Draw, at: str
) -> None:
    contact = drawn.seats[3].registrant.contact
    assert contact is not None
    contact.name = "=Zoé Unique"
    session.commit()
    assert 'id="seat-4"' in desk.get(f"{at}?q=zoé").text
    assert 'id="seat-1"' not in desk.get(f"{at}?q=zoé").text
    assert "No seat matches." in witness.get(f"{at}?q=zoé").text
    rows = list(csv.DictReader(io.StringIO(desk.get(f"{at}/seats.csv").text.lstrip("\ufeff"))))
    assert len(rows) == 8
    assert rows[3]["name"] == "'=Zoé Unique"
    assert rows[3]["answer_by"] == "2026-03-12"
    assert witness.get(f"{at}/seats.csv").status_code == 403


def test_after_the_protocols_last_day_no_alternate_is_called_and_the_pages_say_so(
    app: Flask,
    desk: FlaskClient,
    witness: FlaskClient,
    session: Session,
    process: Process,
    drawn: Draw,
    at: str,
    now: datetime,
) -> None:
    panel = {**process.protocol["panel"], "alternates_until": "2026-03-05"}
    process.protocol = {**process.protocol, "panel": panel}
    session.commit()
    desk.post(f"{at}/1/answer", data={"answer": "declined"})
    witness.post(f"{at}/1/confirm-refusal")
    later(app, now, 5)
    assert "The last day for calling alternates has passed" in desk.get(at).text
    assert "this seat stays empty" in told(desk, f"{at}/call")
    assert (
        "the last day for calling alternates has passed"
        in app.test_client().get(f"/processes/{process.slug}/panel").text
    )


def test_anyone_contests_and_reads_the_answer(
    app: Flask, desk: FlaskClient, witness: FlaskClient, session: Session, process: Process, drawn: Draw
) -> None:
    visitor, address = app.test_client(), f"/processes/{process.slug}/contests"
    assert visitor.post(address, data={"text": ""}).status_code == 422
    assert visitor.post(address, data={"text": "x", "website": "spam"}).status_code == 422
    form = {"text": "The hall was closed.\nI stood outside.", "contact": "me@example.org", "once": "c"}
    for _ in range(2):
        assert visitor.post(address, data=form).status_code == 302
    page = visitor.get(address).text
    assert "The hall was closed.<br>I stood outside." in page
    assert "me@example.org" not in page
    assert "waits for an answer" in page
    assert len(drawn.contests) == 1
    assert "1 contest has no answer yet" in desk.get(f"/processes/{process.slug}/seats").text
    assert visitor.post(f"{address}/1/answer", data={"answer": "No"}).status_code in (400, 401)
    desk.post(f"{address}/1/answer", data={"answer": "It was open from nine."})
    mail = session.query(jobs.Job).filter_by(kind="mail").order_by(jobs.Job.id.desc()).first()
    assert mail is not None
    assert mail.payload["to"] == "me@example.org"
    assert "It was open from nine." in mail.payload["body"]
    witness.post(f"{address}/1/remark", data={"remark": "I was there."})
    desk.post(f"{address}/1/hide", data={"reason": "It names a person."})
    page = visitor.get(address).text
    assert "The hall was closed." not in page
    for said in ("It names a person.", "It was open from nine.", "I was there.", "answered"):
        assert said in page
    witness.post(f"{address}/1/show")
    assert "The hall was closed." in visitor.get(address).text
    panel = visitor.get(f"/processes/{process.slug}/panel").text
    assert "1 contest was filed, and answered." in re.sub(r"\s+", " ", panel)


def test_the_signature_says_who_signed_and_what_changed_since(
    desk: FlaskClient,
    witness: FlaskClient,
    session: Session,
    process: Process,
    organiser: User,
    filled: list[object],
    guarantor: User,
    now: datetime,
) -> None:
    session.commit()
    address = f"/processes/{process.slug}/pool"
    shown = witness.get(f"{address}/sign").text
    assert "What you put your name to" in shown
    assert desk.get(f"{address}/sign").status_code == 403
    witness.post(f"{address}/sign", data={"digest": digest_of_pool(session, process)})
    assert "Signed by Gaëlle Garante." in desk.get(address).text
    remove_registrant(session, Actor(organiser.id), filled[0], "Lives elsewhere", now)  # type: ignore[arg-type]
    session.commit()
    page = desk.get(address).text
    assert "it has to be signed again" in page
    assert "1 registration withdrawn" in page
    assert "Lives elsewhere" in page


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_of_the_desk_answers_in_both_languages(
    language: str, desk: FlaskClient, process: Process, drawn: Draw
) -> None:
    for path in ("seats", "seats/calls", "seats/letters", "contests", "answer", "panel"):
        page = desk.get(f"/processes/{process.slug}/{path}?lang={language}")
        assert page.status_code == 200, path
        assert f'<html lang="{language}">' in page.text


def test_the_guarantor_reads_who_stands_behind_each_answer(
    witness: FlaskClient,
    session: Session,
    drawn: Draw,
    organiser: User,
    guarantor: User,
    at: str,
    now: datetime,
) -> None:
    first, second, third = drawn.seats[:3]
    for seat, handed in ((first, False), (second, True)):
        secret = make_receipt_link(session, seat.registrant, now, handed=handed)
        answer_by_link(session, drawn.process, secret, "declined", now)
    answer_seat(session, Actor(organiser.id), third, "declined", now)
    confirm_refusal(session, Actor(guarantor.id), third, now)
    session.commit()
    page = witness.get(at).text
    for said in (
        "by the person, with a link that they alone had",
        "by the person, with a code that the organisers had in hand",
        "confirmed by a guarantor",
    ):
        assert page.count(said) == 1
