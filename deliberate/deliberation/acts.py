"""Acts of a sitting: opening it, marking who is there, putting evidence and notes before it, erasure."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Refusal
from deliberate.deliberation.models import Attendance, Evidence, Sitting, TableNote, Vote
from deliberate.deliberation.queries import members, present_ids
from deliberate.people.acts import Erased, pseudonym
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note

STANCES = ("for", "against", "neither")
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


def add_evidence(
    session: Session,
    actor: Actor,
    process: Process,
    claim: Texts,
    source: str,
    stance: str,
    now: datetime,
    *,
    sitting: Sitting | None = None,
    about: str = "",
    validation: str = "",
) -> Evidence:
    """Put a claim with its source before the panel; `stance` is one of STANCES towards `about` (a clause, an idea)."""
    require(session, actor, process, "create", "evidence", now)
    if not any(text.strip() for text in claim.values()):
        raise Refusal(N_("Write what is claimed."), field="claim")
    if not source.strip():
        raise Refusal(N_("Say where this comes from, so that others can check it."), field="source")
    if stance not in STANCES:
        raise Refusal(N_("Say whether this speaks for, against, or neither."), field="stance")
    lock(session, process)
    count = session.scalar(select(func.count(Evidence.id)).where(Evidence.process_id == process.id)) or 0
    item = Evidence(
        process_id=process.id,
        sitting=sitting,
        key=f"e-{count + 1}",
        about=about.strip(),
        claim=dict(claim),
        source=source.strip(),
        validation=validation.strip(),
        stance=stance,
        by=pseudonym(session, actor, process.slug),
        at=now,
    )
    session.add(item)
    session.flush()
    told = {"claim": item.claim, "source": item.source, "validation": item.validation}
    public = {"stance": stance, "about": item.about}
    note(session, actor, process, "add", f"evidence:{item.key}", now, public, private=told, published=True)
    return item


def add_note(
    session: Session, actor: Actor, sitting: Sitting, label: str, text: Texts, now: datetime
) -> TableNote:
    """Keep what a table asks to be kept of its talk."""
    require(session, actor, sitting.process, "change", "session", now)
    if not any(words.strip() for words in text.values()):
        raise Refusal(N_("Write the note first."), field="text")
    kept = TableNote(sitting_id=sitting.id, label=label.strip(), text=dict(text), at=now)
    session.add(kept)
    session.flush()
    public = {"session": sitting.number, "table": kept.label}
    note(session, actor, sitting.process, "add", f"note:{kept.id}", now, public, private=kept.text)
    return kept


def forget(session: Session, event: Erased, _now: datetime) -> None:
    """What remains of an erased person here: votes that were counted, under a name that is nobody's."""
    session.execute(update(Vote).where(Vote.user_id == event.user.id).values(user_id=None))
