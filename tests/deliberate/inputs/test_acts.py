"""The open input: what is said is kept, can be taken back, and ends in an answer."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deliberate.core import events
from deliberate.core.errors import Conflict, NotPermitted, Refusal
from deliberate.inputs.answers.acts import answer_contribution
from deliberate.inputs.answers.queries import answers_for, outcome_counts, unanswered
from deliberate.inputs.asking.acts import add_question
from deliberate.inputs.contributing.acts import (
    contribute,
    correct_contribution,
    withdraw_contribution,
)
from deliberate.inputs.dossiers.acts import refuse_unsettled, settle_dossier
from deliberate.inputs.models import Contribution, Question
from deliberate.inputs.moderating.acts import moderate
from deliberate.inputs.queries import counts, search
from deliberate.inputs.rules import FaultyEntry
from deliberate.inputs.synthesis.acts import (
    answer_contest,
    contest_placement,
    place,
    write_line,
)
from deliberate.journal.queries import chain, openings
from deliberate.journal.rules import commitment
from deliberate.people.models import User
from deliberate.people.rules import CLOCK, VISITOR, Actor
from deliberate.process.acts import PhaseOpening, close_phase, open_phase, record_transitions
from deliberate.process.models import Process
from tests.deliberate.inputs.paper import enter_paper

SAID = "Du temps avec ma fille."
DAY = timedelta(days=1)


@pytest.fixture
def question(session: Session, process: Process, organiser: User, now: datetime) -> Question:
    text = {"fr": "Pour vous, qu’est-ce que le bien-être ?", "en": "For you, what is well-being?"}
    variants = [{"key": "young", "text": {"en": "What makes a good day?"}}]
    question = add_question(
        session, Actor(organiser.id), process, "well-being", 1, text, now, variants=variants
    )
    open_phase(session, Actor(organiser.id), process.phases[0], now)
    return question


def said(
    session: Session, process: Process, question: Question, now: datetime, text: str = SAID
) -> tuple[Contribution, str]:
    return contribute(session, VISITOR, process, question, text, "fr", "web", {}, "time", now)


def published(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> tuple[Contribution, str]:
    contribution, secret = said(session, process, question, now)
    moderate(session, Actor(organiser.id), process, contribution, "publish", "", now)
    return contribution, secret


def test_a_published_answer_opens_in_the_journal_and_a_refused_one_does_not(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    contribution, _ = published(session, process, question, organiser, now)
    (opening,) = openings(session, process.slug).values()
    assert opening["content"] == {"text": SAID}
    assert commitment(opening["nonce"], opening["content"]) == contribution.commitment
    with pytest.raises(Refusal, match="why"):
        moderate(session, Actor(organiser.id), process, contribution, "refuse", " ", now)
    moderate(session, Actor(organiser.id), process, contribution, "refuse", "Names a neighbour.", now)
    assert openings(session, process.slug) == {}
    assert search(session, process) == ([], 0)


def test_paper_received_before_the_close_is_typed_after_it_and_later_paper_is_not(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    close_phase(session, Actor(organiser.id), process.phases[0], now + DAY)
    actor = Actor(organiser.id)
    recorded = enter_paper(
        session, actor, process, question, "3;Du calme;A03", "fr", now + 2 * DAY, received=now
    )
    assert [(one.count, one.text, one.component, one.round) for one in recorded] == [
        (3, "Du calme", "A03", 1)
    ]
    with pytest.raises(Refusal, match="outside the open phase"):
        enter_paper(session, actor, process, question, "Du calme", "fr", now + 2 * DAY, received=now + DAY)


def test_a_group_answers_after_its_members(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    recorded = enter_paper(
        session, Actor(organiser.id), process, question, "2;Du temps\nDes amis", "fr", now,
        channel="group", group_answer="Du temps entre amis", note="Apprentis",
    )  # fmt: skip
    assert [(one.text, one.collective, one.count) for one in recorded] == [
        ("Du temps", False, 2), ("Des amis", False, 1), ("Du temps entre amis", True, 3),
    ]  # fmt: skip


def test_bulk_entry_with_faults_says_them_all_and_writes_nothing(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    with pytest.raises(FaultyEntry) as refusal:
        enter_paper(
            session, Actor(organiser.id), process, question, "x;Du temps\n2;\n1;Du calme;Z99", "fr", now
        )
    assert [fault.place for fault in refusal.value.faults] == [1, 2, 3]
    assert session.scalar(select(func.count(Contribution.id))) == 0


def test_a_visitor_enters_nothing_in_bulk(
    session: Session, process: Process, question: Question, now: datetime
) -> None:
    with pytest.raises(NotPermitted):
        enter_paper(session, VISITOR, process, question, "Du temps", "fr", now)


def test_search_finds_words_without_their_accents(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    contribution, _ = said(session, process, question, now, "Prendre le petit-déjeuner en famille")
    moderate(session, Actor(organiser.id), process, contribution, "publish", "", now)
    assert search(session, process, words="DEJEUNER famille")[0] == [contribution]
    assert search(session, process, words="dîner")[1] == 0
    assert search(session, process, hidden=1)[1] == 0


def test_the_dossier_waits_for_moderation_contests_and_the_days_to_contest(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    actor, closed, after = Actor(organiser.id), now + DAY, now + 10 * DAY
    contribution, secret = published(session, process, question, organiser, now)
    late, _ = said(session, process, question, now)
    close_phase(session, actor, process.phases[0], closed)
    with pytest.raises(Conflict, match=r"still wait for moderation: 1\."):
        settle_dossier(session, actor, process, after)
    moderate(session, actor, process, late, "refuse", "Advertising.", closed)
    line = write_line(session, actor, process, 1, "D03", {"en": "Time with those we love"}, closed)
    (placement,) = place(session, actor, process, line, [contribution], closed)
    contest_placement(session, secret, placement, "This is about work.", closed)
    with pytest.raises(Conflict, match=r"still wait for an answer: 1\."):
        settle_dossier(session, actor, process, after)
    answer_contest(session, actor, process, placement, "The line on work opens it too.", closed)
    with pytest.raises(Conflict, match="can contest"):
        settle_dossier(session, actor, process, closed)
    dossier = settle_dossier(session, actor, process, after)
    assert [one["key"] for one in dossier.content["contributions"]] == [contribution.key]
    assert list(chain(session, process.slug))[-1]["public"]["digest"] == dossier.digest
    with pytest.raises(Conflict, match="already settled"):
        settle_dossier(session, actor, process, after)
    with pytest.raises(Conflict, match="settled"):
        correct_contribution(session, secret, "Else", after)
    withdraw_contribution(session, secret, after)
    assert SAID not in str(dossier.content)


def test_a_deliberation_does_not_begin_by_act_before_the_dossier_of_what_was_said_is_settled(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    events.on(PhaseOpening, refuse_unsettled)
    actor, later = Actor(organiser.id), now + 20 * DAY
    published(session, process, question, organiser, now)
    close_phase(session, actor, process.phases[0], now + DAY)
    with pytest.raises(Conflict, match="Settle the dossier first"):
        open_phase(session, actor, process.phases[1], later)
    assert process.situation(later) == "settling"
    settle_dossier(session, actor, process, later)
    open_phase(session, actor, process.phases[1], later)
    assert process.situation(later) == "deliberation"
    close_phase(session, actor, process.phases[1], later + DAY)
    open_phase(session, actor, process.phases[2], later + 2 * DAY)


def test_a_deliberation_begins_by_act_when_nothing_is_left_to_settle(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    events.on(PhaseOpening, refuse_unsettled)
    _, secret = published(session, process, question, organiser, now)
    withdraw_contribution(session, secret, now)
    close_phase(session, Actor(organiser.id), process.phases[0], now + DAY)
    open_phase(session, Actor(organiser.id), process.phases[1], now + DAY)
    assert process.situation(now + DAY) == "deliberation"


def test_a_deliberation_that_the_protocol_dated_begins_on_its_day(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    events.on(PhaseOpening, refuse_unsettled)
    published(session, process, question, organiser, now)
    close_phase(session, Actor(organiser.id), process.phases[0], now + DAY)
    process.phases[1].opens_at = now + 2 * DAY
    record_transitions(session, CLOCK, now + 2 * DAY)
    assert process.situation(now + 2 * DAY) == "deliberation"


def test_each_contribution_ends_in_an_answer_with_its_clause(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    actor = Actor(organiser.id)
    contribution, _ = published(session, process, question, organiser, now)
    close_phase(session, actor, process.phases[0], now + DAY)
    later = now + 20 * DAY
    settle_dossier(session, actor, process, later)
    open_phase(session, actor, process.phases[1], later)
    assert unanswered(session, process) == ([contribution], 1)
    with pytest.raises(Refusal, match="clause"):
        answer_contribution(session, actor, process, contribution, "adopted", {"en": "Yes"}, later)
    answer_contribution(
        session, actor, process, contribution, "adopted", {"en": "Yes"}, later, charter="time", clause="t1"
    )
    (answer,) = answers_for(session, process, "time", "t1")
    assert answer.contribution is contribution
    assert unanswered(session, process) == ([], 0)
    assert outcome_counts(session, process)["adopted"] == 1
    assert counts(session, process, 1) == {
        "contributions": 1,
        "people": 1,
        "waiting": 0,
        "answered": 1,
        "lessons": 0,
    }
