"""Noting what contributors are to be told: the letters leave some minutes later, one to each address."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from deliberate.core.jobs import Job, ask
from deliberate.inputs.contributing.models import ContributorContact
from deliberate.inputs.models import Contribution
from deliberate.inputs.moderating.models import Appeal
from deliberate.inputs.telling.models import ContributorNotice

KIND = "contributor letters"
APPEALED = "appeal letters"
# Long enough that what one person does in one go makes one letter.
GATHERED_FOR = timedelta(minutes=15)


def tell(session: Session, contributions: Iterable[Contribution], what: str, now: datetime) -> int:
    """Note that something happened to contributions whose authors left an address; returns how many that are.

    `what`: "moderated", "placed", "contest answered" or "answered". The letter says how things stand when it leaves,
    so noting the same again, or undoing it, tells nobody twice.
    """
    ids = {one.id for one in contributions}
    told = select(ContributorContact.contribution_id).where(ContributorContact.contribution_id.in_(ids))
    # Held in order: two people who do the same at once note it one after the other.
    reachable = set(session.scalars(told.order_by(ContributorContact.contribution_id).with_for_update()))
    if not reachable:
        return 0
    noted = select(ContributorNotice.contribution_id).where(
        ContributorNotice.contribution_id.in_(reachable), ContributorNotice.what == what
    )
    new = reachable - set(session.scalars(noted))
    session.add_all(ContributorNotice(contribution_id=one, what=what, at=now) for one in sorted(new))
    session.flush()
    if session.scalar(select(Job.id).where(Job.kind == KIND, Job.state == "waiting").limit(1)) is None:
        ask(session, KIND, {}, now, at=now + GATHERED_FOR)
    return len(reachable)


def tell_guarantors(session: Session, appeal: Appeal, now: datetime) -> None:
    """Have every guarantor mailed that an appeal waits; the letter holds nothing of what its author wrote."""
    ask(session, APPEALED, {"appeal": appeal.id}, now)


def forget_notices(session: Session, contribution: Contribution) -> None:
    """Tell nothing more about a contribution; for acts that take words back."""
    session.execute(delete(ContributorNotice).where(ContributorNotice.contribution_id == contribution.id))
