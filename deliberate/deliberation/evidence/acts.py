"""Putting a claim before the panel."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Refusal
from deliberate.deliberation.evidence.models import Evidence
from deliberate.deliberation.models import Sitting
from deliberate.people.acts import pseudonym
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note

STANCES = ("for", "against", "neither")


def add_evidence(
    session: Session,
    actor: Actor,
    process: Process,
    claim: Mapping[str, str],
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
