"""Reading the seats of a panel that stand empty: who is called to them next, and the draws that fill them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.jobs import Job
from deliberate.panels.models import Draw, Registrant, Seat
from deliberate.panels.queries import LIVE, pool, seats
from deliberate.panels.rules import OCCUPYING, alternates_end, holds_place
from sortition import Quota, next_alternate


def vacant(session: Session, draw: Draw, found: Sequence[Seat] | None = None) -> int:
    """How many alternates may be called now: the places that nobody holds, but those that a draw is to fill.

    `found` are the seats, where they are known already; here and below.
    """
    filling = under_way(session, draw)
    return max(0, empty(session, draw, found) - (filling.drawn if filling else 0))


def empty(session: Session, draw: Draw, found: Sequence[Seat] | None = None) -> int:
    """How many places of the panel nobody holds, whoever is to fill them."""
    return max(0, draw.size - len(staying(session, draw, found)))


def replacements(session: Session, draw: Draw) -> Sequence[Draw]:
    """The draws of seats left empty, asked for, sealed or revealed, in their order."""
    query = select(Draw).where(Draw.replaces_id == draw.id, Draw.state.in_(LIVE))
    return session.scalars(query.order_by(Draw.number)).all()


def under_way(session: Session, draw: Draw) -> Draw | None:
    """The draw of empty seats that is not revealed yet; there is at most one."""
    return next((one for one in replacements(session, draw) if one.state != "revealed"), None)


def to_fill(session: Session, draw: Draw) -> bool:
    """Whether seats of a panel drawn stand empty and no draw is to fill them yet."""
    return draw.state == "revealed" and bool(empty(session, draw)) and under_way(session, draw) is None


def search(session: Session, draw: Draw) -> str:
    """How the search for the alternates of a draw stands: `under way`, `failed`, or empty when nothing is awaited."""
    if not draw.awaited:
        return ""
    job = session.get(Job, draw.job_id) if draw.job_id else None
    return "under way" if job is not None and job.state in ("waiting", "running") else "failed"


def searches(session: Session, draw: Draw) -> dict[str, Draw]:
    """The draws of a panel whose alternates are awaited, by how the search stands."""
    found = {search(session, one): one for one in (draw, *replacements(session, draw)) if one.awaited}
    found.pop("", None)
    return found


def last_revealed(session: Session, draw: Draw) -> Draw:
    """The draw that seats of this panel were filled by last."""
    return [draw, *(one for one in replacements(session, draw) if one.state == "revealed")][-1]


def calls_end(session: Session, draw: Draw, now: datetime | None = None) -> datetime | None:
    """From when no alternate is called any more; None when nothing says so.

    With `now`, as it will be for the alternates of a draw revealed at this moment.
    """
    revealed = now or last_revealed(session, draw).revealed_at
    spans = [phase.span for phase in draw.process.phases]
    return alternates_end(draw.process.protocol, spans, revealed) if revealed else None


def staying(session: Session, draw: Draw, found: Sequence[Seat] | None = None) -> list[Registrant]:
    """Who holds a place of the panel: offered, accepted, confirmed, or refused without anybody behind the refusal."""
    known = seats(session, draw) if found is None else found
    return [seat.registrant for seat in known if holds_place(seat.state, bool(seat.refusal_confirmed_at))]


def still_to_draw(session: Session, draw: Draw) -> list[Registrant]:
    """The volunteers whom empty seats may go to: those who hold none and have neither refused nor given one up."""
    query = select(Seat.registrant_id).where(Seat.draw_id == draw.id, Seat.state != "waiting")
    out = set(session.scalars(query))
    return [one for one in pool(session, draw.process) if one.id not in out]


def next_in_order(
    session: Session, draw: Draw, known: Sequence[Seat] | None = None
) -> tuple[Seat | None, list[list[Any]]]:
    """The alternate whom the rule calls next, if any, and [rank, why] of those earlier in the order who are not.

    Why is `household`, when the draw takes one person per household and another one of theirs sits, or `quotas`.
    """
    found = seats(session, draw) if known is None else known
    seal = last_revealed(session, draw).seal
    here = [seat for seat in found if seat.state in OCCUPYING]
    homes = {_said(seat)["household"] for seat in here if seal["one_per_household"]} - {""}
    waiting = [seat for seat in found if seat.state == "waiting" and seat.registrant.state == "registered"]
    free = [seat for seat in waiting if _said(seat)["household"] not in homes]
    place = next_alternate(
        [Quota(*quota) for quota in seal["quotas"]],
        [_said(seat)["values"] for seat in here],
        [_said(seat)["values"] for seat in free],
    )
    called = None if place is None else free[place]
    before = waiting if called is None else waiting[: waiting.index(called)]
    return called, [[seat.alternate_rank, "quotas" if seat in free else "household"] for seat in before]


def _said(seat: Seat) -> Mapping[str, Any]:
    """What the person had said when the lottery was sealed: nothing corrected since then moves the order of calling."""
    return seat.as_sealed or {"values": {}, "household": ""}
