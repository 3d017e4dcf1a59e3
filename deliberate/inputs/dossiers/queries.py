"""Reading dossiers."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.inputs.dossiers.models import Dossier
from deliberate.process.models import Process


def dossier(session: Session, process: Process, round: int) -> Dossier | None:
    """The settled dossier of a round, if it is settled."""
    return session.scalar(select(Dossier).where(Dossier.process_id == process.id, Dossier.round == round))


def is_settled(session: Session, process: Process, round: int) -> bool:
    """Whether the dossier of a round is settled, without reading what it holds."""
    query = select(Dossier.id).where(Dossier.process_id == process.id, Dossier.round == round)
    return session.scalar(query) is not None


def dossiers_of(session: Session, process: Process) -> Sequence[Dossier]:
    """The settled dossiers of a process, by round."""
    return session.scalars(
        select(Dossier).where(Dossier.process_id == process.id).order_by(Dossier.round)
    ).all()
