"""Acts on seats: answers, refusals that someone stands behind, alternates, confirmation, giving up."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.panels.models import Draw, Seat
from deliberate.panels.queries import registrant_by_link, seat_of_registrant, seats, vacant
from deliberate.panels.rules import ANSWERS, CHANNELS, OCCUPYING, final_from
from deliberate.people.acts import make_code, make_user, revoke_codes
from deliberate.people.models import User
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import require
from deliberate.process.appointments import dismiss, give_role
from deliberate.process.models import Appointment, Process
from deliberate.process.record import note
from deliberate.process.rules import moment
from sortition import Quota, next_alternate

MEMBER = "panel member"
NO_ADDRESS = "members.invalid"


def answer_by_link(session: Session, process: Process, secret: str, answer: str, now: datetime) -> Seat:
    """Accept or decline one's own seat; whoever holds the link may. Their word needs no confirmation."""
    seat = seat_of_registrant(session, registrant_by_link(session, process, secret))
    if seat is None:
        raise Conflict(N_("No seat was drawn for you, so there is nothing to answer."))
    _answer(session, VISITOR, seat, answer, "link", now)
    return seat


def answer_seat(
    session: Session, actor: Actor, seat: Seat, answer: str, now: datetime, channel: str = "telephone"
) -> None:
    """Note what a person answered: accepted, declined or no answer, by telephone or letter.

    A refusal noted by an organiser holds the place until the person or a guarantor confirms it.
    """
    require(session, actor, seat.draw.process, "change", "seat", now)
    _answer(session, actor, seat, answer, channel, now)


def confirm_refusal(session: Session, actor: Actor, seat: Seat, now: datetime) -> None:
    """A guarantor's word that a person truly refused, or could not be reached."""
    require(session, actor, seat.draw.process, "confirm", "seat", now)
    lock(session, seat)
    if seat.state not in ("declined", "no answer"):
        raise Conflict(N_("There is no refusal to confirm for this seat."))
    if seat.refusal_confirmed_at is not None:
        raise Conflict(N_("This refusal was already confirmed."))
    seat.refusal_confirmed_at = now
    session.flush()
    _record(session, actor, seat, "confirm refusal", now)


def call_alternate(session: Session, actor: Actor, draw: Draw, now: datetime) -> Seat:
    """Offer a place left empty to the next alternate; returns their seat.

    Whoever best keeps the quotas with those present comes first, and among equals the first in the order drawn (Assos,
    Baharav, Flanigan, Procaccia 2025): nobody chooses. Raises Conflict when no place is empty or nobody waits.
    """
    require(session, actor, draw.process, "change", "seat", now)
    lock(session, draw)
    _refuse_late(draw, now)
    found = seats(session, draw)
    if not vacant(session, draw):
        raise Conflict(
            N_("Every seat is taken or waits for an answer; a refusal counts once it is confirmed.")
        )
    waiting = [seat for seat in found if seat.state == "waiting" and seat.registrant.state == "registered"]
    quotas = [Quota(one["category"], one["value"], one["min"], one["max"]) for one in draw.lottery["quotas"]]
    present = [seat.registrant.values for seat in found if seat.state in OCCUPYING]
    place = next_alternate(quotas, present, [seat.registrant.values for seat in waiting])
    if place is None:
        raise Conflict(N_("Every alternate has been called: this seat stays empty."))
    seat = waiting[place]
    seat.state, seat.offered_at = "offered", now
    session.flush()
    _record(session, actor, seat, "call", now, {"rank": seat.alternate_rank})
    return seat


