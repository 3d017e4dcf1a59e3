"""What people see when they vote, and what becomes of votes that arrive twice, late, or forged."""

import json
import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from deliberate.core.database import db
from deliberate.inputs.moderating.acts import moderate
from deliberate.inputs.statements import acts
from deliberate.inputs.statements.models import Participant, Statement, StatementVote
from deliberate.inputs.statements.views import voting
from deliberate.people.acts import make_user
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import create_process, lock_protocol, open_phase
from deliberate.process.models import Process
from tests.conftest import PROTOCOL

VOTE = "/processes/time/vote"
Put = Callable[[int], list[Statement]]
Say = Callable[..., TestResponse]
SignIn = Callable[[FlaskClient, str], FlaskClient]


def cast() -> list[int]:
    return list(db.session.scalars(select(StatementVote.value).order_by(StatementVote.at)))


def four_more(statement: Statement, now: datetime) -> None:
    """Four other people agree with a statement: votes of fewer than five are told to nobody."""
    for secret in "abcd":
        acts.vote(db.session(), VISITOR, statement.process, statement, 1, now, secret=secret)
    db.session.commit()


def people() -> int:
    return db.session.scalar(select(func.count(Participant.id))) or 0


def link(page: TestResponse) -> str:
    found = re.search(r"/votes/[\w-]{22}", page.text)
    assert found
    return found[0]


@pytest.fixture
def team(app: Flask, shown: Process, sign_in: SignIn) -> FlaskClient:
    return sign_in(app.test_client(), "organiser@example.org")


def test_a_vote_leads_to_the_next_statement_and_says_what_was_recorded(
    client: FlaskClient, put: Put, say: Say
) -> None:
    put(2)
    after = client.get(say(client, "agree").location)
    assert "You agreed:" in after.text
    assert "1 of 2 statements voted on" in after.text
    done = client.get(say(client, "pass").location)
    assert "You voted on every statement" in done.text
    assert sorted(cast()) == [0, 1]
    assert people() == 1


def test_the_page_keeps_a_few_statements_ready_and_shows_one(client: FlaskClient, put: Put) -> None:
    put(9)
    cards = re.findall(r'class="card"[^>]*>', client.get(VOTE).text)
    assert [" hidden" in card for card in cards] == [False, True, True, True]


def test_the_same_form_sent_twice_counts_once_even_after_the_vote_was_changed(
    client: FlaskClient, put: Put, say: Say
) -> None:
    (statement,) = put(1)
    token = {"once": "the-token-of-this-form"}
    for _ in range(2):
        assert say(client, "agree", data=token).status_code == 302
    assert say(client, "disagree", statement.key).status_code == 302
    assert say(client, "agree", statement.key, data=token).status_code == 302
    assert cast() == [-1]
    db.session.refresh(statement)
    assert (statement.agrees, statement.disagrees) == (0, 1)


def test_two_tabs_opened_before_the_first_vote_are_one_person(
    client: FlaskClient, put: Put, say: Say
) -> None:
    first, second = put(2)
    for tab in (first, second):
        client.get(VOTE, query_string={"statement": tab.key})
    say(client, "agree", first.key)
    say(client, "disagree", second.key)
    assert (people(), sorted(cast())) == (1, [-1, 1])


def test_the_script_is_led_to_the_part_that_changes(client: FlaskClient, put: Put, say: Say) -> None:
    put(2)
    part = client.get(say(client, "agree").location, headers={"X-Voting": "1"})
    assert part.text.lstrip().startswith("<section")
    assert "You agreed:" in part.text
    refused = client.post(VOTE, data={"statement": "s-nothing", "vote": "agree"}, headers={"X-Voting": "1"})
    assert refused.status_code == 404
    assert refused.text.lstrip().startswith("<section")


@pytest.mark.parametrize("cookie", ["", "made-up", "made-up.c2lnbmVkLWJ5LW5vYm9keQ"])
def test_a_missing_or_forged_cookie_records_nothing_and_says_what_to_do(
    client: FlaskClient, put: Put, say: Say, cookie: str
) -> None:
    (statement,) = put(1)
    if cookie:
        client.set_cookie("voting", cookie, path="/processes/time")
    refused = client.post(VOTE, data={"statement": statement.key, "vote": "agree"})
    assert refused.status_code == 422
    assert "did not send back the cookie" in refused.text
    assert (people(), cast()) == (0, [])


