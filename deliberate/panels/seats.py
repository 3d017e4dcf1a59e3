"""Acts on seats: answers, refusals that someone stands behind, alternates, confirmation, giving up."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.panels.models import Draw, RegistrantLink, Seat
from deliberate.panels.queries import overdue, registrant_by_link, seat_of_registrant
from deliberate.panels.rules import ANSWERS, CHANNELS, answer_by, final_from, today
from deliberate.panels.vacancies import calls_end, next_in_order, searches, vacant
from deliberate.people.acts import make_code, make_user, revoke_codes
from deliberate.people.models import User
from deliberate.people.rules import VISITOR, Actor, secret_hash
from deliberate.process.acts import require
from deliberate.process.appointments import dismiss, give_role
from deliberate.process.models import Appointment, Process
from deliberate.process.record import note, stated_reason

MEMBER = "panel member"
LONGEST_EXTENSION = timedelta(days=366)
NO_ADDRESS = "members.invalid"


def answer_by_link(session: Session, process: Process, secret: str, answer: str, now: datetime) -> Seat:
    """Accept or decline one's own seat; whoever holds the link may. Their word needs no confirmation.

    They may change their mind until the seat is confirmed; after declining, for as long as nobody was called instead.
    """
    registrant = registrant_by_link(session, process, secret)
    link = session.get_one(RegistrantLink, secret_hash(secret))
    seat = seat_of_registrant(session, registrant)
    if seat is None:
        raise Conflict(N_("No seat was drawn for you, so there is nothing to answer."))
    if answer not in ("accepted", "declined"):
        raise Refusal(N_("Choose one of the answers."), field="answer")
    lock(session, seat.draw)
    lock(session, seat)
    if seat.refusal_confirmed_at is not None:
        _refuse_taken(session, seat)
        seat.refusal_confirmed_at = None
        session.flush()
    _answer(session, VISITOR, seat, answer, "link", now, handed=link.handed)
    return seat


def may_answer(session: Session, seat: Seat) -> bool:
    """Whether a person may still say, or say again, whether they take their place."""
    if seat.state in ("waiting", "confirmed", "given up"):
        return False
    return seat.refusal_confirmed_at is None or bool(vacant(session, seat.draw))


def answer_seat(
    session: Session, actor: Actor, seat: Seat, answer: str, now: datetime, channel: str = "telephone"
) -> None:
    """Note what a person answered: accepted, declined or no answer, by telephone or letter.

    A refusal noted by an organiser holds the place until the person or a guarantor confirms it. Someone counts as not
    reached after their last day to answer only. An answer already noted is changed by `correct_answer`.
    """
    process = seat.draw.process
    require(session, actor, process, "change", "seat", now)
    lock(session, seat)
    if seat.state in ("accepted", "declined") and seat.refusal_confirmed_at is None:
        raise Conflict(N_("An answer was already noted for this seat. Correct it, saying why."))
    if answer == "no answer" and seat.answer_by is not None and not overdue(process.protocol, seat, now):
        raise Conflict(
            N_("This person may answer until %(day)s: they count as not reached afterwards."),
            field="answer",
            day=seat.answer_by,
        )
    _answer(session, actor, seat, answer, channel, now)


def correct_answer(
    session: Session, actor: Actor, seat: Seat, answer: str, reason: str, now: datetime
) -> None:
    """Put right an answer noted by mistake: to another answer, or to `offered`, as if there had been none.

    Not what the person said themself, nor once the seat was confirmed or somebody else was called to the place.
    """
    require(session, actor, seat.draw.process, "change", "seat", now)
    said = stated_reason(reason)
    if answer not in ("offered", "accepted", "declined"):
        raise Refusal(N_("Choose one of the answers."), field="answer")
    lock(session, seat.draw)
    lock(session, seat)
    if seat.state == "confirmed":
        raise Conflict(
            N_("This seat is confirmed, and its code was given. Note that it is given up instead.")
        )
    if seat.state not in ("accepted", "declined", "no answer") or seat.state == answer:
        raise Conflict(N_("There is no such answer to correct for this seat."))
    if seat.channel == "link":
        raise Conflict(N_("The person answered themself: they alone can change it, on their own page."))
    if seat.refusal_confirmed_at is not None:
        _refuse_taken(session, seat)
    before, seat.state, seat.refusal_confirmed_at = seat.state, answer, None
    if answer == "offered":
        seat.channel, seat.answered_at = "", None
    else:
        seat.answered_at = now
    session.flush()
    _record(session, actor, seat, "correct answer", now, {"before": before, "answer": answer, "reason": said})


def extend_deadline(
    session: Session, actor: Actor, seat: Seat, until: date, reason: str, now: datetime
) -> None:
    """Leave a person more time to answer, for a reason that stands in the public journal."""
    process = seat.draw.process
    require(session, actor, process, "change", "seat", now)
    said = stated_reason(reason)
    lock(session, seat)
    if seat.state != "offered":
        raise Conflict(N_("This seat does not await an answer."))
    first = max(today(process.protocol, now), seat.answer_by or date.min)
    if until <= first:
        raise Refusal(N_("Choose a day after %(day)s."), field="until", day=first)
    if until > first + LONGEST_EXTENSION:
        raise Refusal(N_("Choose a day within the coming year."), field="until")
    seat.answer_by = until
    session.flush()
    _record(session, actor, seat, "extend", now, {"until": until.isoformat(), "reason": said})


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
    _refuse_late(session, draw, now)
    if not vacant(session, draw):
        raise Conflict(
            N_("Every seat is taken or waits for an answer; a refusal counts once it is confirmed.")
        )
    awaited = searches(session, draw)
    if "under way" in awaited:
        raise Conflict(N_("The alternates are still being looked for. Wait a minute, then call again."))
    seat, passed_over = next_in_order(session, draw)
    if seat is None and "failed" in awaited:
        raise Conflict(
            N_(
                "The alternates could not be found: have them looked for again on the page of draw %(number)s."
            ),
            number=awaited["failed"].number,
        )
    if seat is None:
        raise Conflict(N_("Every alternate has been called: this seat stays empty."))
    seat.state, seat.offered_at, seat.answer_by = "offered", now, answer_by(draw.process.protocol, now)
    seat.passed_over = passed_over
    session.flush()
    _record(session, actor, seat, "call", now, {"rank": seat.alternate_rank, "passed_over": passed_over})
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
    said = stated_reason(reason)
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
    _record(session, actor, seat, "give up seat", now, {"reason": said})


def _answer(
    session: Session,
    actor: Actor,
    seat: Seat,
    answer: str,
    channel: str,
    now: datetime,
    handed: bool | None = None,
) -> None:
    if answer not in ANSWERS or channel not in CHANNELS:
        raise Refusal(N_("Choose one of the answers."), field="answer")
    lock(session, seat)
    if seat.state in ("waiting", "confirmed", "given up"):
        raise Conflict(N_("This seat does not await an answer."))
    if seat.refusal_confirmed_at is not None:
        raise Conflict(N_("This refusal was already confirmed."))
    seat.state, seat.channel, seat.answered_at, seat.handed = answer, channel, now, handed
    if answer == "declined" and channel == "link":
        seat.refusal_confirmed_at = now
    session.flush()
    known = {} if handed is None else {"handed": handed}
    _record(session, actor, seat, "answer", now, {"answer": answer, "channel": channel} | known)


def _refuse_taken(session: Session, seat: Seat) -> None:
    """A place given back may be taken again while it is empty."""
    if not may_answer(session, seat):
        raise Conflict(N_("This seat was declined, and an alternate has been called since."))


def _refuse_late(session: Session, draw: Draw, now: datetime) -> None:
    last = calls_end(session, draw)
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