def confirm_seat(session: Session, actor: Actor, seat: Seat, now: datetime) -> tuple[User, str]:
    """Make an account for who accepted, give it its role, and return it with a printed code, shown once.

    The account bears the person's e-mail address only when nobody has an account with it yet: an address that a
    volunteer typed must never open another person's account. Otherwise, or without one, the seat has its own address.
    """
    draw, contact = seat.draw, seat.registrant.contact
    require(session, actor, draw.process, "change", "seat", now)
    lock(session, seat)
    if seat.state != "accepted":
        raise Conflict(N_("A seat is confirmed once the person has accepted it."))
    name, language = (contact.name, contact.language) if contact else ("", "fr")
    user = make_user(session, _address(session, seat), name, now, language)
    seat.user_id, seat.user = user.id, user
    seat.state, seat.confirmed_at = "confirmed", now
    seat.final_from = final_from(draw.process.protocol, now)
    session.flush()
    give_role(session, actor, draw.process, user, MEMBER, now)
    code = make_code(session, user, now)
    # The member's name in the journal is left out: it would tie their words to their place in the lottery.
    _record(session, actor, seat, "confirm seat", now, {"final": seat.final_from.date().isoformat()})
    return user, code


def renew_code(session: Session, actor: Actor, seat: Seat, now: datetime) -> str:
    """A new printed code for a member who lost theirs; the one before it no longer signs in."""
    require(session, actor, seat.draw.process, "change", "seat", now)
    lock(session, seat)
    if seat.state != "confirmed" or seat.user is None:
        raise Conflict(N_("A seat is confirmed once the person has accepted it."))
    _record(session, actor, seat, "renew code", now)
    return make_code(session, seat.user, now)


def give_up_seat(session: Session, actor: Actor, seat: Seat, reason: str, now: datetime) -> None:
    """Note that a member gives up their confirmed seat; their code and their role end. An alternate may be called."""
    process = seat.draw.process
    require(session, actor, process, "change", "seat", now)
    lock(session, seat)
    if seat.state != "confirmed" or seat.user is None:
        raise Conflict(N_("Only a confirmed seat can be given up. Note a refusal instead."))
    if not reason.strip():
        raise Refusal(N_("Say why: the reason stands in the public journal."), field="reason")
    revoke_codes(session, seat.user, now)
    held = select(Appointment).where(
        Appointment.process_id == process.id,
        Appointment.user_id == seat.user_id,
        Appointment.role == MEMBER,
        Appointment.until.is_(None),
    )
    for appointment in session.scalars(held):
        dismiss(session, actor, appointment, now)
    seat.state, seat.ended_at, seat.refusal_confirmed_at = "given up", now, now
    session.flush()
    _record(session, actor, seat, "give up seat", now, {"reason": reason.strip()})


def _answer(session: Session, actor: Actor, seat: Seat, answer: str, channel: str, now: datetime) -> None:
    if answer not in ANSWERS or channel not in CHANNELS:
        raise Refusal(N_("Choose one of the answers."), field="answer")
    lock(session, seat)
    if seat.state in ("waiting", "confirmed", "given up"):
        raise Conflict(N_("This seat does not await an answer."))
    if seat.refusal_confirmed_at is not None:
        raise Conflict(N_("This seat was declined, and an alternate may have been called."))
    seat.state, seat.channel, seat.answered_at = answer, channel, now
    if answer == "declined" and channel == "link":
        seat.refusal_confirmed_at = now
    session.flush()
    _record(session, actor, seat, "answer", now, {"answer": answer, "channel": channel})


def _refuse_late(draw: Draw, now: datetime) -> None:
    protocol = draw.process.protocol
    last = moment(protocol["panel"].get("alternates_until"), protocol["time_zone"], after=True)
    if last is not None and last <= now:
        raise Conflict(
            N_("The protocol's last day for calling alternates has passed: this seat stays empty.")
        )


def _address(session: Session, seat: Seat) -> str:
    contact = seat.registrant.contact
    email = contact.email.strip().lower() if contact else ""
    taken = email and session.scalar(select(User.id).where(User.email == email)) is not None
    return email if email and not taken else f"seat-{seat.number}.{seat.draw.process.slug}@{NO_ADDRESS}"


def _record(
    session: Session, actor: Actor, seat: Seat, act: str, now: datetime, public: dict[str, Any] | None = None
) -> None:
    note(session, actor, seat.draw.process, act, f"seat:{seat.number}", now, public)
