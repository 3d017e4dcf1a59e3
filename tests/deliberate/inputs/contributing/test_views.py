"""What people see when they answer, and on their receipt."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, event, func, select
from werkzeug.test import TestResponse

from deliberate.core.database import OnceToken, db
from deliberate.core.jobs import Job
from deliberate.inputs.contributing import acts
from deliberate.inputs.contributing.models import ContributorContact
from deliberate.inputs.models import Contribution, Question
from deliberate.inputs.rules import in_groups, receipt_hash
from deliberate.inputs.statements.making import add_statement
from deliberate.inputs.synthesis.acts import place, write_line
from deliberate.people.rules import Actor
from deliberate.process.models import Process

QUESTION = "/processes/time/questions/well-being"
QUESTIONS = "/processes/time/questions"
GROUPS = [{"key": "young", "for": {"en": "Under 25"}, "text": {"en": "What makes a good day?"}}]
Answer = Callable[..., TestResponse]
Fields = Callable[[TestResponse], dict[str, str]]
Later = Callable[[timedelta], None]


def recorded() -> int:
    return db.session.scalar(select(func.count(Contribution.id))) or 0


@pytest.fixture
def three(shown: Process) -> Process:
    """Three questions in the open phase."""
    for number, key in ((2, "ill-being"), (3, "doing")):
        db.session.add(
            Question(process_id=shown.id, key=key, round=1, number=number, text={"en": f"What of {key}?"}, variants=[])
        )  # fmt: skip
    db.session.commit()
    return shown


@pytest.fixture
def wordings(shown: Process) -> Callable[[list[dict[str, object]]], None]:
    """Give the question other wordings."""

    def give(variants: list[dict[str, object]]) -> None:
        db.session.scalars(select(Question)).one().variants = variants
        db.session.commit()

    return give


def test_an_answer_leads_to_its_receipt_and_then_shows_among_the_others(
    client: FlaskClient, answer: Answer
) -> None:
    sent = answer(client)
    assert sent.status_code == 302
    receipt = client.get(sent.location)
    assert "Du temps" in receipt.text
    assert sent.location in receipt.text
    assert "Du temps" in client.get("/processes/time/contributions").text


def test_an_answer_outside_the_open_phase_gets_a_sentence_and_keeps_its_text(
    client: FlaskClient, shown: Process, fields: Fields, close: Callable[[], None], later: Later
) -> None:
    hidden = fields(client.get(QUESTION))
    close()
    later(timedelta(minutes=1))
    sent = client.post(QUESTION, data={**hidden, "text": "Trop tard ?", "language": "fr"})
    assert sent.status_code == 403
    assert "not being collected at the moment, so nothing was recorded" in sent.text
    assert "Trop tard ?" in sent.text
    assert recorded() == 0


def test_the_same_form_sent_twice_is_recorded_once_and_leads_to_the_same_receipt(
    client: FlaskClient, shown: Process, fields: Fields, later: Later
) -> None:
    data = {**fields(client.get(QUESTION)), "text": "Du temps", "language": "fr", "theme": ""}
    later(timedelta(minutes=1))
    first, second = client.post(QUESTION, data=data), client.post(QUESTION, data=data)
    assert first.location == second.location
    assert recorded() == 1
    assert "It was recorded once only" in client.get(second.location).text


def test_a_program_that_fills_the_hidden_field_is_refused_with_a_sentence(
    client: FlaskClient, answer: Answer
) -> None:
    sent = answer(client, website="http://example.org")
    assert sent.status_code == 422
    assert "A field that people do not see was filled in" in sent.text
    assert "Du temps" in sent.text
    assert recorded() == 0


def test_an_answer_faster_than_a_person_writes_is_refused(
    client: FlaskClient, shown: Process, fields: Fields
) -> None:
    sent = client.post(
        QUESTION, data={**fields(client.get(QUESTION)), "text": "x", "language": "fr", "theme": ""}
    )
    assert sent.status_code == 422
    assert "faster than a person can write" in sent.text
    forged = {**fields(client.get(QUESTION)), "begun": "1.forged", "text": "x", "language": "fr", "theme": ""}
    assert client.post(QUESTION, data=forged).status_code == 422


def test_what_people_say_about_themselves_is_kept_only_with_consent(
    client: FlaskClient, answer: Answer
) -> None:
    without = answer(client, age="16-29")
    assert without.status_code == 422
    assert "Tick this box" in without.text
    assert answer(client, age="16-29", consent="y").status_code == 302
    assert db.session.scalars(select(Contribution.categories)).all() == [{"age": "16-29"}]


def test_opening_a_receipt_changes_nothing_and_its_button_withdraws(
    client: FlaskClient, answer: Answer, fields: Fields
) -> None:
    receipt = answer(client).location
    for _ in range(2):
        client.get(receipt)
    asked = client.get(f"{receipt}/withdraw")
    assert "This cannot be undone" in asked.text
    assert "Du temps" in client.get("/processes/time/contributions").text
    client.post(f"{receipt}/withdraw", data=fields(asked))
    assert "withdrew these words" in client.get(receipt).text
    assert "Du temps" not in client.get("/processes/time/contributions").text
    secret = receipt.rpartition("/")[2]
    assert not any(secret in outcome for outcome in db.session.scalars(select(OnceToken.outcome)))
    key = db.session.scalar(select(Contribution.key))
    page = client.get(f"/processes/time/contributions/{key}")
    assert page.status_code == 200
    assert "withdrew these words" in page.text


def test_a_receipt_corrects(client: FlaskClient, answer: Answer, fields: Fields) -> None:
    receipt = answer(client).location
    client.post(f"{receipt}/correct", data={**fields(client.get(receipt)), "text": "Du silence"})
    assert "Du silence" in client.get(receipt).text
    empty = client.post(f"{receipt}/correct", data={**fields(client.get(receipt)), "text": ""})
    assert empty.status_code == 422


def test_corrected_words_are_read_by_a_moderator_before_anyone_else_reads_them(
    client: FlaskClient, shown: Process, answer: Answer, fields: Fields, now: datetime
) -> None:
    receipt = answer(client, "Du temps").location
    organiser = Actor(shown.appointments[0].user_id)
    said = db.session.scalars(select(Contribution)).one()
    line = write_line(db.session(), organiser, shown, 1, "A03", {"en": "Time"}, now)
    place(db.session(), organiser, shown, line, [said], now)
    statement = add_statement(db.session(), organiser, shown, {"en": "Rest"}, "en", now, contribution=said)
    shown.protocol = {**shown.protocol, "moderation": "before"}
    db.session.commit()
    client.post(f"{receipt}/correct", data={**fields(client.get(receipt)), "text": "My neighbour Zoé drinks"})
    assert "Zoé" in client.get(receipt).text
    for page in (f"synthesis/{line.key}", f"statements/{statement.key}"):
        answered = client.get(f"/processes/time/{page}")
        assert answered.status_code == 200
        assert "Zoé" not in answered.text
        assert "These words wait for moderation" in answered.text


def test_a_line_says_nothing_of_what_others_answered_to_those_who_have_not(
    app: Flask, shown: Process, now: datetime
) -> None:
    organiser = Actor(shown.appointments[0].user_id)
    text = {"en": "People want calm"}
    line = write_line(
        db.session(), organiser, shown, 1, "A03", text, now, dissent={"en": "Not all want calm"}
    )
    db.session.commit()
    page = app.test_client().get(f"/processes/time/synthesis/{line.key}")
    assert page.status_code == 200
    assert "want calm" not in page.text


def test_an_unknown_receipt_says_so(client: FlaskClient, shown: Process) -> None:
    page = client.get("/receipts/guess")
    assert page.status_code == 404
    assert "letter by letter" in page.text


def test_others_answers_are_hidden_until_one_has_answered_or_the_phase_has_closed(
    app: Flask, client: FlaskClient, answer: Answer, close: Callable[[], None]
) -> None:
    answer(client, "Mes mots")
    newcomer = app.test_client()
    page = newcomer.get("/processes/time/contributions")
    assert "Mes mots" not in page.text
    assert "everyone answers alone before reading the others" in page.text
    key = db.session.scalar(select(Contribution.key))
    assert newcomer.get(f"/processes/time/contributions/{key}").status_code == 403
    assert "Mes mots" not in newcomer.get("/processes/time/synthesis").text
    close()
    assert "Mes mots" in newcomer.get("/processes/time/contributions").text


def test_a_protocol_may_show_answers_from_the_start(
    app: Flask, client: FlaskClient, answer: Answer, shown: Process
) -> None:
    answer(client, "Mes mots")
    shown.protocol = {**shown.protocol, "answers_visible": True}
    db.session.commit()
    assert "Mes mots" in app.test_client().get("/processes/time/contributions").text


def test_a_flood_from_one_address_is_slowed_and_loses_no_text(
    client: FlaskClient, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "ANSWERS_PER_SOURCE", 1)
    assert answer(client).status_code == 302
    sent = answer(client, "Encore du temps")
    assert sent.status_code == 429
    assert "Wait a little, then send it again" in sent.text
    assert "Encore du temps" in sent.text
    assert recorded() == 1


def test_a_visitor_is_led_from_question_to_question_and_told_how_far_they_are(
    client: FlaskClient, three: Process, answer: Answer, fields: Fields, later: Later
) -> None:
    receipt = client.get(answer(client).location).text
    assert "answered 1 of 3 questions" in receipt
    assert f'href="{QUESTIONS}/ill-being"' in receipt
    listed = client.get(QUESTIONS).text
    assert listed.count("answered in this visit") == 1
    for key in ("ill-being", "doing"):
        hidden = fields(client.get(f"{QUESTIONS}/{key}"))
        later(timedelta(minutes=1))
        sent = client.post(f"{QUESTIONS}/{key}", data={**hidden, "text": "Oui", "language": "fr"})
    assert "answered all 3 questions" in client.get(sent.location).text


def test_a_wording_for_a_group_is_chosen_kept_for_the_visit_and_said_with_the_answer(
    client: FlaskClient, wordings: Callable[..., None], answer: Answer
) -> None:
    wordings(GROUPS)
    page = client.get(QUESTION).text
    assert "I answer as" in page
    assert "What is well-being?" in page.partition("<main")[2]
    assert "What makes a good day?" in client.get(f"{QUESTION}?wording=young").text
    assert "What makes a good day?" in client.get(QUESTIONS).text
    answer(client)
    assert db.session.scalars(select(Contribution.variant)).all() == ["young"]


def test_wordings_for_no_group_are_dealt_by_chance_and_stay_in_the_same_browser(
    app: Flask, wordings: Callable[..., None]
) -> None:
    wordings([{"key": f"w{n}", "for": {}, "text": {"en": f"Wording {n}"}} for n in range(9)])
    titles = set()
    for _ in range(12):
        browser = app.test_client()
        first, second = (browser.get(QUESTION).text.partition("<h1>")[2].partition("</h1>")[0] for _ in "ab")
        assert first == second
        assert "I answer as" not in browser.get(QUESTION).text
        titles.add(first)
    assert len(titles) > 1


def test_what_one_says_about_oneself_comes_back_only_when_asked_and_goes_when_one_leaves(
    client: FlaskClient, three: Process, answer: Answer
) -> None:
    answer(client, age="16-29", consent="y")
    assert 'selected value="16-29"' not in client.get(f"{QUESTIONS}/doing").text
    answer(client, age="16-29", consent="y", remember="y")
    assert 'selected value="16-29"' in client.get(f"{QUESTIONS}/doing").text
    left = client.post("/processes/time/finished")
    assert "storage" in left.headers["Clear-Site-Data"]
    assert "Nothing of you is left" in client.get(left.location).text
    assert 'selected value="16-29"' not in client.get(f"{QUESTIONS}/doing").text
    assert "answered in this visit" not in client.get(QUESTIONS).text


def test_a_shared_computer_keeps_no_draft_and_begins_afresh_for_the_next_person(
    client: FlaskClient, shown: Process, answer: Answer
) -> None:
    client.get(f"{QUESTIONS}?shared=1")
    page = client.get(QUESTION)
    assert "data-drafts" not in page.text
    assert "no_echo" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    sent = answer(client, age="16-29", consent="y", remember="y")
    receipt = client.get(sent.location)
    code = next(re.finditer(r"[a-z2-9]{4}(-[a-z2-9]{2,4}){6}", receipt.text))[0].replace("-", "")
    assert receipt_hash(code) == db.session.scalars(select(Contribution.receipt_hash)).one()
    assert code not in sent.location
    assert "receipts/" not in receipt.text
    client.post(sent.location, data={"address": "eve@example.org"})
    assert db.session.scalar(select(func.count(Job.id)).where(Job.kind == "mail")) == 1
    assert 'selected value="16-29"' not in client.get(QUESTION).text
    assert client.get_cookie("received") is not None
    left = client.post("/processes/time/finished")
    assert left.location.endswith("?shared=1")
    assert client.get_cookie("received") is None, "sent again, that form would lead to the receipt"
    assert client.get(sent.location).location == QUESTIONS
    assert "data-drafts" not in client.get(left.location, follow_redirects=True).text
    assert "data-drafts" not in client.get(QUESTION).text


def test_a_visitor_is_told_where_a_draft_is_kept(client: FlaskClient, shown: Process) -> None:
    page = client.get(QUESTION).text
    assert "data-keep" in page
    assert "data-forget" in page
    assert "There is no connection" in page


def test_an_answer_of_100_kilobytes_gets_a_sentence_and_comes_back_whole(
    client: FlaskClient, answer: Answer
) -> None:
    sent = answer(client, "mot " * 25_000)
    assert sent.status_code == 422
    assert "has 99999 characters; the limit is 5000. Shorten it, or send it in several parts." in sent.text
    assert "mot " * 25_000 in sent.text
    assert recorded() == 0


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u202e"])
def test_an_answer_that_says_nothing_gets_a_sentence(client: FlaskClient, answer: Answer, text: str) -> None:
    sent = answer(client, text)
    assert sent.status_code == 422
    assert "Write your answer first." in sent.text or "Write something first." in sent.text
    assert recorded() == 0


def test_markup_and_turned_text_are_shown_and_never_obeyed(client: FlaskClient, answer: Answer) -> None:
    answer(client, "<script>alert(1)</script> \u202etxt.exe\u202c 👍", language="ar")
    page = client.get("/processes/time/contributions").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; txt.exe 👍" in page
    assert "<script>alert" not in page
    assert 'lang="ar" dir="auto"' in page


def test_a_receipt_replayed_after_its_token_was_cleared_away_records_nothing_twice(
    client: FlaskClient, shown: Process, fields: Fields, later: Later
) -> None:
    data = {**fields(client.get(QUESTION)), "text": "Du temps", "language": "fr", "theme": ""}
    later(timedelta(minutes=1))
    client.post(QUESTION, data=data)
    db.session.execute(delete(OnceToken))
    again = client.post(QUESTION, data=data)
    assert again.status_code == 409
    assert "nothing was recorded twice" in again.text
    assert recorded() == 1


def test_a_receipt_is_found_by_its_code_and_printed_short(
    client: FlaskClient, answer: Answer, fields: Fields
) -> None:
    receipt = answer(client).location
    secret = receipt.rpartition("/")[2]
    printed = client.get(f"{receipt}/print")
    assert in_groups(secret) in printed.text
    assert "Du temps" not in printed.text
    assert printed.headers["Cache-Control"] == "no-store"
    data = fields(client.get("/receipts"))
    for typed in (in_groups(secret).upper(), f"http://localhost{receipt}", secret):
        found = client.post("/receipts", data={**data, "code": typed})
        assert found.location == receipt
    unknown = client.post("/receipts", data={**data, "code": "k3m7p"})
    assert unknown.status_code == 404
    assert "letter by letter" in unknown.text
    assert 'value="k3m7p"' in unknown.text


def test_a_receipt_goes_by_mail_and_the_address_is_kept_only_with_the_box_ticked(
    client: FlaskClient, answer: Answer, fields: Fields
) -> None:
    receipt = answer(client).location
    hidden = fields(client.get(receipt))
    wrong = client.post(f"{receipt}/mail", data={**hidden, "address": "nobody"})
    assert wrong.status_code == 422
    assert "does not look like an e-mail address" in wrong.text
    client.post(f"{receipt}/mail", data={**hidden, "address": "eve@example.org"})
    (letter,) = db.session.scalars(select(Job.payload).where(Job.kind == "mail"))
    assert receipt in letter["body"]
    assert db.session.scalars(select(ContributorContact)).all() == []
    hidden = fields(client.get(receipt))
    client.post(f"{receipt}/mail", data={**hidden, "address": "eve@example.org", "follow": "y"})
    assert "eve@example.org" in client.get(receipt).text
    client.post(f"{receipt}/stop", data=fields(client.get(receipt)))
    assert "eve@example.org" not in client.get(receipt).text


def test_a_refused_answer_can_be_corrected_or_withdrawn_by_its_receipt(
    client: FlaskClient, answer: Answer
) -> None:
    receipt = answer(client).location
    contribution = db.session.scalars(select(Contribution)).one()
    contribution.state, contribution.reason = "refused", "Names a neighbour."
    page = client.get(receipt).text
    assert "Names a neighbour." in page
    assert f"{receipt}/correct" in page
    assert f"{receipt}/withdraw" in page


def test_opening_pages_writes_nothing(client: FlaskClient, shown: Process, answer: Answer) -> None:
    receipt = answer(client).location
    before = db.session.scalar(select(func.count(OnceToken.token)))
    for address in (QUESTIONS, QUESTION, receipt, f"{receipt}/print", f"{receipt}/withdraw", "/receipts"):
        assert client.get(address).status_code == 200
    assert db.session.scalar(select(func.count(OnceToken.token))) == before
    assert recorded() == 1


def test_an_answer_is_one_transaction_and_pages_that_are_read_take_no_lock(
    client: FlaskClient, shown: Process, fields: Fields, later: Later
) -> None:
    begun: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        begun.extend([statement] if statement.startswith("BEGIN") else [])

    client.get(QUESTION)
    event.listen(db.engine, "before_cursor_execute", note)
    hidden = fields(client.get(QUESTION))
    client.get(QUESTIONS)
    later(timedelta(minutes=1))
    sent = client.post(QUESTION, data={**hidden, "text": "Du temps", "language": "fr"})
    client.get(sent.location)
    assert begun == ["BEGIN", "BEGIN", "BEGIN IMMEDIATE", "BEGIN"]
