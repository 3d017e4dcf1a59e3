"""What waits for moderation, and what was decided."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.inputs.experience.models import Lesson
from deliberate.inputs.models import Contribution
from deliberate.process.models import Process

Moderated = TypeVar("Moderated", Contribution, Lesson)


def waiting(session: Session, process: Process, round: int | None = None) -> list[Contribution | Lesson]:
    """What waits for moderation, oldest first: contributions, then lessons."""
    return [*_waiting(session, Contribution, process, round), *_waiting(session, Lesson, process, round)]


def _waiting(
    session: Session, table: type[Moderated], process: Process, round: int | None
) -> Sequence[Moderated]:
    query = select(table).where(table.process_id == process.id, table.state == "waiting")
    if round is not None:
        query = query.where(table.round <= round)
    return session.scalars(query.order_by(table.id)).all()


def moderation_log(session: Session, process: Process) -> list[Contribution | Lesson]:
    """What was decided in moderation, newest first."""
    found: list[Contribution | Lesson] = [
        *_decided(session, Contribution, process),
        *_decided(session, Lesson, process),
    ]
    return sorted(found, key=lambda one: (one.moderated_at or one.at, one.key), reverse=True)


def _decided(session: Session, table: type[Moderated], process: Process) -> Sequence[Moderated]:
    return session.scalars(
        select(table).where(table.process_id == process.id, table.moderated_at.is_not(None))
    ).all()
