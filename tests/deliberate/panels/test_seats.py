"""Seats: offered, answered, confirmed, replaced from the alternates, final after the contest period."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from deliberate.core.errors import Conflict, NotPermitted
from deliberate.journal.queries import chain
from deliberate.panels.erasure import forget
from deliberate.panels.letters import write_again
from deliberate.panels.models import Draw, Registrant
from deliberate.panels.queries import seat_of, seated, seats
from deliberate.panels.recruitment import invite_to_receipt, make_receipt_link, withdraw_by_link
from deliberate.panels.seats import (
    answer_by_link,
    answer_seat,
    call_alternate,
    confirm_refusal,
    confirm_seat,
    give_up_seat,
    renew_code,
)
from deliberate.panels.vacancies import vacant
from deliberate.people.acts import Erased, make_user, use_code
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.process.models import Process
from deliberate.process.queries import roles_of
from tests.deliberate.panels.work import reveal


@pytest.fixture
def revealed(session: Session, organiser: User, prepared: Draw, now: datetime) -> Draw:
    """A draw whose panel is seated."""
    reveal(session, Actor(organiser.id), prepared, "42", now)
    return prepared


def test_a_confirmed_seat_gives_an_account_a_role_and_a_code(
    session: Session, process: Process, organiser: User, revealed: Draw, now: datetime
) -> None:
    seat = seats(session, revealed)[0]
    with pytest.raises(Conflict, match="once the person has accepted"):
        confirm_seat(session, Actor(organiser.id), seat, now)
    answer_seat(session, Actor(organiser.id), seat, "accepted", now)
    user, code = confirm_seat(session, Actor(organiser.id), seat, now)
    assert use_code(session, code.lower(), "10.0.0.1", now) is user
    assert seat.registrant.contact is not None
    assert user.email == seat.registrant.contact.email
    assert roles_of(session, Actor(user.id), process, now) == {"panel member"}
    assert seat_of(session, process, user.id) is seat
    assert list(seated(session, process, now)) == [seat]
    assert not seat.final(now)
    assert seat.final(now + timedelta(days=7))


def test_an_address_that_is_somebody_elses_account_opens_a_fresh_one(
    session: Session, process: Process, organiser: User, revealed: Draw, now: datetime
) -> None:
    seat = seats(session, revealed)[0]
    assert seat.registrant.contact is not None
    seat.registrant.contact.email = organiser.email
    answer_seat(session, Actor(organiser.id), seat, "accepted", now)
    user, _ = confirm_seat(session, Actor(organiser.id), seat, now)
    assert user.id != organiser.id
    assert user.email == f"seat-1.{process.slug}@members.invalid"


def test_a_refusal_by_telephone_frees_the_seat_once_a_guarantor_confirms_it(
    session: Session, organiser: User, guarantor: User, revealed: Draw, now: datetime
) -> None:
    actor = Actor(organiser.id)
    seat = seats(session, revealed)[2]
    answer_seat(session, actor, seat, "declined", now)
    assert vacant(session, revealed) == 0
    with pytest.raises(Conflict, match="once it is confirmed"):
        call_alternate(session, actor, revealed, now)
    with pytest.raises(NotPermitted):
        confirm_refusal(session, actor, seat, now)
    confirm_refusal(session, Actor(guarantor.id), seat, now)
    called = call_alternate(session, actor, revealed, now)
    assert called.alternate_rank in (1, 2)
    assert called.state == "offered"
    with pytest.raises(Conflict):
        call_alternate(session, actor, revealed, now)


def test_a_refusal_by_the_person_needs_nobody_elses_word(
    session: Session, process: Process, organiser: User, revealed: Draw, now: datetime
) -> None:
    seat = seats(session, revealed)[0]
    secret = make_receipt_link(session, seat.registrant, now, handed=False)
    with pytest.raises(Conflict, match="Decline the seat"):
        withdraw_by_link(session, process, secret, now)
    answer_by_link(session, process, secret, "declined", now)
    assert vacant(session, revealed) == 1


def test_an_answer_says_through_whose_hands_its_link_went(
    session: Session, process: Process, organiser: User, revealed: Draw, now: datetime
) -> None:
    first, second, third = seats(session, revealed)[:3]
    own = make_receipt_link(session, first.registrant, now, handed=False)
    answer_by_link(session, process, own, "declined", now)
    made = invite_to_receipt(session, Actor(organiser.id), second.registrant, now)
    answer_by_link(session, process, made, "declined", now)
    written = write_again(session, Actor(organiser.id), third, now, lambda _to, _code: None)
    answer_by_link(session, process, written.code, "accepted", now)
    assert [first.handed, second.handed, third.handed] == [False, True, True]
    entries = list(chain(session, process.slug))
    made_by = [entry for entry in entries if entry["act"] == "make link"]
    assert [entry["object"] for entry in made_by] == [second.registrant.person]
    said = [entry["public"]["handed"] for entry in entries if entry["act"] == "answer"]
    assert said == [False, True, True]


def test_a_person_may_change_their_mind_until_someone_else_is_called(
    session: Session, process: Process, organiser: User, revealed: Draw, now: datetime
) -> None:
    seat = seats(session, revealed)[0]
    secret = make_receipt_link(session, seat.registrant, now, handed=False)
    answer_by_link(session, process, secret, "accepted", now)
    answer_by_link(session, process, secret, "declined", now)
    answer_by_link(session, process, secret, "accepted", now)
    assert (seat.state, seat.refusal_confirmed_at, vacant(session, revealed)) == ("accepted", None, 0)
    answer_by_link(session, process, secret, "declined", now)
    call_alternate(session, Actor(organiser.id), revealed, now)
    with pytest.raises(Conflict, match="an alternate has been called since"):
        answer_by_link(session, process, secret, "accepted", now)


def test_when_every_alternate_was_called_a_seat_stays_empty(
    session: Session, process: Process, organiser: User, revealed: Draw, now: datetime
) -> None:
    found = seats(session, revealed)
    for seat in found[:3]:
        answer_by_link(
            session, process, make_receipt_link(session, seat.registrant, now, handed=False), "declined", now
        )
    actor = Actor(organiser.id)
    called = {call_alternate(session, actor, revealed, now).number for _ in range(2)}
    assert called == {7, 8}
    with pytest.raises(Conflict, match="stays empty"):
        call_alternate(session, actor, revealed, now)


def test_someone_who_withdrew_after_the_seal_has_declined_already(
    session: Session,
    process: Process,
    organiser: User,
    prepared: Draw,
    filled: list[Registrant],
    now: datetime,
) -> None:
    for registrant in filled[:20]:
        withdraw_by_link(session, process, make_receipt_link(session, registrant, now, handed=False), now)
    reveal(session, Actor(organiser.id), prepared, "42", now)
    gone = [seat for seat in seats(session, prepared) if seat.registrant.state == "withdrawn"]
    assert gone
    assert {seat.state for seat in gone} == {"declined"}


def test_a_member_who_gives_up_loses_code_and_role(
    session: Session, process: Process, organiser: User, revealed: Draw, now: datetime
) -> None:
    actor = Actor(organiser.id)
    seat = seats(session, revealed)[0]
    answer_seat(session, actor, seat, "accepted", now)
    user, first = confirm_seat(session, actor, seat, now)
    code = renew_code(session, actor, seat, now)
    assert code != first
    give_up_seat(session, actor, seat, "Moved away", now + timedelta(days=3))
    later = now + timedelta(days=4)
    assert roles_of(session, Actor(user.id), process, later) == frozenset()
    assert list(seated(session, process, now + timedelta(days=1))) == [seat]
    assert list(seated(session, process, later)) == []
    assert vacant(session, revealed) == 1


def test_erasing_an_account_erases_the_volunteer_it_came_from(
    session: Session, process: Process, organiser: User, revealed: Draw, now: datetime
) -> None:
    actor = Actor(organiser.id)
    seat = seats(session, revealed)[0]
    answer_seat(session, actor, seat, "accepted", now)
    user, _ = confirm_seat(session, actor, seat, now)
    forget(session, Erased(user), now)
    assert (seat.registrant.values, seat.registrant.contact) == ({}, None)
    assert seat.registrant.pseudonym not in revealed.key.values()


def test_a_member_without_email_gets_an_address_of_the_seat(
    session: Session, process: Process, organiser: User, revealed: Draw, now: datetime
) -> None:
    seat = seats(session, revealed)[1]
    assert seat.registrant.contact is not None
    seat.registrant.contact.email = ""
    answer_seat(session, Actor(organiser.id), seat, "accepted", now, channel="letter")
    user, _ = confirm_seat(session, Actor(organiser.id), seat, now)
    assert user.email == f"seat-2.{process.slug}@members.invalid"
    assert make_user(session, user.email, "", now) is user
