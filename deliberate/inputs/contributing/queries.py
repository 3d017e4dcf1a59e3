"""Reading what is kept beside answers."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.inputs.contributing.models import AnswerSource
from deliberate.inputs.contributing.rules import BURST, BURST_WITHIN, SOURCE_KEPT
from deliberate.inputs.models import Contribution
from deliberate.process.models import Process


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
