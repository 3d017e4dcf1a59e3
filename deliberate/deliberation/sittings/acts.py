"""Acts of a session: announcing it, marking who is there."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Refusal
from deliberate.deliberation.models import Attendance, Sitting
from deliberate.deliberation.queries import members, present_ids
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note

Texts = Mapping[str, str]


def open_sitting(
    session: Session,
    actor: Actor,
    process: Process,
    title: Texts,
    opens_at: datetime,
    now: datetime,
    *,
    place: str = "",
    agenda: Iterable[Texts] = (),
) -> Sitting:
    """Announce a session of the panel in the present round. `agenda`: one text per language for each point."""
    require(session, actor, process, "create", "session", now)
    if not any(text.strip() for text in title.values()):
        raise Refusal(N_("Give the session a title."), field="title")
    lock(session, process)
    count = session.scalar(select(func.count(Sitting.id)).where(Sitting.process_id == process.id)) or 0
    sitting = Sitting(
        process_id=process.id,
        round=process.round(now),
        number=count + 1,
        title=dict(title),
        opens_at=opens_at,
        place=place.strip(),
        agenda=[dict(point) for point in agenda],
    )
    session.add(sitting)
    session.flush()
    public = {
        "title": sitting.title,
        "opens_at": opens_at.astimezone(UTC).isoformat(timespec="seconds"),
        "place": sitting.place,
        "agenda": sitting.agenda,
        "round": sitting.round,
    }
    note(session, actor, process, "open", f"session:{sitting.number}", now, public)
    return sitting


def mark_attendance(
    session: Session, actor: Actor, sitting: Sitting, present: Iterable[int], now: datetime
) -> int:
    """Say who is in the room at this moment, as account ids; those left out have left. Returns how many are present.

    Raises Refusal when someone named holds no seat.
    """
    process = sitting.process
    require(session, actor, process, "change", "session", now)
    wanted = set(present)
    if not wanted <= {user.id for user in members(session, process, now)}:
        raise Refusal(N_("Someone marked as present holds no seat in this panel at this moment."))
    there = present_ids(sitting, now)
    for stay in sitting.attendances:
        if stay.until is None and stay.user_id not in wanted:
            stay.until = now
    for user_id in sorted(wanted - there):
        sitting.attendances.append(Attendance(user_id=user_id, since=now))
    session.flush()
    note(session, actor, process, "mark", f"session:{sitting.number}", now, public={"present": len(wanted)})
    return len(wanted)
