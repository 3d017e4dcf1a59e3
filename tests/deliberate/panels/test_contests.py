"""Contests: filed by anyone, answered in public, remarked on by a guarantor; an unanswered one holds the seats back."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from deliberate.core.errors import Conflict, NotPermitted, Refusal
from deliberate.journal.queries import chain, openings
from deliberate.panels.contests import (
    answer_contest,
    contestable,
    file_contest,
    hide_contest,
    remark_contest,
    show_contest,
)
from deliberate.panels.models import Contest, Draw
from deliberate.panels.queries import seats
from deliberate.panels.seats import answer_seat, confirm_seat
from deliberate.people.models import User
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.models import Process
from tests.deliberate.panels.work import reveal

TEXT = "Seat 3 was given to someone who lives elsewhere."


@pytest.fixture
def revealed(session: Session, organiser: User, prepared: Draw, now: datetime) -> Draw:
    """A draw whose first seat is confirmed, and the others declined or waiting."""
    actor = Actor(organiser.id)
    reveal(session, actor, prepared, "42", now)
    seat = seats(session, prepared)[0]
    answer_seat(session, actor, seat, "accepted", now)
    confirm_seat(session, actor, seat, now)
    return prepared


@pytest.fixture
def contest(session: Session, revealed: Draw, now: datetime) -> Contest:
    """A contest of that draw."""
    return file_contest(
        session, VISITOR, revealed, TEXT, now + timedelta(days=2), language="en", contact="c@example.org"
    )


def test_a_contest_without_an_answer_keeps_a_seat_from_becoming_final(
    session: Session, organiser: User, revealed: Draw, contest: Contest, now: datetime
) -> None:
    seat = seats(session, revealed)[0]
    assert not seat.final(now + timedelta(days=8))
    contact = answer_contest(
        session, Actor(organiser.id), contest, "They moved here in May.", now + timedelta(days=9)
    )
    assert (contact, contest.contact) == ("c@example.org", "")
    assert not seat.final(now + timedelta(days=8))
    assert seat.final(now + timedelta(days=9))


def test_a_contest_filed_after_a_seat_became_final_leaves_it_so(
    session: Session, revealed: Draw, now: datetime
) -> None:
    seat = seats(session, revealed)[0]
    later = now + timedelta(days=8)
    assert contestable(session, revealed, later), "other seats still wait for an answer"
    file_contest(session, VISITOR, revealed, TEXT, later, language="en")
    assert seat.final(later)


def test_the_time_to_contest_ends_with_the_last_seat_that_is_not_final(
    session: Session, organiser: User, revealed: Draw, now: datetime
) -> None:
    actor = Actor(organiser.id)
    for seat in seats(session, revealed)[1:6]:
        answer_seat(session, actor, seat, "accepted", now)
        confirm_seat(session, actor, seat, now)
    assert contestable(session, revealed, now + timedelta(days=6))
    over = now + timedelta(days=7)
    assert not contestable(session, revealed, over)
    with pytest.raises(Conflict, match="its seats are final"):
        file_contest(session, VISITOR, revealed, TEXT, over, language="en")


def test_a_contest_is_answered_once_by_organisers_and_remarked_on_by_a_guarantor(
    session: Session, organiser: User, guarantor: User, contest: Contest, now: datetime
) -> None:
    with pytest.raises(NotPermitted):
        answer_contest(session, Actor(guarantor.id), contest, "No.", now)
    with pytest.raises(NotPermitted):
        remark_contest(session, Actor(organiser.id), contest, "No.", now)
    with pytest.raises(Refusal, match="Write something"):
        answer_contest(session, Actor(organiser.id), contest, "  ", now)
    answer_contest(session, Actor(organiser.id), contest, "They moved here in May.", now)
    with pytest.raises(Conflict, match="already answered"):
        answer_contest(session, Actor(organiser.id), contest, "Again.", now)
    remark_contest(session, Actor(guarantor.id), contest, "I saw the lease.", now)
    assert contest.remark == "I saw the lease."


def test_a_text_that_names_a_person_leaves_the_public_journal_and_a_guarantor_may_bring_it_back(
    session: Session,
    process: Process,
    organiser: User,
    guarantor: User,
    contest: Contest,
    now: datetime,
) -> None:
    def public() -> list[str]:
        return [part["content"].get("text", "") for part in openings(session, process.slug).values()]

    assert TEXT in public()
    assert all(TEXT not in str(entry["public"]) for entry in chain(session, process.slug))
    with pytest.raises(Refusal, match="Write something"):
        hide_contest(session, Actor(organiser.id), contest, "", now)
    hide_contest(session, Actor(organiser.id), contest, "It names a neighbour.", now)
    assert TEXT not in public()
    with pytest.raises(NotPermitted):
        show_contest(session, Actor(organiser.id), contest, now)
    show_contest(session, Actor(guarantor.id), contest, now)
    assert TEXT in public()


def test_a_draw_that_is_not_revealed_cannot_be_contested(
    session: Session, prepared: Draw, now: datetime
) -> None:
    with pytest.raises(Conflict):
        file_contest(session, VISITOR, prepared, TEXT, now, language="en")