def test_the_cookie_of_another_process_opens_nothing_here(
    app: Flask, client: FlaskClient, put: Put, say: Say, now: datetime
) -> None:
    (statement,) = put(1)
    _second_process(now)
    client.get("/processes/space/vote")
    cookie = client.get_cookie("voting", path="/processes/space")
    assert cookie
    client.set_cookie("voting", cookie.value, path="/processes/time")
    assert client.post(VOTE, data={"statement": statement.key, "vote": "agree"}).status_code == 422


def test_a_statement_of_another_process_is_not_found(
    client: FlaskClient, put: Put, say: Say, now: datetime
) -> None:
    (statement,) = put(1)
    _second_process(now)
    client.get("/processes/space/vote")
    sent = client.post("/processes/space/vote", data={"statement": statement.key, "vote": "agree"})
    assert sent.status_code == 404
    assert cast() == []


def _second_process(now: datetime) -> None:
    actor = Actor(make_user(db.session(), "other@example.org", "Oda", now, role="organiser").id)
    texts = {name: {"en": name} for name in ("title", "question", "remit", "commissioned_by", "funded_by")}
    process = create_process(
        db.session(), actor, texts, json.loads(json.dumps(PROTOCOL)), now, slug="space", themes=[]
    )
    lock_protocol(db.session(), actor, process, now)
    open_phase(db.session(), actor, process.phases[0], now)
    db.session.commit()


def test_a_vote_after_the_close_gets_a_sentence_and_changes_nothing(
    client: FlaskClient, put: Put, say: Say, close: Callable[[], None]
) -> None:
    (statement,) = put(1)
    client.get(VOTE)
    close()
    late = client.post(VOTE, data={"statement": statement.key, "vote": "agree"})
    assert late.status_code == 403
    assert "this vote was not recorded" in late.text
    assert cast() == []


@pytest.mark.parametrize("vote", ["", "love", "2"])
def test_a_vote_that_is_none_gets_a_sentence(client: FlaskClient, put: Put, say: Say, vote: str) -> None:
    put(1)
    refused = say(client, vote)
    assert refused.status_code == 422
    assert "Choose to agree, to disagree, or to pass" in refused.text


def test_results_are_hidden_from_everyone_the_team_included_until_one_has_voted(
    client: FlaskClient, put: Put, say: Say, team: FlaskClient, now: datetime
) -> None:
    first, *_ = put(2)
    four_more(first, now)
    say(client, "agree", first.key)
    page = f"/processes/time/statements/{first.key}"
    for browser in (client, team):
        assert "How people voted is not shown yet" in browser.get(page).text
        assert "5 agree" not in browser.get("/processes/time/statements").text
    say(client, "agree")
    assert "5 agree" in client.get(page).text
    assert "5 agree" not in team.get("/processes/time/statements/desk").text
    assert "5 agree" not in team.get(page).text


def test_votes_of_fewer_than_five_people_are_told_to_nobody_in_any_order(
    client: FlaskClient, put: Put, say: Say
) -> None:
    few, _ = put(2)
    for key in (few.key, ""):
        say(client, "disagree", key)
    assert (
        "1 vote: too few to say how people voted" in client.get(f"/processes/time/statements/{few.key}").text
    )
    listed = client.get("/processes/time/statements?order=agree").text
    assert "1 disagree" not in listed
    assert listed.index("Idea 1") < listed.index("Idea 2")


def test_my_votes_can_be_changed_and_taken_back(client: FlaskClient, put: Put, say: Say) -> None:
    (statement,) = put(1)
    say(client, "agree")
    mine = client.get("/processes/time/votes")
    assert "Idea 1 is good." in mine.text
    say(client, "disagree", statement.key)
    assert "Disagree" in client.get("/processes/time/votes").text
    client.post("/processes/time/votes/take-back", data={"statement": statement.key})
    assert "No vote yet" in client.get("/processes/time/votes").text
    assert cast() == []


def test_a_link_goes_on_from_another_device_with_the_same_votes(
    app: Flask, client: FlaskClient, put: Put, say: Say
) -> None:
    put(2)
    say(client, "agree")
    address = link(client.get("/processes/time/votes"))
    phone = app.test_client()
    opened = phone.get(address)
    assert "Only you see this list" in opened.text
    assert opened.headers["Cache-Control"] == "no-store"
    assert phone.get_cookie("voting", path="/processes/time") is None
    phone.post(f"{address}/go-on")
    say(phone, "disagree")
    assert (people(), sorted(cast())) == (1, [-1, 1])


