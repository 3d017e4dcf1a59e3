"""Reading what was put before the panel."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.deliberation.evidence.models import Evidence
from deliberate.process.models import Process


def evidence(session: Session, process: Process, about: str | None = None) -> Sequence[Evidence]:
    """What was put before the panel, oldest first; `about` keeps what concerns one thing."""
    query = select(Evidence).where(Evidence.process_id == process.id).order_by(Evidence.id)
    return session.scalars(query if about is None else query.where(Evidence.about == about)).all()
