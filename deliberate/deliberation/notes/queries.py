"""Reading the notes of a session."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.deliberation.models import Sitting
from deliberate.deliberation.notes.models import TableNote


def notes(session: Session, sitting: Sitting) -> Sequence[TableNote]:
    """The notes of the tables of a sitting."""
    return session.scalars(
        select(TableNote).where(TableNote.sitting_id == sitting.id).order_by(TableNote.label)
    ).all()
