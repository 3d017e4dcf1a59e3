"""A dossier: settled once everything is done, checkable part by part, and true to those who take their words back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from deliberate.core import events
from deliberate.core.errors import Conflict, Refusal
from deliberate.inputs.contributing.acts import contribute, withdraw_contribution
from deliberate.inputs.dossiers.acts import forget_withdrawn, settle_dossier
from deliberate.inputs.dossiers.checklist import checklist
from deliberate.inputs.dossiers.content import late_arrivals
from deliberate.inputs.dossiers.models import Dossier
from deliberate.inputs.dossiers.reading import holding, read
from deliberate.inputs.entering.sessions import add_answer, begin_session, give_up_session
from deliberate.inputs.experience.acts import add_lesson
from deliberate.inputs.models import Question
from deliberate.inputs.moderating.acts import moderate
from deliberate.inputs.synthesis.acts import contest_placement, place, write_line
from deliberate.journal.acts import Withdrawn
from deliberate.journal.canonical import digest
from deliberate.journal.queries import chain
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import close_phase
from deliberate.process.models import Process
from tests.deliberate.inputs.paper import enter_paper

DAY = timedelta(days=1)
LESSON = {
    "key": "l-1", "outcome": "failed", "title": {"en": "A shared oven"}, "tried": {"en": "An oven for all."},
    "teaches": {"en": "Somebody must hold the key."},
}  # fmt: skip


def settled(session: Session, actor: Actor, process: Process, now: datetime) -> Dossier:
    close_phase(session, actor, process.phases[0], now + DAY)
    return settle_dossier(session, actor, process, now + 2 * DAY)


def parts(content: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, kind in (("contributions", "contribution"), ("synthesis", "line"), ("statements", "statement")):
        for one in content[name]:
            yield kind, one


def test_every_part_has_an_address_and_a_digest_of_its_own(
    session: Session, process: Process, question: Question, actor: Actor, now: datetime
) -> None:
    said = enter_paper(
        session,
        actor,
        process,
        question,
        "2;Time\nFriends",
        "en",
        now,
        channel="group",
        group_answer="Time together",
    )
    line = write_line(
        session, actor, process, 1, "A03", {"en": "Time is wealth"}, now, dissent={"en": "Not all"}
    )
    place(session, actor, process, line, said[:1], now)
    add_lesson(session, actor, process, LESSON, now)
    dossier = settled(session, actor, process, now)
    assert dossier.digest == digest("dossier", dossier.content)
    found = list(parts(dossier.content))
    assert len(found) == 4
    for kind, one in found:
        record = {name: value for name, value in one.items() if name not in ("address", "digest")}
        assert one["digest"] == digest(kind, record)
        assert one["address"].endswith(one["key"])
    whole = next(one for one in dossier.content["contributions"] if one["collective"])
    assert whole["made_from"] == [one.key for one in said[:2]]
    assert dossier.content["coverage"]["placed"] == 1
    (lesson,) = dossier.content["lessons"]
    assert lesson["digest"] == digest("lesson", dossier.texts["lessons"]["l-1"])


def test_the_statement_that_all_paper_is_typed_is_asked_for_and_stands_in_the_journal(
    session: Session, process: Process, question: Question, actor: Actor, now: datetime
) -> None:
    close_phase(session, actor, process.phases[0], now + DAY)
    with pytest.raises(Refusal, match="all paper"):
        settle_dossier(session, actor, process, now + 2 * DAY, paper_typed=False)
    settle_dossier(session, actor, process, now + 2 * DAY, paper_typed=True)
    assert list(chain(session, process.slug))[-1]["public"]["paper_typed"] is True


def test_a_session_that_is_not_recorded_keeps_the_dossier_open(
    session: Session, process: Process, question: Question, actor: Actor, now: datetime
) -> None:
    group = begin_session(session, actor, process, question, "Apprentices", 3, "en", now)
    add_answer(session, actor, process, group, "Time", now)
    close_phase(session, actor, process.phases[0], now + DAY)
    after = now + 2 * DAY
    assert [step.kind for step in checklist(session, process, 1, after) if step.stops] == ["sessions"]
    with pytest.raises(Conflict, match="Group sessions"):
        settle_dossier(session, actor, process, after)
    give_up_session(session, actor, process, group, after)
    settle_dossier(session, actor, process, after)


def test_words_that_are_withdrawn_leave_the_dossier_and_its_digest_stays_good(
    session: Session, process: Process, question: Question, actor: Actor, now: datetime
) -> None:
    events.on(Withdrawn, forget_withdrawn)
    one, secret = contribute(session, VISITOR, process, question, "Time with Ada", "en", "web", {}, "", now)
    lesson = add_lesson(session, actor, process, LESSON, now)
    dossier = settled(session, actor, process, now)
    reading = read(session, dossier)
    assert reading.words_of(one.key) == "Time with Ada"
    assert [found["key"] for found in holding(reading, "ADA")] == [one.key]
    withdraw_contribution(session, secret, now + 3 * DAY)
    process.protocol = {**process.protocol, "moderation": "before"}
    moderate(session, actor, process, lesson, "refuse", "Names a neighbour", now + 2 * DAY)
    reading = read(session, dossier)
    assert reading.texts() == {"contributions": {}, "statements": {}, "lessons": {}, "reviews": {}}
    assert dossier.texts["lessons"] == {}
    assert holding(reading, "ada") == []
    assert "Ada" not in str(dossier.content)
    assert dossier.digest == digest("dossier", dossier.content)


def test_nothing_is_contested_once_the_dossier_is_settled(
    session: Session, process: Process, question: Question, actor: Actor, now: datetime
) -> None:
    one, secret = contribute(session, VISITOR, process, question, "Time", "en", "web", {}, "", now)
    line = write_line(session, actor, process, 1, "A03", {"en": "Time is wealth"}, now)
    (placement,) = place(session, actor, process, line, [one], now)
    settled(session, actor, process, now)
    with pytest.raises(Conflict, match="no longer be contested"):
        contest_placement(session, secret, placement, "Not that", now + 2 * DAY)


def test_what_came_too_late_waits_visibly_for_the_next_round(
    session: Session, process: Process, question: Question, actor: Actor, now: datetime
) -> None:
    enter_paper(session, actor, process, question, "Time", "en", now)
    dossier = settled(session, actor, process, now)
    (late,) = enter_paper(session, actor, process, question, "Rest", "en", now + 3 * DAY, late=True)
    assert late_arrivals(session, process, 1) == [late]
    assert len(dossier.content["contributions"]) == 1
