"""Moderation: what is refused is refused in public, and an appeal goes to a guarantor."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.errors import Conflict, NotFound, NotPermitted, Refusal
from deliberate.inputs.asking.acts import add_question
from deliberate.inputs.contributing.acts import (
    contribute,
    correct_contribution,
    forget_contributions,
    withdraw_contribution,
)
from deliberate.inputs.experience.acts import add_lesson
from deliberate.inputs.models import Contribution, Question
from deliberate.inputs.moderating.acts import moderate, moderate_all
from deliberate.inputs.moderating.appeals import answer_appeal, appeal
from deliberate.inputs.moderating.likeness import link, unlink
from deliberate.inputs.moderating.models import Appeal, Decision
from deliberate.inputs.moderating.queries import (
    Asked,
    add_held,
    appeals_until,
    figures,
    linked_groups,
    moderation_log,
    open_appeals,
    queue,
    said_alike,
    similar_things,
    standing,
    waiting,
)
from deliberate.inputs.moderating.things import thing_named, thing_of
from deliberate.journal.models import PrivatePart
from deliberate.journal.queries import chain, openings
from deliberate.people.acts import Erased, make_user
from deliberate.people.models import User
from deliberate.people.queries import DataRequested
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import open_phase
from deliberate.process.appointments import appoint
from deliberate.process.models import Process

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def question(session: Session, process: Process, organiser: User, now: datetime) -> Question:
    question = add_question(session, Actor(organiser.id), process, "q", 1, {"en": "What helps?"}, now)
    open_phase(session, Actor(organiser.id), process.phases[0], now)
    return question


@pytest.fixture
def team(session: Session, process: Process, organiser: User, now: datetime) -> dict[str, Actor]:
    made = {"organiser": Actor(organiser.id)}
    for role in ("moderator", "guarantor"):
        user = make_user(session, f"{role}@example.org", role.title(), now)
        appoint(session, Actor(organiser.id), process, user, role, now)
        made[role] = Actor(user.id)
    return made


def said(
    session: Session, process: Process, question: Question, now: datetime, text: str
) -> tuple[Contribution, str]:
    return contribute(session, VISITOR, process, question, text, "en", "web", {}, "", now)


def refused(
    session: Session, process: Process, question: Question, team: dict[str, Actor], now: datetime
) -> tuple[Contribution, str]:
    one, secret = said(session, process, question, now, "My neighbour Paul is a thief.")
    moderate(session, team["moderator"], process, one, "refuse", "", now + HOUR, rule="personal-data")
    return one, secret


def test_a_refusal_needs_a_reason_from_the_list_or_in_words(
    session: Session, process: Process, question: Question, team: dict[str, Actor], now: datetime
) -> None:
    one, _ = said(session, process, question, now, "Buy my watches")
    for rule, reason in (("", " "), ("other-reason", ""), ("no such rule", "Because.")):
        with pytest.raises(Refusal, match=r"Say why|Choose one"):
            moderate(session, team["moderator"], process, one, "refuse", reason, now, rule=rule)
    moderate(session, team["moderator"], process, one, "refuse", "", now + HOUR, rule="advertising")
    assert (one.state, one.reason) == ("refused", "advertising")
    assert list(chain(session, process.slug))[-1]["public"] == {
        "reason": "advertising",
        "rule": "advertising",
    }


def test_every_decision_stays_in_the_log_with_how_long_it_took(
    session: Session, process: Process, question: Question, team: dict[str, Actor], now: datetime
) -> None:
    one, _ = said(session, process, question, now, "The bus stops at eight.")
    other, _ = said(session, process, question, now, "Buy my watches")
    moderator = team["moderator"]
    moderate(session, moderator, process, one, "publish", "", now + HOUR)
    moderate(session, moderator, process, one, "refuse", "Names a neighbour.", now + 2 * HOUR)
    moderate(session, moderator, process, one, "publish", "", now + 3 * HOUR)
    moderate(session, moderator, process, other, "refuse", "", now + 3 * HOUR, rule="advertising")
    counts = {name: number for name, number in figures(session, process)["counts"].items() if number}
    assert counts == {"published-first": 1, "taken-down": 1, "published-again": 1, "refused-first": 1}
    assert figures(session, process)["times"] == {"mean": 2 * HOUR, "half": 2 * HOUR, "longest": 3 * HOUR}
    log, total = moderation_log(session, process, called="taken-down")
    assert ([one.reason for one in log], total) == (["Names a neighbour."], 1)
    assert moderation_log(session, process, rule="advertising")[1] == 1
    assert moderation_log(session, process, kind="lesson") == ([], 0)


def test_many_are_decided_at_once_or_none(
    session: Session, process: Process, question: Question, team: dict[str, Actor], now: datetime
) -> None:
    things = [said(session, process, question, now, f"Answer {number}")[0] for number in range(3)]
    with pytest.raises(Refusal, match="Tick"):
        moderate_all(session, team["moderator"], process, [], "publish", "", now)
    moderate_all(session, team["moderator"], process, things, "publish", "", now)
    assert [one.state for one in things] == ["published"] * 3
    assert waiting(session, process) == []
    with pytest.raises(NotPermitted):
        moderate_all(session, VISITOR, process, things, "refuse", "No.", now)


def test_the_queue_is_narrowed_by_words_and_kind_and_shows_what_is_similar(
    session: Session, process: Process, question: Question, team: dict[str, Actor], now: datetime
) -> None:
    bus, _ = said(session, process, question, now, "Le bus du soir s’arrête trop tôt pour les réunions.")
    late, _ = said(session, process, question, now, "Les bus du soir s’arrêtent trop tôt, plus de réunions.")
    said(session, process, question, now, "A river belongs to everybody.")
    assert queue(session, process, Asked(words="arrete BUS pour")) == [bus]
    assert len(queue(session, process, Asked(question="q", language="en", channel="web", round=1))) == 3
    assert (
        queue(session, process, Asked(kind="lesson")) == queue(session, process, Asked(state="refused")) == []
    )
    assert similar_things(session, process, [bus]) == {bus.object: [late]}


def test_whoever_holds_the_receipt_of_a_refused_contribution_appeals_once_and_a_guarantor_lifts_it(
    session: Session, process: Process, question: Question, team: dict[str, Actor], now: datetime
) -> None:
    one, _ = refused(session, process, question, team, now)
    assert standing(session, process, one).until == now + HOUR + 7 * DAY
    made = appeal(session, process, one, "Paul is a character in a novel.", now + DAY)
    assert open_appeals(session, process, 1) == [made]
    assert "novel" not in str(list(chain(session, process.slug)))
    with pytest.raises(Conflict, match="already appealed"):
        appeal(session, process, one, "Again.", now + DAY)
    for who in ("moderator", "organiser"):
        with pytest.raises(NotPermitted):
            answer_appeal(session, team[who], process, made, "uphold", "No.", now + DAY)
    with pytest.raises(Refusal, match="Say why"):
        answer_appeal(session, team["guarantor"], process, made, "overturn", " ", now + DAY)
    answer_appeal(session, team["guarantor"], process, made, "overturn", "Nobody is named.", now + 2 * DAY)
    assert (one.state, made.state, open_appeals(session, process, 1)) == ("published", "overturned", [])
    (opening,) = openings(session, process.slug).values()
    assert opening["content"] == {"text": "My neighbour Paul is a thief."}
    with pytest.raises(Conflict, match="That decision stands"):
        moderate(session, team["moderator"], process, one, "refuse", "Still no.", now + 3 * DAY)
    with pytest.raises(Conflict, match="already decided"):
        answer_appeal(session, team["guarantor"], process, made, "uphold", "Or not.", now + 3 * DAY)
    assert list(chain(session, process.slug))[-1]["act"] == "overturn"


def test_a_confirmed_refusal_stays_and_cannot_be_appealed_again(
    session: Session, process: Process, question: Question, team: dict[str, Actor], now: datetime
) -> None:
    one, _ = refused(session, process, question, team, now)
    made = appeal(session, process, one, "I disagree.", now + DAY)
    answer_appeal(session, team["guarantor"], process, made, "uphold", "It names a person.", now + DAY)
    assert (one.state, one.reason) == ("refused", "personal-data")
    assert standing(session, process, one).until is None
    with pytest.raises(Conflict, match="already appealed"):
        appeal(session, process, one, "Again.", now + DAY)


def test_an_appeal_comes_in_time_and_against_a_refusal_only(
    session: Session, process: Process, question: Question, team: dict[str, Actor], now: datetime
) -> None:
    waits, _ = said(session, process, question, now, "Du calme")
    with pytest.raises(Conflict, match="nothing to appeal"):
        appeal(session, process, waits, "Why?", now)
    assert appeals_until(session, process, 1) is None
    one, _ = refused(session, process, question, team, now)
    assert appeals_until(session, process, 1) == now + HOUR + 7 * DAY
    process.protocol = {**process.protocol, "appeal_days": 2}
    with pytest.raises(Conflict, match="ended on"):
        appeal(session, process, one, "Late.", now + 3 * DAY)


def test_correcting_what_was_refused_ends_the_appeal_and_the_new_words_wait(
    session: Session, process: Process, question: Question, team: dict[str, Actor], now: datetime
) -> None:
    process.protocol = {**process.protocol, "moderation": "after"}
    one, secret = refused(session, process, question, team, now)
    made = appeal(session, process, one, "It is true.", now + DAY)
    correct_contribution(session, secret, "People steal from gardens.", now + DAY)
    assert (one.state, made.state, made.reason) == ("waiting", "dropped", "")
    moderate(session, team["moderator"], process, one, "refuse", "", now + DAY, rule="off-topic")
    again = appeal(session, process, one, "It is on topic.", now + DAY)
    answer_appeal(session, team["guarantor"], process, again, "overturn", "It is.", now + DAY)
    correct_contribution(session, secret, "Buy my watches", now + 2 * DAY)
    moderate(session, team["moderator"], process, one, "refuse", "", now + 2 * DAY, rule="advertising")
    assert one.state == "refused"


def test_withdrawing_the_words_wipes_the_appeal_too(
    session: Session, process: Process, question: Question, team: dict[str, Actor], now: datetime
) -> None:
    one, secret = refused(session, process, question, team, now)
    appeal(session, process, one, "Paul is a character in a novel.", now + DAY)
    withdraw_contribution(session, secret, now + DAY)
    kept = [*session.scalars(select(Appeal.reason)), *map(str, session.scalars(select(PrivatePart.content)))]
    assert not any("Paul" in text for text in kept)
    assert session.scalars(select(Decision.reason)).all() == [""]


def test_a_lesson_that_was_refused_is_appealed_with_its_own_receipt(
    session: Session, process: Process, question: Question, team: dict[str, Actor], now: datetime
) -> None:
    told = {"title": {"en": "Mill"}, "tried": {"en": "A mill"}, "teaches": {"en": "Wind"}, "where": "Lille",
            "outcome": "worked", "level": "territory", "territory": "Lille", "country": "FR"}  # fmt: skip
    lesson = add_lesson(session, VISITOR, process, told, now, secret="a" * 26)
    assert thing_of(session, "a" * 26) is lesson
    with pytest.raises(NotFound):
        thing_of(session, "b" * 26)
    moderate(session, team["moderator"], process, lesson, "refuse", "", now, rule="off-topic")
    assert appeals_until(session, process, 1) == now + 7 * DAY
    made = appeal(session, process, lesson, "Wind is on topic.", now)
    assert appeals_until(session, process, 1) is None
    answer_appeal(session, team["guarantor"], process, made, "overturn", "It is.", now)
    assert lesson.state == "published"


def test_what_someone_wrote_in_an_appeal_while_signed_in_is_handed_out_and_erased_with_them(
    session: Session, process: Process, question: Question, team: dict[str, Actor], now: datetime
) -> None:
    user = make_user(session, "anna@example.org", "Anna", now)
    one, _ = contribute(session, Actor(user.id), process, question, "Paul!", "en", "web", {}, "", now)
    moderate(session, team["moderator"], process, one, "refuse", "", now, rule="personal-data")
    appeal(session, process, one, "Paul is a cat.", now)
    request = DataRequested(user)
    add_held(session, request, now)
    assert [held["reason"] for held in request.held["appeals"]] == ["Paul is a cat."]
    forget_contributions(session, Erased(user), now)
    assert "Paul" not in str(session.scalars(select(Appeal.reason)).all())


def test_contributions_said_to_be_alike_keep_their_own_place_and_are_told_apart_again(
    session: Session, process: Process, question: Question, team: dict[str, Actor], now: datetime
) -> None:
    process.protocol = {**process.protocol, "moderation": "after"}
    one, two, three = (said(session, process, question, now, f"Du calme {n}")[0] for n in "abc")
    moderator = team["moderator"]
    with pytest.raises(Refusal, match="at least two"):
        link(session, moderator, process, [one, one], now)
    group = link(session, moderator, process, [one, two], now)
    with pytest.raises(Conflict, match="linked already"):
        link(session, moderator, process, [two, one], now)
    assert link(session, moderator, process, [two, three], now) == group
    assert said_alike(session, one) == [two, three]
    assert [one.state for one in linked_groups(session, process)[group]] == ["published"] * 3
    unlink(session, moderator, process, two, now)
    assert (list(said_alike(session, one)), list(said_alike(session, two))) == ([three], [])
    unlink(session, moderator, process, three, now)
    assert linked_groups(session, process) == {}
    with pytest.raises(Conflict, match="not linked"):
        unlink(session, moderator, process, one, now)
    assert thing_named(session, process, one.object) is one
