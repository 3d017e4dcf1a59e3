"""Acts on lessons: telling, checking, correcting, withdrawing one, and bringing one in from another process.

Failures teach as much as successes (roadmap, paragraphs 17 and 18); each lesson carries a ledger of how it was
validated, by whom, and with what dissent (paragraphs 25 and 26).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, NotPermitted, Refusal
from deliberate.inputs.contributing.acts import first_state
from deliberate.inputs.dossiers.queries import is_settled
from deliberate.inputs.experience import rules
from deliberate.inputs.experience.models import Lesson, LessonVersion
from deliberate.inputs.experience.queries import as_record
from deliberate.inputs.moderating.acts import drop_appeal
from deliberate.inputs.moderating.appeals import forget_appeals
from deliberate.inputs.receipts import held_with, note_withdrawal, to_withdraw
from deliberate.inputs.rules import Fault, FaultyEntry, new_key, receipt_hash
from deliberate.journal.acts import withdraw
from deliberate.journal.canonical import digest
from deliberate.people.acts import Erased
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.queries import allowed
from deliberate.process.record import note, stated_reason

TAKEN = N_("Another experience already has the short name “%(key)s”.")


def add_lesson(
    session: Session,
    actor: Actor,
    process: Process,
    given: dict[str, Any],
    now: datetime,
    *,
    secret: str = "",
    origin: str = "",
) -> Lesson:
    """Record one lesson from plain data (see `rules.read_lesson`). Raises FaultyEntry with everything wrong.

    From a moderator or an organiser it is published at once; from anyone else, as the protocol's moderation says.
    `secret` is the receipt of who tells it, of which only the hash is kept.
    """
    require(session, actor, process, "create", "lesson", now)
    content, faults = rules.read_lesson(given, 1)
    if content.get("key") in keys(session, process):
        faults.append(Fault(1, TAKEN, {"key": content["key"]}))
    if faults:
        raise FaultyEntry(faults)
    return record_lesson(session, actor, process, content, now, secret=secret, origin=origin)


def keys(session: Session, process: Process) -> set[str]:
    """The short names of every lesson of a process, whatever its state."""
    return set(session.scalars(select(Lesson.key).where(Lesson.process_id == process.id)))


def record_lesson(
    session: Session,
    actor: Actor,
    process: Process,
    content: dict[str, Any],
    now: datetime,
    *,
    secret: str = "",
    origin: str = "",
) -> Lesson:
    """Keep a lesson that was read without a fault, by somebody who may tell one, and write it into the journal."""
    trusted = allowed(session, actor, process, "moderate", "lesson", now)
    lesson = Lesson(
        process_id=process.id,
        **{**content, "key": content["key"] or new_key("l")},
        round=process.round(now),
        state="published" if trusted else first_state(process),
        origin=origin,
        receipt_hash=receipt_hash(secret) if secret else None,
        user_id=None if trusted else actor.user_id,
        at=now,
    )
    session.add(lesson)
    session.flush()
    _note_content(session, actor, lesson, "tell", now)
    return lesson


def _note_content(
    session: Session, actor: Actor, lesson: Lesson, act: str, now: datetime, reason: str = ""
) -> None:
    whole = as_record(lesson)
    public = {"round": lesson.round, "theme": lesson.theme, "outcome": lesson.outcome}
    public |= {"digest": digest("lesson", whole)} | ({"reason": reason} if reason else {})
    public |= {"version": lesson.version} if lesson.version > 1 else {}
    note(
        session, VISITOR if lesson.user_id else actor, lesson.process, act, lesson.object, now, public,
        private=whole, person=lesson.person, published=lesson.state == "published",
    )  # fmt: skip


def validate_lesson(
    session: Session, actor: Actor, process: Process, lesson: Lesson, check: dict[str, Any], now: datetime
) -> None:
    """Add a line to the ledger of a lesson: criterion, who, how, dissent (each a text per language)."""
    require(session, actor, process, "moderate", "lesson", now)
    line = rules.read_check(check)
    if not line["criterion"] or not line["who"]:
        raise Refusal(N_("Say what was checked, and by whom."), field="criterion")
    lock(session, lesson)
    _refuse_withdrawn(lesson)
    lesson.validation = [*lesson.validation, line]
    session.flush()
    note(session, actor, process, "validate", lesson.object, now, line)


def correct_lesson(
    session: Session,
    actor: Actor,
    process: Process,
    lesson: Lesson,
    given: dict[str, Any],
    reason: str,
    now: datetime,
) -> None:
    """Replace what a lesson says, or add a language to it; what it said before stays readable, with the reason.

    Its short name and its ledger stay. Raises FaultyEntry, Refusal without a reason, Conflict when nothing changes.
    """
    require(session, actor, process, "moderate", "lesson", now)
    why = stated_reason(reason)
    lock(session, lesson)
    _refuse_withdrawn(lesson)
    content, before = _read_correction(lesson, given), as_record(lesson)
    if not rules.changed(before, content):
        raise Conflict(N_("Nothing was changed: it already says this."))
    lesson.versions.append(LessonVersion(number=lesson.version, content=before, reason=why, until=now))
    _write(lesson, content)
    session.flush()
    _note_content(session, actor, lesson, "correct", now, why)


def _read_correction(lesson: Lesson, given: dict[str, Any]) -> dict[str, Any]:
    content, faults = rules.read_lesson({**given, "key": lesson.key}, 1)
    if faults:
        raise FaultyEntry(faults)
    return {**content, "validation": lesson.validation}


def _write(lesson: Lesson, content: dict[str, Any]) -> None:
    for name, value in content.items():
        setattr(lesson, name, value)
    lesson.version += 1


def _refuse_withdrawn(lesson: Lesson) -> None:
    if lesson.state == "withdrawn":
        raise Conflict(N_("Whoever told this experience withdrew it: there is nothing left to change."))


def lesson_of(session: Session, secret: str) -> Lesson:
    """The lesson that a receipt belongs to. Raises NotFound."""
    return held_with(session, Lesson, secret)


def correct_own_lesson(session: Session, secret: str, given: dict[str, Any], now: datetime) -> Lesson:
    """Replace what one told, by its receipt, until the dossier of its round is settled; the first words are forgotten.

    With moderation before publication the new words wait again.
    """
    lesson = lesson_of(session, secret)
    lock(session, lesson)
    if lesson.state not in ("waiting", "published"):
        raise Conflict(N_("This experience was withdrawn or refused; it can no longer be corrected."))
    if is_settled(session, lesson.process, lesson.round):
        said = N_(
            "The dossier of this round is settled: its words can no longer be corrected. You can still withdraw them."
        )
        raise Conflict(said)
    content = _read_correction(lesson, given)
    lesson.versions.clear()
    _write(lesson, content)
    lesson.state = first_state(lesson.process)
    drop_appeal(session, lesson.process, lesson)
    session.flush()
    withdraw(session, lesson.person, actor=VISITOR.kind, now=now)
    _note_content(session, VISITOR, lesson, "reword", now)
    return lesson


def withdraw_lesson(session: Session, secret: str, now: datetime) -> Lesson:
    """Erase what one told, by its receipt, at any time: its words go, its short name stays (GDPR, article 17)."""
    lesson = to_withdraw(session, Lesson, secret)
    _forget(session, lesson, now)
    return lesson


def forget_lessons(session: Session, event: Erased, now: datetime) -> None:
    """Withdraw what an erased person told while signed in."""
    told = select(Lesson).where(Lesson.user_id == event.user.id).order_by(Lesson.id)
    for lesson in session.scalars(told).all():
        _forget(session, lesson, now)


def _forget(session: Session, lesson: Lesson, now: datetime) -> None:
    for name in rules.TEXTS:
        setattr(lesson, name, {})
    for name in (*rules.LISTS, "sdg", "validation"):
        setattr(lesson, name, [])
    for name in rules.PLAIN:
        setattr(lesson, name, "")
    lesson.versions.clear()
    lesson.user_id, lesson.state = None, "withdrawn"
    forget_appeals(session, lesson.process, lesson)
    note_withdrawal(session, lesson.process, lesson, now)


def bring_lessons(
    session: Session, actor: Actor, process: Process, lessons: Iterable[Lesson], now: datetime
) -> list[Lesson]:
    """Copy public lessons of other processes into this one, each with where it came from; those here already are left.

    A copy keeps its ledger. It gets a new short name where the old one is taken.
    """
    require(session, actor, process, "moderate", "lesson", now)
    here, taken = origins(session, process), keys(session, process)
    copies = []
    for lesson in lessons:
        origin = f"{lesson.process.slug}/{lesson.key}"
        if lesson.state != "published" or lesson.process_id == process.id:
            raise NotPermitted(N_("Only public experiences of another process can be brought in."))
        if origin in here:
            continue
        content = {**as_record(lesson), "key": "" if lesson.key in taken else lesson.key}
        copies.append(record_lesson(session, actor, process, content, now, origin=origin))
        taken.add(copies[-1].key)
    if not copies:
        raise Refusal(N_("Choose at least one experience that is not here yet."))
    return copies


def origins(session: Session, process: Process) -> set[str]:
    """Where the lessons of a process were brought from, as `process/key`."""
    query = select(Lesson.origin).where(Lesson.process_id == process.id, Lesson.origin != "")
    return set(session.scalars(query))