def test_a_link_withdraws_every_vote_after_asking(
    app: Flask, client: FlaskClient, put: Put, say: Say
) -> None:
    put(1)
    say(client, "agree")
    address = link(client.get("/processes/time/votes"))
    other = app.test_client()
    assert "1 vote is erased and counts no more" in other.get(f"{address}/withdraw").text
    assert cast() == [1]
    other.post(f"{address}/withdraw")
    assert (people(), cast()) == (0, [])
    gone = other.post(f"{address}/withdraw")
    assert gone.status_code == 404
    assert "its votes were withdrawn" in gone.text


def test_whoever_has_finished_leaves_nothing_on_a_shared_laptop(
    client: FlaskClient, put: Put, say: Say
) -> None:
    (one,) = put(1)
    say(client, "agree")
    for page in ("statements", f"statements/{one.key}", "opinions", "vote", "votes"):
        assert client.get(f"/processes/time/{page}").headers["Cache-Control"] == "no-store", page
    left = client.post("/processes/time/votes/finish")
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get_cookie("voting", path="/processes/time") is None
    assert "No vote yet" in client.get("/processes/time/votes").text
    say(client, "disagree")
    assert (people(), sorted(cast())) == (2, [-1, 1])


def test_a_workshop_goes_on_to_the_next_person(client: FlaskClient, put: Put) -> None:
    put(1)
    page = client.get(VOTE, query_string={"shared": "1"})
    assert "I have finished: leave nothing on this computer" in page.text
    left = client.post("/processes/time/votes/finish")
    assert left.location == f"{VOTE}?shared=1"


def test_someone_signed_in_finds_their_votes_in_another_browser(
    app: Flask, team: FlaskClient, put: Put, say: Say, sign_in: SignIn
) -> None:
    put(1)
    say(team, "agree")
    again = sign_in(app.test_client(), "organiser@example.org").get("/processes/time/votes")
    assert "1 vote. Only you see this list." in again.text


def test_what_people_say_about_themselves_is_kept_with_the_box_ticked_only(
    client: FlaskClient, put: Put, say: Say
) -> None:
    put(1)
    say(client, "agree")
    about = "/processes/time/votes/about"
    assert client.post(about, data={"age": "30-44", "gender": ""}).status_code == 422
    client.post(about, data={"age": "30-44", "gender": "", "consent": "y"})
    assert db.session.scalars(select(Participant)).one().categories == {"age": "30-44"}
    client.post(about, data={"age": "", "gender": ""})
    db.session.expire_all()
    assert db.session.scalars(select(Participant)).one().categories == {}


def test_a_flood_of_newcomers_from_one_network_is_slowed_and_nobody_who_votes_already(
    app: Flask, client: FlaskClient, put: Put, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(2)
    monkeypatch.setattr(voting, "NEWCOMERS_PER_SOURCE", 1)
    say(client, "agree")
    assert say(app.test_client(), "agree").status_code == 429
    assert say(client, "agree").status_code == 302


def test_similar_statements_are_shown_before_a_proposal_is_sent(
    client: FlaskClient, put: Put, fields: Callable[[TestResponse], dict[str, str]]
) -> None:
    put(3)
    address = "/processes/time/statements/propose"
    form = {**fields(client.get(address)), "text": "Idea 1 is good!", "language": "en"}
    near = client.post(address, data=form)
    assert "Is it one of these?" in near.text
    assert "Idea 1 is good!" in near.text
    sent = client.post(address, data={**form, "step": "send"})
    assert sent.location == "/processes/time/votes"
    assert "Idea 1 is good!" in client.get("/processes/time/votes").text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Write the statement first"),
        ("a" * 300, "300 characters; the limit is 280"),
        ("a" * 100_000, "Field cannot be longer"),
    ],
)
def test_a_proposal_that_is_no_statement_keeps_what_was_typed(
    client: FlaskClient,
    shown: Process,
    fields: Callable[[TestResponse], dict[str, str]],
    text: str,
    said: str,
) -> None:
    address = "/processes/time/statements/propose"
    form = {**fields(client.get(address)), "text": text, "language": "en"}
    refused = client.post(address, data=form)
    assert refused.status_code == 422
    assert said in refused.text
    assert text in refused.text


