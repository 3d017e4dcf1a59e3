"""Reading processes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from deliberate.core.errors import N_, NotFound
from deliberate.people.queries import DataRequested
from deliberate.people.rules import Actor
from deliberate.process.models import Appointment, Process, ProtocolVersion
from deliberate.process.rules import may, permitted


def processes(session: Session, actor: Actor) -> Sequence[Process]:
    """Locked processes, newest first, and the drafts of the person who asks."""
    mine = select(Appointment.process_id).where(Appointment.user_id == actor.user_id)
    query = select(Process).where(or_(Process.locked_at.is_not(None), Process.id.in_(mine)))
    return session.scalars(query.order_by(Process.created_at.desc(), Process.id.desc())).all()


def process_by_slug(session: Session, slug: str, actor: Actor, now: datetime) -> Process:
    """A process at its address. A draft is there only for those appointed in it. Raises NotFound."""
    process = session.scalar(select(Process).where(Process.slug == slug))
    if process is None or (process.locked_at is None and not roles_of(session, actor, process, now)):
        raise NotFound(N_("There is no process at this address."))
    return process


def roles_of(session: Session, actor: Actor, process: Process, now: datetime) -> frozenset[str]:
    """The roles an actor holds in a process at a moment; "everyone" goes without saying."""
    if actor.kind in ("operator", "clock"):
        return frozenset({"organiser"})
    if actor.user_id is None:
        return frozenset()
    held = select(Appointment.role).where(
        Appointment.process_id == process.id,
        Appointment.user_id == actor.user_id,
        Appointment.since <= now,
        or_(Appointment.until.is_(None), Appointment.until > now),
    )
    return frozenset(session.scalars(held))


def allowed(
    session: Session, actor: Actor, process: Process, capability: str, object: str, now: datetime
) -> bool:
    """Whether an actor has a capability now: for pages that show or leave out a button. Acts use `require`."""
    return may(process.situation(now), object, roles_of(session, actor, process, now), capability)


def who_may_do_what(process: Process, now: datetime) -> dict[str, dict[str, list[str]]]:
    """Who → object → capabilities at this moment."""
    return permitted(process.situation(now))


def appointed(session: Session, process: Process, role: str, now: datetime) -> Sequence[Appointment]:
    """Those who hold a role at a moment."""
    return session.scalars(
        select(Appointment)
        .where(
            Appointment.process_id == process.id,
            Appointment.role == role,
            Appointment.since <= now,
            or_(Appointment.until.is_(None), Appointment.until > now),
        )
        .order_by(Appointment.id)
    ).all()


def protocol_versions(session: Session, process: Process) -> Sequence[ProtocolVersion]:
    """Every version of the protocol, oldest first."""
    query = select(ProtocolVersion).where(ProtocolVersion.process_id == process.id)
    return session.scalars(query.order_by(ProtocolVersion.number)).all()


def rule(process: Process, name: str) -> dict[str, Any]:
    """A decision rule of the protocol: method, threshold, denominator, quorum, secrecy. Raises NotFound."""
    found: dict[str, Any] | None = process.protocol.get("rules", {}).get(name)
    if found is None:
        raise NotFound(N_("The protocol has no decision rule named “%(name)s”."), name=name)
    return found


def add_held(session: Session, request: DataRequested, _now: datetime) -> None:
    """The roles an account holds or held."""
    mine = select(Appointment).where(Appointment.user_id == request.user.id).order_by(Appointment.id)
    request.held["roles"] = [
        {
            "process": one.process.slug,
            "role": one.role,
            "since": one.since.isoformat(),
            "until": one.until.isoformat() if one.until else None,
        }
        for one in session.scalars(mine)
    ]
