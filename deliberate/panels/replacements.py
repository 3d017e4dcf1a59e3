"""Asking for a draw of the seats that were given up and that no alternate fills."""

from datetime import datetime

from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.panels.acts import new_draw, settings_of, unsigned
from deliberate.panels.lotteries import inputs_of
from deliberate.panels.models import Draw
from deliberate.panels.queries import current_draw
from deliberate.panels.recruitment import hold_pool
from deliberate.panels.signatures import quotas_changed
from deliberate.panels.vacancies import (
    calls_end,
    empty,
    last_revealed,
    next_in_order,
    searches,
    staying,
    still_to_draw,
    under_way,
)
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note


def request_replacement(
    session: Session,
    actor: Actor,
    process: Process,
    now: datetime,
    *,
    alternates: int = 0,
    randomness_source: dict[str, str] | None = None,
) -> Draw:
    """Ask for a lottery of the seats of the panel that stand empty, among those who have neither a seat nor refused.

    Whoever holds a place keeps it and counts in the quotas. For when every alternate was called, or may no longer be.
    Raises Refusal or Conflict.
    """
    require(session, actor, process, "create", "draw", now)
    hold_pool(session, process)
    draw = current_draw(session, process)
    if draw is None or draw.state != "revealed":
        raise Conflict(N_("No draw has been revealed yet: there is no seat to draw again."))
    lock(session, draw)
    refusal = why_not(session, process, draw, now)
    if refusal is not None:
        raise refusal
    _refuse_uncalled(session, draw, alternates, now)
    seated, pool = staying(session, draw), still_to_draw(session, draw)
    before = last_revealed(session, draw)
    settings = settings_of(process, randomness_source) | {"alternates": alternates, "seated": len(seated)}
    inputs = inputs_of(session, process, pool, seated) | {"replaces": before.commitment}
    found = new_draw(session, process, now, replaces=draw, size=draw.size, settings=settings, inputs=inputs)
    public = {"rehearsal": False, "size": found.size, "people": len(pool), "pool": found.pool_digest}
    public |= {"seats": found.drawn, "replaces": before.commitment, "settings": settings}
    note(session, actor, process, "request", found.name, now, public)
    return found


def why_not(session: Session, process: Process, draw: Draw, now: datetime) -> Refusal | None:
    """What stands in the way of drawing the empty seats of a panel now; None when nothing does."""
    filling = under_way(session, draw)
    if filling is not None:
        return Conflict(
            N_("Draw %(number)s is to fill the empty seats already. Reveal it, or abandon it with a reason."),
            number=filling.number,
        )
    if not empty(session, draw):
        return Conflict(
            N_("Every seat is taken or waits for an answer; a refusal counts once it is confirmed.")
        )
    waiting = _waiting(session, draw, now)
    if waiting is not None:
        return waiting
    if not all(one.values for one in staying(session, draw)):
        return Conflict(
            N_(
                "Somebody who holds a seat had their answers erased, so that nobody can count them in the quotas. "
                "Note that they give up their seat, or leave the others empty."
            )
        )
    if not still_to_draw(session, draw):
        return Conflict(N_("Nobody is left to draw: every volunteer has a seat or has refused one."))
    return unsigned(session, process) or _unsigned_quotas(session, process)


def _unsigned_quotas(session: Session, process: Process) -> Refusal | None:
    if quotas_changed(session, process):
        return Refusal(
            N_(
                "The quotas have changed since a guarantor signed. Ask a guarantor to read them and to sign again."
            )
        )
    return None


def _waiting(session: Session, draw: Draw, now: datetime) -> Refusal | None:
    """Alternates come before anybody drawn again."""
    if "under way" in searches(session, draw):
        return Conflict(N_("The alternates are still being looked for. Wait a minute, then call them first."))
    ends = calls_end(session, draw)
    if (ends is None or now < ends) and next_in_order(session, draw)[0] is not None:
        return Conflict(N_("Alternates still wait: call them first. Their order was drawn by lot."))
    return None


def _refuse_uncalled(session: Session, draw: Draw, alternates: int, now: datetime) -> None:
    """Alternates drawn now must have a time in which to be called."""
    ends = calls_end(session, draw, now)
    if alternates and ends is not None and ends <= now:
        raise Refusal(
            N_("The protocol's last day for calling alternates has passed: draw none."), field="alternates"
        )
