"""Acts of bulk entry, sessions with groups and numbered sheets: all or nothing, linked, and undone as a whole."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deliberate.core.errors import Conflict, NotPermitted, Refusal
from deliberate.inputs.contributing.acts import contribution_of, withdraw_contribution
from deliberate.inputs.dossiers.acts import settle_dossier
from deliberate.inputs.entering import queries
from deliberate.inputs.entering.acts import enter_batch, print_sheets, take_back_batch
from deliberate.inputs.entering.models import GroupAnswer, GroupSession, PaperSheet
from deliberate.inputs.entering.rules import Entry, Origin
from deliberate.inputs.entering.sessions import (
    add_answer,
    begin_session,
    change_answer,
    change_step,
    close_session,
    drop_answer,
    give_up_session,
)
from deliberate.inputs.models import Contribution, Question
from deliberate.inputs.rules import FaultyEntry
from deliberate.journal.queries import chain
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import close_phase
from deliberate.process.models import Process
from tests.deliberate.inputs.paper import enter_paper

DAY = timedelta(days=1)


def held(session: Session, actor: Actor, process: Process, question: Question, now: datetime) -> GroupSession:
    return begin_session(session, actor, process, question, "Apprentices", 3, "en", now, place="Namur")


def keys(session: Session) -> int:
    return session.scalar(select(func.count(Contribution.id))) or 0


def test_a_batch_is_taken_back_as_a_whole_and_the_journal_says_why(
    session: Session, process: Process, question: Question, actor: Actor, now: datetime
) -> None:
    enter_paper(session, actor, process, question, "2;Time\nFriends", "en", now)
    batch = queries.batch(session, process, 1)
    assert (batch.people, len(batch.contributions)) == (3, 2)
    with pytest.raises(Refusal, match="why"):
        take_back_batch(session, actor, process, batch, " ", now)
    assert take_back_batch(session, actor, process, batch, "Typed twice", now) == 2
    assert {one.state for one in batch.contributions} == {"withdrawn"}
    entry = list(chain(session, process.slug))[-1]
    assert (entry["act"], entry["public"]["reason"]) == ("take back", "Typed twice")
    with pytest.raises(Conflict, match="already"):
        take_back_batch(session, actor, process, batch, "Again", now)


def test_a_batch_stays_once_the_dossier_of_its_round_is_settled(
    session: Session, process: Process, question: Question, actor: Actor, now: datetime
) -> None:
    enter_paper(session, actor, process, question, "Time", "en", now)
    close_phase(session, actor, process.phases[0], now + DAY)
    settle_dossier(session, actor, process, now + 2 * DAY)
    with pytest.raises(Conflict, match="settled"):
        take_back_batch(
            session, actor, process, queries.batch(session, process, 1), "Typed twice", now + 2 * DAY
        )


def test_paper_that_comes_too_late_waits_for_the_next_round_when_that_is_said(
    session: Session, process: Process, question: Question, actor: Actor, now: datetime
) -> None:
    close_phase(session, actor, process.phases[0], now + DAY)
    with pytest.raises(Refusal, match="next round"):
        enter_paper(session, actor, process, question, "Time", "en", now + 2 * DAY)
    (late,) = enter_paper(session, actor, process, question, "Time", "en", now + 2 * DAY, late=True)
    settle_dossier(session, actor, process, now + 2 * DAY)
    with pytest.raises(Conflict, match="settled"):
        enter_paper(session, actor, process, question, "Rest", "en", now + 3 * DAY, received=now)
    (typed,) = enter_paper(
        session, actor, process, question, "Rest", "en", now + 3 * DAY, received=now, late=True
    )
    assert (late.round, typed.round, late.question.round) == (2, 2, 1)


def test_a_group_answers_together_from_what_its_members_said(
    session: Session, process: Process, question: Question, actor: Actor, now: datetime
) -> None:
    group = held(session, actor, process, question, now)
    with pytest.raises(Conflict, match="each member"):
        change_step(session, actor, process, group, "together", now)
    for text in ("Time", "Friends", "Tiem"):
        add_answer(session, actor, process, group, text, now)
    add_answer(session, actor, process, group, "Rest", now, token="t1")
    add_answer(session, actor, process, group, "Rest", now, token="t1")
    change_answer(session, actor, process, group, group.alone[2], "Time for others", now, count=2)
    drop_answer(session, actor, process, group, group.alone[0], now)
    assert ([one.text for one in group.alone], group.heard) == (["Friends", "Time for others", "Rest"], 4)
    change_step(session, actor, process, group, "together", now)
    add_answer(session, actor, process, group, "Time with friends", now)
    assert keys(session) == 0
    batch = close_session(session, actor, process, group, now)
    *members, whole = batch.contributions
    assert (whole.collective, whole.count, whole.text) == (True, 4, "Time with friends")
    assert queries.typed_with(session, whole) == members
    assert queries.typed_with(session, members[0]) == [whole]
    assert queries.made_from(session, process) == {whole.key: [one.key for one in members]}
    assert session.scalar(select(func.count(GroupAnswer.id))) == 0
    with pytest.raises(Conflict, match="closed"):
        add_answer(session, actor, process, group, "More", now)


def test_a_session_that_is_given_up_leaves_nothing(
    session: Session, process: Process, question: Question, actor: Actor, now: datetime
) -> None:
    group = held(session, actor, process, question, now)
    add_answer(session, actor, process, group, "Time", now)
    give_up_session(session, actor, process, group, now)
    assert session.scalar(select(func.count(GroupAnswer.id))) == keys(session) == 0


def test_a_session_is_for_the_team_and_holds_no_impossible_numbers(
    session: Session, process: Process, question: Question, actor: Actor, now: datetime
) -> None:
    with pytest.raises(NotPermitted):
        held(session, VISITOR, process, question, now)
    group = held(session, actor, process, question, now)
    for wrong in ({"text": " "}, {"text": "Time", "count": 0}, {"text": "Time", "component": "Z99"}):
        with pytest.raises(Refusal):
            add_answer(session, actor, process, group, now=now, **wrong)
    with pytest.raises(Conflict, match="Nothing was typed"):
        close_session(session, actor, process, group, now)


def test_whoever_wrote_on_a_numbered_sheet_holds_the_receipt_of_the_answer(
    session: Session, process: Process, question: Question, actor: Actor, now: datetime
) -> None:
    (sheet, secret), (other, _) = print_sheets(session, actor, process, question, "", 2, now)
    assert secret not in str([vars(one) for one in session.scalars(select(PaperSheet))])
    enter_paper(session, actor, process, question, f"1;Time;;{sheet.code}\nFriends", "en", now)
    found = contribution_of(session, secret)
    assert found.text == "Time"
    with pytest.raises(FaultyEntry) as refused:
        enter_paper(
            session,
            actor,
            process,
            question,
            f"1;a;;{sheet.code}\n1;b;;{other.code}\n1;c;;22222222",
            "en",
            now,
        )
    assert [(fault.place, str(fault).split()[0]) for fault in refused.value.faults] == [
        (1, "Sheet"),
        (3, "No"),
    ]
    withdraw_contribution(session, secret, now)
    assert found.text == ""


def test_a_sheet_of_a_batch_that_was_taken_back_can_be_typed_again(
    session: Session, process: Process, question: Question, actor: Actor, now: datetime
) -> None:
    ((sheet, secret),) = print_sheets(session, actor, process, question, "", 1, now)
    line = f"1;Tiem;;{sheet.code}"
    enter_paper(session, actor, process, question, line, "en", now)
    take_back_batch(session, actor, process, queries.batch(session, process, 1), "Misread", now)
    enter_paper(session, actor, process, question, line.replace("Tiem", "Time"), "en", now)
    assert contribution_of(session, secret).text == "Time"


def test_what_stands_there_already_is_pointed_out(
    session: Session, process: Process, question: Question, actor: Actor, now: datetime
) -> None:
    origin = Origin("import", "fr", now)
    batch = enter_batch(session, actor, process, question, [Entry(1, "Du temps libéré")], origin, now)
    there = queries.said_already(session, question, ["DU TEMPS LIBERE", "Du calme"])
    assert there == {"du temps libere": batch.contributions[0].key}
