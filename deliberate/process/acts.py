"""Acts on a process: making it, fixing its protocol, opening and closing phases, appointing."""

import re
import unicodedata
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, NotPermitted, Refusal
from deliberate.core.events import announce
from deliberate.journal.acts import open_journal
from deliberate.journal.canonical import digest
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.process.models import Appointment, Phase, Process, ProtocolVersion
from deliberate.process.queries import roles_of
from deliberate.process.randomness import all_faults
from deliberate.process.record import note
from deliberate.process.rules import (
    TEXTS,
    Fault,
    may,
    spans,
    when_possible,
    zone_named,
)

RESERVED = ("instance", "new")  # the instance's own journal; the page that makes a process


class PhaseOpening:
    """Announced before a phase opens by act: a handler that raises Refusal keeps it closed."""

    def __init__(self, phase: Phase) -> None:
        self.phase = phase


class PhaseOpened:
    """Announced when a phase opens."""

    def __init__(self, phase: Phase) -> None:
        self.phase = phase


class PhaseClosed:
    """Announced when a phase closes."""

    def __init__(self, phase: Phase) -> None:
        self.phase = phase


class FaultyProtocol(Refusal):
    """A protocol that cannot be locked yet; `faults` says everything it lacks."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(N_("The protocol cannot be locked yet: see what is marked below."))
        self.faults = faults


def require(
    session: Session, actor: Actor, process: Process, capability: str, object: str, now: datetime
) -> None:
    """Refuse an act that the actor's roles or the phase do not permit. Raises NotPermitted with the reason."""
    roles = roles_of(session, actor, process, now)
    if may(process.situation(now), object, roles, capability):
        return
    if when_possible(object, roles, capability):
        raise NotPermitted(
            N_(
                "This cannot be done in the present phase. The process page says who can do what now, and when."
            )
        )
    raise NotPermitted(
        N_(
            "Your role in this process does not allow this. Sign in with another account, or ask an organiser."
        )
    )


def create_process(
    session: Session,
    actor: Actor,
    texts: dict[str, dict[str, str]],
    protocol: dict[str, Any],
    now: datetime,
    *,
    slug: str = "",
    themes: list[str] | None = None,
    level: str = "",
    territory: str = "",
    demonstration: bool = False,
) -> Process:
    """Make a draft; its maker becomes its organiser. `texts` has title, question, remit, commissioned_by, funded_by.

    Raises NotPermitted unless the actor is an organiser of the instance.
    """
    user = session.get(User, actor.user_id) if actor.user_id else None
    if user is None or "organiser" not in [role.name for role in user.roles]:
        raise NotPermitted(N_("Only an organiser of this instance can create a process."))
    process = Process(
        slug=_free_slug(session, slug or _slug(next(iter(texts["title"].values()), ""))),
        protocol=protocol,
        themes=themes or [],
        level=level,
        territory=territory,
        demonstration=demonstration,
        created_at=now,
        **{name: texts.get(name, {}) for name in TEXTS},
    )
    session.add(process)
    session.flush()
    session.add(Appointment(process_id=process.id, user_id=user.id, role="organiser", since=now))
    session.flush()
    open_journal(session, process.slug, demonstration)
    note(session, actor, process, "create", f"process:{process.slug}", now, {"title": process.title})
    return process


def edit_process(
    session: Session,
    actor: Actor,
    process: Process,
    now: datetime,
    *,
    texts: dict[str, dict[str, str]] | None = None,
    protocol: dict[str, Any] | None = None,
    **plain: Any,
) -> None:
    """Change a draft. Raises Conflict once the protocol is locked."""
    require(session, actor, process, "change", "process", now)
    lock(session, process)
    if process.locked_at is not None:
        raise Conflict(N_("The protocol is locked. It can be amended, with a reason that everyone can read."))
    for name, value in {**(texts or {}), **plain}.items():
        setattr(process, name, value)
    if protocol is not None:
        process.protocol = protocol
    session.flush()


def faults_today(process: Process, now: datetime) -> list[Fault]:
    """What a draft's protocol lacks to be locked at this moment."""
    zone = zone_named(process.protocol.get("time_zone", ""))
    return all_faults(process.protocol, now.astimezone(zone).date())


def lock_protocol(session: Session, actor: Actor, process: Process, now: datetime) -> ProtocolVersion:
    """Fix the protocol: hash it, publish it, lay out its phases. Raises FaultyProtocol with everything it lacks."""
    require(session, actor, process, "lock", "protocol", now)
    lock(session, process)
    if faults := faults_today(process, now):
        raise FaultyProtocol(faults)
    for number, span in enumerate(spans(process.protocol), start=1):
        process.phases.append(
            Phase(number=number, round=span.round, kind=span.kind, opens_at=span.opens, closes_at=span.closes)
        )
    process.locked_at = now
    return _new_protocol_version(session, actor, process, "lock", "", now)