def test_markup_in_a_statement_is_shown_as_typed(
    client: FlaskClient, shown: Process, fields: Callable[[TestResponse], dict[str, str]]
) -> None:
    address = "/processes/time/statements/propose"
    form = {**fields(client.get(address)), "text": "<script>alert(1)</script>", "language": "en"}
    client.post(address, data={**form, "step": "send"})
    page = client.get(VOTE).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_the_team_makes_contributions_short_and_the_statement_shows_its_root(
    client: FlaskClient, team: FlaskClient, answer: Callable[..., TestResponse]
) -> None:
    answer(client, "I would like to have more time in the morning.")
    page = team.get("/processes/time/statements/draw")
    names = re.findall(r'name="(short-[\w-]+)"', page.text)
    too_long = team.post("/processes/time/statements/draw", data={names[0]: "a" * 281})
    assert too_long.status_code == 422
    assert "281 characters" in too_long.text
    team.post("/processes/time/statements/draw", data={names[0]: "Mornings should be slower."})
    made = db.session.scalars(select(Statement)).one()
    shown = client.get(f"/processes/time/statements/{made.key}")
    assert "Mornings should be slower." in shown.text
    assert "more time in the morning" in shown.text
    assert "Already drawn from it" in team.get("/processes/time/statements/draw").text


def test_the_team_retires_a_statement_with_a_reason_that_everyone_reads(
    client: FlaskClient, team: FlaskClient, put: Put
) -> None:
    (statement,) = put(1)
    change = f"/processes/time/statements/{statement.key}/change"
    assert "Say why" in team.post(change, data={"act": "retire", "reason": " "}).text
    team.post(change, data={"act": "retire", "reason": "Two ideas at once."})
    assert "Two ideas at once." in client.get(f"/processes/time/statements/{statement.key}").text
    assert "No statement yet" in client.get(VOTE).text
    team.post(change, data={"act": "put back", "reason": "It is one idea."})
    assert "Idea 1 is good." in client.get(VOTE).text


def test_programs_read_statements_and_their_figures_after_the_close(
    client: FlaskClient, put: Put, say: Say, close: Callable[[], None], now: datetime
) -> None:
    first, _ = put(2)
    four_more(first, now)
    for key in (first.key, ""):
        say(client, "disagree", key)
    before, _ = client.get("/processes/time/statements.json").json or []
    assert before["text"]["en"] == "Idea 1 is good."
    assert "agrees" not in before
    close()
    after, few = client.get("/processes/time/statements.json").json or []
    assert (after["agrees"], after["disagrees"], after["passes"]) == (4, 1, 0)
    assert "agrees" not in few
    assert "/processes/{slug}/statements.json" in (client.get("/openapi.json").json or {})["paths"]


def test_whoever_proposed_a_refused_statement_appeals_to_a_guarantor(
    client: FlaskClient,
    team: FlaskClient,
    shown: Process,
    fields: Callable[[TestResponse], dict[str, str]],
    now: datetime,
) -> None:
    address = "/processes/time/statements/propose"
    form = {**fields(client.get(address)), "text": "Bells ring at noon.", "language": "en"}
    client.post(address, data=form)
    statement = db.session.scalars(select(Statement)).one()
    organiser = Actor(shown.appointments[0].user_id)
    moderate(db.session(), organiser, shown, statement, "refuse", "Not about time.", now, rule="off-topic")
    mine = client.get("/processes/time/votes")
    assert "Not about time." in mine.text
    appeal = f"/processes/time/votes/appeal/{statement.key}"
    assert appeal in mine.text
    assert client.post(appeal, data={"reason": "It is about noon."}).status_code == 302
    assert "You appealed to a guarantor" in client.get("/processes/time/votes").text
    assert team.get(appeal).status_code == 404


def test_visitors_do_not_reach_the_desk(client: FlaskClient, put: Put) -> None:
    (statement,) = put(1)
    for page in ("desk", "draw", f"{statement.key}/change"):
        assert client.get(f"/processes/time/statements/{page}").status_code == 403


def test_pages_without_anything_yet_say_what_will_be_there(client: FlaskClient, shown: Process) -> None:
    assert "You can propose the first one" in client.get(VOTE).text
    assert "drawn from what people said" in client.get("/processes/time/statements").text
    assert "Vote on the first statement" in client.get("/processes/time/votes").text


def test_the_voting_page_is_light(client: FlaskClient, put: Put) -> None:
    put(60)
    assert len(client.get(VOTE).data) < 30_000
