"""Reading new evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from deliberate.core.errors import N_, NotFound
from deliberate.drafting.models import Charter
from deliberate.inputs.experience.models import Lesson
from deliberate.people.queries import DataRequested
from deliberate.process.models import Process
from deliberate.publication.evidence.models import NewEvidence
from deliberate.publication.evidence.rules import threshold
from deliberate.publication.reading import as_stored, in_force, passages


@dataclass(frozen=True)
class Gathered:
    """What came in on a charter since the version in force: how much of it, and whether that is enough to act on."""

    charter: Charter
    version: int
    count: int
    threshold: int

    @property
    def due(self) -> bool:
        """Whether the protocol says to consider a new round."""
        return self.count >= self.threshold


def published(process: Process) -> Select[NewEvidence]:
    """The new evidence that everyone may read, oldest first."""
    query = select(NewEvidence).join(Charter).join(Lesson, Lesson.id == NewEvidence.lesson_id)
    shown = query.where(NewEvidence.state == "published", Lesson.state == "published")
    eager = shown.options(contains_eager(NewEvidence.charter), contains_eager(NewEvidence.lesson))
    return eager.where(Charter.process_id == process.id).order_by(NewEvidence.at, NewEvidence.id)


def evidence_on(session: Session, charter: Charter, clause: str) -> Sequence[NewEvidence]:
    """What everyone may read of new evidence on a clause, oldest first."""
    query = published(charter.process).where(
        NewEvidence.charter_id == charter.id, NewEvidence.clause == clause
    )
    return session.scalars(query).all()


def evidence_from(session: Session, lesson: Lesson) -> Sequence[NewEvidence]:
    """The passages that a lesson is new evidence for."""
    return session.scalars(published(lesson.process).where(NewEvidence.lesson_id == lesson.id)).all()


def waiting(session: Session, process: Process) -> Sequence[NewEvidence]:
    """What a moderator has to look at, oldest first."""
    query = select(NewEvidence).join(Charter).where(Charter.process_id == process.id)
    return session.scalars(query.where(NewEvidence.state == "waiting").order_by(NewEvidence.id)).all()


def decided(session: Session, process: Process) -> Sequence[NewEvidence]:
    """What was refused or removed, newest first: everyone reads the reason, nobody the words."""
    query = select(NewEvidence).join(Charter).where(Charter.process_id == process.id)
    shown = query.where(NewEvidence.state.in_(("refused", "removed")))
    return session.scalars(shown.order_by(NewEvidence.decided_at.desc())).all()


def evidence(session: Session, process: Process, key: str) -> NewEvidence:
    """New evidence by its key, whatever its state. Raises NotFound."""
    query = select(NewEvidence).join(Charter)
    found = session.scalar(query.where(Charter.process_id == process.id, NewEvidence.key == key))
    if found is None:
        raise NotFound(N_("There is no new evidence at this address."))
    return found


def gathered(session: Session, process: Process) -> list[Gathered]:
    """For each charter that has a version in force, how much new evidence came in on that version."""
    known = session.scalars(published(process)).all()
    charters = session.scalars(select(Charter).where(Charter.process_id == process.id).order_by(Charter.id))
    found = []
    for charter in charters:
        if (version := in_force(session, charter)) is not None:
            count = sum(
                one.charter_id == charter.id and one.version_number == version.number for one in known
            )
            found.append(Gathered(charter, version.number, count, threshold(process.protocol)))
    return found


def passage_names(session: Session, charters: Sequence[Charter]) -> dict[tuple[int, str], Any]:
    """The passages in force of some charters, by charter and clause."""
    return {
        (charter.id, passage.clause.id): passage
        for charter in charters
        if (version := in_force(session, charter)) is not None
        for passage in passages(as_stored(version))
    }


def as_record(one: NewEvidence) -> dict[str, Any]:
    """New evidence as plain data: what the bundle holds."""
    return {
        "key": one.key,
        "charter": one.charter.key,
        "clause": one.clause,
        "version": one.version_number,
        "lesson": one.lesson.key,
        "why": one.why,
        "at": one.at.isoformat(),
    }


def add_held(session: Session, request: DataRequested, _now: datetime) -> None:
    """What an account attached while signed in."""
    mine = select(NewEvidence).where(NewEvidence.user_id == request.user.id).order_by(NewEvidence.id)
    request.held["new evidence"] = [as_record(one) for one in session.scalars(mine)]