def amend_protocol(
    session: Session, actor: Actor, process: Process, protocol: dict[str, Any], reason: str, now: datetime
) -> ProtocolVersion:
    """Change a locked protocol, with a reason that is published. Phases already opened keep their dates."""
    require(session, actor, process, "amend", "protocol", now)
    _hold_phases(session, process)
    if not reason.strip():
        raise Refusal(N_("Say why the protocol changes: everyone will read it."), field="reason")
    if faults := all_faults(protocol):
        raise FaultyProtocol(faults)
    planned = spans(protocol)
    if len(planned) < len(process.phases):
        raise Refusal(N_("A round that was announced stays in the protocol. Change its dates instead."))
    process.protocol = protocol
    for phase, span in zip(process.phases, planned, strict=False):
        if not phase.opening_recorded:
            phase.opens_at, phase.closes_at = span.opens, span.closes
    for number, span in enumerate(planned[len(process.phases) :], start=len(process.phases) + 1):
        process.phases.append(
            Phase(number=number, round=span.round, kind=span.kind, opens_at=span.opens, closes_at=span.closes)
        )
    return _new_protocol_version(session, actor, process, "amend", reason.strip(), now)


def _new_protocol_version(
    session: Session, actor: Actor, process: Process, act: str, reason: str, now: datetime
) -> ProtocolVersion:
    count = select(func.count(ProtocolVersion.id)).where(ProtocolVersion.process_id == process.id)
    version = ProtocolVersion(
        process_id=process.id,
        number=(session.scalar(count) or 0) + 1,
        content=process.protocol,
        digest=digest("protocol", process.protocol),
        reason=reason,
        at=now,
    )
    session.add(version)
    process.protocol_digest = version.digest
    session.flush()
    public = {"digest": version.digest, "number": version.number} | ({"reason": reason} if reason else {})
    note(session, actor, process, act, "protocol", now, public)
    return version


def open_phase(session: Session, actor: Actor, phase: Phase, now: datetime) -> None:
    """Open a phase by act, whatever its planned date. Announces PhaseOpening, whose handlers may refuse.

    Raises Conflict when another phase is open, when the phase has been open before, or when an earlier one has not.
    """
    process = phase.process
    require(session, actor, process, "change", "phase", now)
    _hold_phases(session, process)
    if process.phase(now) is not None:
        raise Conflict(N_("Another phase is open. Close it first."))
    if phase.span.over(now) or any(p.number > phase.number and p.opening_recorded for p in process.phases):
        raise Conflict(N_("This phase has already been closed; a phase opens once."))
    if any(p.number < phase.number and not p.span.over(now) for p in process.phases):
        raise Conflict(N_("The phases before this one come first."))
    announce(session, PhaseOpening(phase), now)
    phase.opens_at = now
    if phase.closes_at and phase.closes_at <= now:
        phase.closes_at = None
    _opened(session, actor, phase, now)


def close_phase(session: Session, actor: Actor, phase: Phase, now: datetime) -> None:
    """Close the open phase by act. Raises Conflict when it is not open."""
    require(session, actor, phase.process, "change", "phase", now)
    _hold_phases(session, phase.process)
    if not phase.span.holds(now):
        raise Conflict(N_("This phase is not open."))
    if not phase.opening_recorded:
        _opened(session, actor, phase, now)
    phase.closes_at = now
    _closed(session, actor, phase, now)


def record_transitions(session: Session, actor: Actor, now: datetime) -> int:
    """Journal the openings and closings that the clock brought since the last look; returns how many."""
    due = session.scalars(
        select(Phase)
        .where(
            (Phase.opens_at <= now) & ~Phase.opening_recorded
            | (Phase.closes_at <= now) & ~Phase.closing_recorded
        )
        .with_for_update(skip_locked=True),
        execution_options={"populate_existing": True},
    ).all()
    count = 0
    for phase in due:
        if not phase.opening_recorded and phase.opens_at is not None and phase.opens_at <= now:
            _opened(session, actor, phase, now)
            count += 1
        if not phase.closing_recorded and phase.span.over(now):
            _closed(session, actor, phase, now)
            count += 1
    return count


def _hold_phases(session: Session, process: Process) -> None:
    """Hold a process until the transaction ends, and see its phases as another organiser left them."""
    lock(session, process)
    for phase in process.phases:
        lock(session, phase)


def _opened(session: Session, actor: Actor, phase: Phase, now: datetime) -> None:
    phase.opening_recorded = True
    session.flush()
    announce(session, PhaseOpened(phase), now)
    note(session, actor, phase.process, "open", f"phase:{phase.number}", now, _phase_public(phase))


def _closed(session: Session, actor: Actor, phase: Phase, now: datetime) -> None:
    phase.closing_recorded = True
    session.flush()
    announce(session, PhaseClosed(phase), now)
    note(session, actor, phase.process, "close", f"phase:{phase.number}", now, _phase_public(phase))


def _phase_public(phase: Phase) -> dict[str, Any]:
    return {"kind": phase.kind, "round": phase.round}


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "process"


def _free_slug(session: Session, wanted: str) -> str:
    taken = set(session.scalars(select(Process.slug).where(Process.slug.startswith(wanted))))
    if wanted in RESERVED:
        taken.add(wanted)
    return next(
        slug for n in range(1, 10_000) if (slug := wanted if n == 1 else f"{wanted}-{n}") not in taken
    )
