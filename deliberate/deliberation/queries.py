"""Reading sessions and who was there."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.errors import N_, NotFound
from deliberate.deliberation.models import Sitting
from deliberate.people.models import User
from deliberate.process.models import Process
from deliberate.process.queries import appointed


def sittings(session: Session, process: Process) -> Sequence[Sitting]:
    """Every sitting of a process, in order."""
    return session.scalars(
        select(Sitting).where(Sitting.process_id == process.id).order_by(Sitting.number)
    ).all()


def sitting(session: Session, process: Process, number: int) -> Sitting:
    """A sitting by its number. Raises NotFound."""
    query = select(Sitting).where(Sitting.process_id == process.id, Sitting.number == number)
    found = session.scalar(query)
    if found is None:
        raise NotFound(N_("There is no session with this number."))
    return found


def members(session: Session, process: Process, now: datetime) -> list[User]:
    """Those who hold a seat at a moment, in the order of their appointment."""
    return [appointment.user for appointment in appointed(session, process, "panel member", now)]


def seated_count(session: Session, process: Process, now: datetime) -> int:
    """How many seats are held at a moment."""
    return len(appointed(session, process, "panel member", now))


def present_ids(sitting: Sitting, moment: datetime) -> set[int]:
    """The accounts of those who were in a sitting at a moment."""
    return {stay.user_id for stay in sitting.attendances if stay.at(moment)}
