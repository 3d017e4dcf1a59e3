"""You said, we did: one answer for many, kept when it is replaced, and told to those who asked to be told."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.errors import Conflict, NotPermitted, Refusal
from deliberate.core.jobs import Job
from deliberate.inputs.answers.acts import Said, answer_contributions, as_said, draft_answers, give_drafts
from deliberate.inputs.answers.queries import (
    Wanted,
    answered,
    answers_of,
    as_record,
    coverage_by_question,
    drafts_of,
    unanswered,
    wanted,
)
from deliberate.inputs.asking.acts import add_question
from deliberate.inputs.contributing.acts import contribute, withdraw_contribution
from deliberate.inputs.contributing.contacts import follow
from deliberate.inputs.models import Contribution, Question
from deliberate.inputs.synthesis.acts import place, write_line
from deliberate.inputs.telling.acts import GATHERED_FOR, KIND, tell
from deliberate.inputs.telling.models import ContributorNotice
from deliberate.journal.queries import chain
from deliberate.people.models import User
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import close_phase, open_phase
from deliberate.process.models import Process

DAY = timedelta(days=1)
REASON = {"en": "The first article says so."}
TAKEN = Said("adopted", REASON, "time", "t1")
Heard = Callable[..., list[tuple[Contribution, str]]]


@pytest.fixture
def actor(organiser: User) -> Actor:
    return Actor(organiser.id)


@pytest.fixture
def question(session: Session, process: Process, actor: Actor, now: datetime) -> Question:
    process.protocol = {**process.protocol, "moderation": "after"}
    question = add_question(session, actor, process, "q", 1, {"en": "What helps?"}, now)
    open_phase(session, actor, process.phases[0], now)
    return question


@pytest.fixture
def heard(session: Session, process: Process, question: Question, actor: Actor, now: datetime) -> Heard:
    """Contributions in a process that deliberates now."""

    def heard(*texts: str, **categories: str) -> list[tuple[Contribution, str]]:
        made = [
            contribute(session, VISITOR, process, question, text, "en", "web", categories, "", now)
            for text in texts
        ]
        line = write_line(session, actor, process, 1, "A", {"en": "Some time"}, now, key="s-1")
        place(session, actor, process, line, [made[0][0]], now)
        close_phase(session, actor, process.phases[0], now + DAY)
        process.phases[1].opens_at = now + DAY
        session.flush()
        return made

    return heard


def test_many_contributions_get_one_answer_in_one_go(
    session: Session, process: Process, actor: Actor, heard: Heard, now: datetime
) -> None:
    made = [one for one, _ in heard(*(f"Answer {number}" for number in range(12)))]
    later = now + 2 * DAY
    assert len(answer_contributions(session, actor, process, made, TAKEN, later)) == 12
    assert unanswered(session, process) == ([], 0)
    entries = [entry for entry in chain(session, process.slug) if entry["act"] == "answer"]
    assert len(entries) == 12
    assert len(answer_contributions(session, actor, process, made, TAKEN, later)) == 12
    assert len([entry for entry in chain(session, process.slug) if entry["act"] == "answer"]) == 12


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (Said("", REASON), "what became"),
        (Said("rejected", {"en": " "}), "Say why"),
        (Said("adopted", REASON), "charter and the clause"),
        (Said("rejected", REASON, "time"), "charter and the clause"),
        (Said("rejected", {"en": "x" * 2001}), "2001 characters"),
    ],
)
def test_an_answer_that_is_not_whole_is_refused_and_none_is_given(
    session: Session, process: Process, actor: Actor, heard: Heard, now: datetime, said: Said, sentence: str
) -> None:
    made = [one for one, _ in heard("Du calme", "Du temps")]
    with pytest.raises(Refusal, match=sentence):
        answer_contributions(session, actor, process, made, said, now + 2 * DAY)
    assert unanswered(session, process)[1] == 2


def test_only_what_is_public_is_answered_and_only_by_those_who_may(
    session: Session, process: Process, actor: Actor, heard: Heard, now: datetime
) -> None:
    (one, secret), (other, _) = heard("Du calme", "Du temps")
    withdraw_contribution(session, secret, now + 2 * DAY)
    with pytest.raises(Conflict, match="not public"):
        answer_contributions(session, actor, process, [other, one], TAKEN, now + 2 * DAY)
    with pytest.raises(Refusal, match="Tick"):
        answer_contributions(session, actor, process, [], TAKEN, now + 2 * DAY)
    with pytest.raises(NotPermitted):
        answer_contributions(session, VISITOR, process, [other], TAKEN, now + 2 * DAY)


def test_an_answer_that_changes_keeps_the_one_before_in_public(
    session: Session, process: Process, actor: Actor, heard: Heard, now: datetime
) -> None:
    ((one, secret),) = heard("Du calme")
    answer_contributions(session, actor, process, [one], Said("rejected", {"en": "No."}), now + 2 * DAY)
    answer_contributions(session, actor, process, [one], TAKEN, now + 3 * DAY)
    assert one.answer is not None
    assert as_said(one.answer) == TAKEN
    record = as_record(*answers_of(session, process)[0])
    assert (record["outcome"], record["earlier"][0]["outcome"]) == ("adopted", "rejected")
    assert record["earlier"][0]["at"] == (now + 2 * DAY).isoformat()
    withdraw_contribution(session, secret, now + 4 * DAY)
    assert answered(session, process) == ([one], 1)
    assert one.text == ""


def test_answers_are_prepared_out_of_sight_and_given_later(
    session: Session, process: Process, actor: Actor, heard: Heard, now: datetime
) -> None:
    (one, _), (other, secret) = heard("Du calme", "Du temps")
    later = now + 2 * DAY
    draft_answers(session, actor, process, [one, other], Said("adopted", {}), later)
    draft_answers(session, actor, process, [one], TAKEN, later)
    assert wanted(session, process, Wanted("drafted"))[1] == 2
    assert unanswered(session, process)[1] == 2
    with pytest.raises(Refusal, match="Say why"):
        give_drafts(session, actor, process, [one, other], later)
    withdraw_contribution(session, secret, later)
    assert list(drafts_of(session, process)) == [one.id]
    assert give_drafts(session, actor, process, [one], later) == 1
    assert (drafts_of(session, process), unanswered(session, process)[1]) == ({}, 0)
    with pytest.raises(Refusal, match="No answer is prepared"):
        give_drafts(session, actor, process, [one], later)


def test_the_list_to_answer_is_narrowed_by_words_line_question_and_round(
    session: Session, process: Process, actor: Actor, heard: Heard, now: datetime
) -> None:
    one, other = (made for made, _ in heard("Le bus s’arrête", "Du calme"))
    assert wanted(session, process, Wanted(words="ARRETE"))[0] == [one]
    assert wanted(session, process, Wanted(line="s-1"))[0] == [one]
    assert wanted(session, process, Wanted(question="q", round=1))[1] == 2
    assert wanted(session, process, Wanted(round=2))[1] == 0
    answer_contributions(session, actor, process, [other], Said("rejected", REASON), now + 2 * DAY)
    assert wanted(session, process, Wanted("answered"))[0] == [other]
    assert wanted(session, process, Wanted("all"))[1] == 2


def test_coverage_is_told_by_question_alone_so_that_no_answer_says_of_which_group_somebody_is(
    session: Session, process: Process, actor: Actor, heard: Heard, now: datetime
) -> None:
    made = [one for one, _ in heard(*(f"Answer {number}" for number in range(12)), gender="woman")]
    answer_contributions(session, actor, process, made[:5], TAKEN, now + 2 * DAY)
    ((_, total, answered_),) = coverage_by_question(session, process)
    assert (total, answered_) == (12, 5)


def test_contributors_who_left_an_address_get_one_letter_for_all_that_happened(
    session: Session, process: Process, actor: Actor, heard: Heard, now: datetime
) -> None:
    (one, first), (other, second), (third, _) = heard("Du calme", "Du temps", "Un banc")
    for secret in (first, second):
        follow(session, secret, "anna@example.org", "fr", now)
    answer_contributions(session, actor, process, [one, other, third], TAKEN, now + 2 * DAY)
    answer_contributions(session, actor, process, [one], Said("rejected", REASON), now + 2 * DAY)
    noted = session.scalars(select(ContributorNotice)).all()
    assert sorted(notice.contribution_id for notice in noted) == sorted([one.id, other.id])
    (job,) = session.scalars(select(Job).where(Job.kind == KIND)).all()
    assert job.not_before == now + 2 * DAY + GATHERED_FOR
    withdraw_contribution(session, first, now + 2 * DAY)
    assert [notice.contribution_id for notice in session.scalars(select(ContributorNotice))] == [other.id]


def test_nobody_is_noted_who_left_no_address(session: Session, heard: Heard, now: datetime) -> None:
    made = [one for one, _ in heard("Du calme")]
    assert tell(session, made, "answered", now) == 0
    assert session.scalars(select(Job).where(Job.kind == KIND)).all() == []
