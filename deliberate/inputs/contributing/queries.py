"""Reading what is kept beside answers."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from deliberate.inputs.contributing.models import AnswerSource, ContributorContact
from deliberate.inputs.contributing.rules import BURST, BURST_WITHIN, SOURCE_KEPT
from deliberate.inputs.models import Contribution
from deliberate.people.queries import DataRequested
from deliberate.process.models import Process


def add_held(session: Session, request: DataRequested, _now: datetime) -> None:
    """Where the holder of an account asked to be told what becomes of what they contributed while signed in."""
    mine = (
        select(ContributorContact)
        .join(Contribution, Contribution.id == ContributorContact.contribution_id)
        .where(Contribution.user_id == request.user.id)
        .order_by(Contribution.id)
        .options(joinedload(ContributorContact.contribution))
    )
    request.held["contribution_contacts"] = [
        {"contribution": one.contribution.key, "address": one.address, "since": one.at.isoformat()}
        for one in session.scalars(mine)
    ]


def bursts(
    session: Session, process: Process, contributions: Iterable[Contribution], now: datetime
) -> dict[str, int]:
    """For those of these contributions that came amid many from one network: how many, within an hour around them.

    A hint for moderators, by key, from `BURST` answers on: a workshop looks the same as one person posing as many.
    """
    rows = session.execute(
        select(AnswerSource.contribution_id, AnswerSource.source, AnswerSource.at)
        .join(Contribution, Contribution.id == AnswerSource.contribution_id)
        .where(Contribution.process_id == process.id, AnswerSource.at > now - SOURCE_KEPT)
    ).all()
    times: dict[str, list[datetime]] = {}
    own: dict[int, tuple[str, datetime]] = {}
    for number, source, at in rows:
        times.setdefault(source, []).append(at)
        own[number] = (source, at)
    found: dict[str, int] = {}
    for one in contributions:
        if one.id not in own:
            continue
        source, at = own[one.id]
        near = sum(abs(other - at) <= BURST_WITHIN for other in times[source])
        if near >= BURST:
            found[one.key] = near
    return found
