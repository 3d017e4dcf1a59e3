"""Acts on who holds which role in a process, and a guarantor's public remark."""

from datetime import datetime

from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.people.acts import pseudonym
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Appointment, Process
from deliberate.process.queries import roles_of
from deliberate.process.record import note
from deliberate.process.rules import ROLES, incompatible


def appoint(
    session: Session,
    actor: Actor,
    process: Process,
    user: User,
    role: str,
    now: datetime,
    until: datetime | None = None,
) -> Appointment:
    """Give a person a role. A guarantor never holds another role, and nobody else becomes one too."""
    require(session, actor, process, "create", "appointment", now)
    return give_role(session, actor, process, user, role, now, until)


def give_role(
    session: Session,
    actor: Actor,
    process: Process,
    user: User,
    role: str,
    now: datetime,
    until: datetime | None = None,
) -> Appointment:
    """The appointment itself, for acts that have checked their own permission (a seat that is confirmed)."""
    if role not in ROLES:
        raise Refusal(N_("There is no role named “%(role)s”."), role=role)
    held = roles_of(session, Actor(user.id), process, now)
    if role in held:
        raise Conflict(N_("This person already holds this role."))
    if incompatible(held, role):
        raise Refusal(
            N_("A guarantor holds no other role in a process, so that they can vouch for it."), field="role"
        )
    appointment = Appointment(process_id=process.id, user_id=user.id, role=role, since=now, until=until)
    session.add(appointment)
    session.flush()
    who = pseudonym(session, Actor(user.id), process.slug)
    note(session, actor, process, "appoint", f"role:{role}", now, {"person": who})
    return appointment


def dismiss(session: Session, actor: Actor, appointment: Appointment, now: datetime) -> None:
    """End a term now. The last organiser stays."""
    process = appointment.process
    require(session, actor, process, "change", "appointment", now)
    lock(session, process)
    for held in process.appointments:
        session.refresh(held)
    others = [
        a for a in process.appointments if a.role == "organiser" and a.until is None and a is not appointment
    ]
    if appointment.role == "organiser" and not others:
        raise Conflict(N_("A process keeps at least one organiser. Appoint another first."))
    appointment.until = now
    who = pseudonym(session, Actor(appointment.user_id), process.slug)
    note(session, actor, process, "dismiss", f"role:{appointment.role}", now, {"person": who})


def remark(session: Session, actor: Actor, process: Process, text: str, now: datetime) -> None:
    """Append a guarantor's public remark to the journal."""
    require(session, actor, process, "remark", "journal", now)
    if not text.strip():
        raise Refusal(N_("Write the remark first."), field="text")
    note(session, actor, process, "remark", f"process:{process.slug}", now, {"text": text.strip()})
