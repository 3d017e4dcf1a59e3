"""Acts on a draw: asking for it, stopping it, abandoning it, revealing it once.

What a worker computes is kept by `lotteries.py`, and `seating.py` offers the seats. A draw of seats left empty is asked
for in `replacements.py`. The pool's acts stand in `recruitment.py` and `imports.py`, the quota table's in `quotas.py`,
the seats' in `seats.py`.
"""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deliberate.core import jobs
from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.panels.lotteries import counts, inputs_of, seated_before
from deliberate.panels.models import Draw
from deliberate.panels.queries import current_draw, digest_of_pool, last_signature, pool, quotas
from deliberate.panels.recruitment import hold_pool
from deliberate.panels.seating import seat_panel
from deliberate.panels.vacancies import search
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.randomness import source_faults
from deliberate.process.record import note
from sortition import Reveal, SortitionError
from sortition import reveal as find_panel
from sortition.proofs.canonical import digest
from sortition.randomness import Stream
from sortition.reveal import refuse_exchanged

ENTROPY_BYTES = 32
DEFAULT_PANELS = 1000


class DrawRefused(Refusal):
    """What the engine says cannot be done, as a refusal; `details` are its further sentences."""

    def __init__(self, error: SortitionError, field: str | None = None) -> None:
        super().__init__(error.template, field, **error.values)
        self.details = error.problems


def request_draw(
    session: Session,
    actor: Actor,
    process: Process,
    now: datetime,
    *,
    rehearsal: bool = False,
    randomness_source: dict[str, str] | None = None,
) -> Draw:
    """Ask for a lottery over the pool and quotas as they are now; a worker computes it after the commit.

    Size, alternates, number of panels and ticket rule come from the protocol. `randomness_source` (a text per
    language) says which future public event will draw the panel; the protocol's by default. A draw that counts needs a
    pool that a guarantor signed as it is, and there is one at a time. Raises Refusal or Conflict.
    """
    require(session, actor, process, "create", "draw", now)
    hold_pool(session, process)
    _refuse_unready(session, process, rehearsal)
    settings = settings_of(process, randomness_source)
    inputs = inputs_of(session, process, pool(session, process))
    size = process.protocol["panel"]["size"]
    draw = new_draw(session, process, now, rehearsal=rehearsal, size=size, settings=settings, inputs=inputs)
    public = {"rehearsal": rehearsal, "size": size, "people": len(inputs["respondents"])}
    _record(session, actor, draw, "request", now, {**public, "pool": draw.pool_digest, "settings": settings})
    return draw


def new_draw(session: Session, process: Process, now: datetime, **said: Any) -> Draw:
    """A draw that a worker computes after the commit; `said` are the columns that tell it from others."""
    draw = Draw(
        process_id=process.id,
        process=process,
        number=(session.scalar(select(func.max(Draw.number)).where(Draw.process_id == process.id)) or 0) + 1,
        entropy=secrets.token_hex(ENTROPY_BYTES),
        pool_digest=digest_of_pool(session, process),
        requested_at=now,
        **said,
    )
    session.add(draw)
    session.flush()
    draw.job_id = jobs.ask(session, "draw", {"draw": draw.id}, now).id
    session.flush()
    return draw


def _refuse_unready(session: Session, process: Process, rehearsal: bool) -> None:
    if not quotas(session, process):
        raise Refusal(N_("There are no quotas yet. Set them first."))
    if not pool(session, process):
        raise Refusal(N_("There is nobody in the pool yet."))
    if rehearsal:
        return
    if current_draw(session, process) is not None:
        raise Conflict(N_("There is already a draw. Abandon it, with a reason, before asking for another."))
    refusal = unsigned(session, process)
    if refusal is not None:
        raise refusal


def unsigned(session: Session, process: Process) -> Refusal | None:
    """What keeps a pool from being drawn from: that no guarantor has signed it as it is."""
    signature = last_signature(session, process)
    if signature is None:
        return Refusal(N_("A guarantor has to sign the pool before a draw. Ask a guarantor to do so."))
    if signature.digest != digest_of_pool(session, process):
        return Refusal(
            N_("The pool has changed since a guarantor signed it. Ask a guarantor to sign it again.")
        )
    return None


def settings_of(process: Process, source: dict[str, str] | None) -> dict[str, Any]:
    """What the protocol says of a draw, with the source of randomness declared for this one."""
    panel = process.protocol["panel"]
    declared = source or panel.get("randomness") or {}
    if not any(text.strip() for text in declared.values()):
        raise Refusal(N_("Say which future public event will draw the panel."), field="randomness_source")
    for fault in source_faults(panel, declared):
        field = fault.field.removeprefix("panel.").replace("randomness", "source")
        raise Refusal(fault.template, field=field, **fault.values)
    return {
        "panels": panel.get("panels", DEFAULT_PANELS),
        "ticket": panel.get("ticket", "digits"),
        "objective": panel.get("objective", "leximin"),
        "alternates": panel.get("alternates", 0),
        "randomness": declared,
    }


def cancel_draw(session: Session, actor: Actor, draw: Draw, now: datetime, reason: str = "") -> None:
    """Stop a computation that has not sealed anything yet. Unless it is a rehearsal it stays public, with `reason`."""
    require(session, actor, draw.process, "create", "draw", now)
    lock(session, draw)
    if draw.state not in ("requested", "computing"):
        raise Conflict(N_("This draw is already computed. Abandon it instead, with a reason."))
    if not draw.rehearsal and not reason.strip():
        raise Refusal(N_("Say why the draw is stopped: everyone will read it."), field="reason")
    if draw.job_id is not None:
        jobs.cancel(session, draw.job_id, now)
    draw.state, draw.reason, draw.ended_at = "cancelled", reason.strip(), now
    session.flush()
    _record(session, actor, draw, "cancel", now, {"reason": draw.reason} if draw.reason else {})


def abandon_draw(session: Session, actor: Actor, draw: Draw, reason: str, now: datetime) -> None:
    """Give up a sealed lottery before it is revealed; it stays public, with the reason."""
    require(session, actor, draw.process, "create", "draw", now)
    lock(session, draw)
    if draw.state != "prepared":
        raise Conflict(N_("Only a draw that was sealed and not yet revealed can be abandoned."))
    if not reason.strip():
        raise Refusal(N_("Say why the draw is abandoned: everyone will read it."), field="reason")
    draw.state, draw.reason, draw.ended_at = "abandoned", reason.strip(), now
    session.flush()
    _record(session, actor, draw, "abandon", now, {"reason": draw.reason, "commitment": draw.commitment})


def reveal(session: Session, actor: Actor, draw: Draw, randomness: str, now: datetime) -> None:
    """Find the panel that the public randomness designates, and seat it at once, unless it is a rehearsal.

    A lottery is revealed once: the same randomness again changes nothing, another one raises Conflict. The same
    randomness draws the alternates, from a second lottery that follows from the panel revealed: a worker finds them
    after the commit.
    """
    require(session, actor, draw.process, "create", "draw", now)
    lock(session, draw)
    if draw.state == "revealed":
        if draw.randomness == randomness.strip():
            return
        raise Conflict(
            N_("This lottery was already revealed, with “%(randomness)s”. A second draw is refused."),
            randomness=draw.randomness,
        )
    if draw.state != "prepared":
        raise Conflict(N_("This draw is not sealed; there is nothing to reveal."))
    found = _drawn(draw, randomness)
    draw.outcome = {
        "reveal": found.document,
        "alternates": None,
        "sets": None,
        "panel": _shuffled(draw, [draw.key[own] for own in found.people]),
        "waiting": [],
    }
    panel = {*draw.outcome["panel"], *(one.id for one in seated_before(draw))}
    draw.figures = {**draw.figures, "panel": counts(draw, panel)}
    draw.randomness, draw.ticket = found.randomness, found.ticket
    draw.state, draw.revealed_at = "revealed", now
    draw.awaited = min(draw.settings["alternates"], len(draw.lottery["pseudonyms"]) - len(found.people))
    session.flush()
    if not draw.rehearsal:
        seat_panel(session, draw, now)
    _ask_for_alternates(session, draw, now)
    public = {"rehearsal": draw.rehearsal, "commitment": found.commitment, "randomness": found.randomness}
    public |= {"ticket": found.ticket, "people": list(found.people), "awaited": draw.awaited}
    _record(session, actor, draw, "reveal", now, public)


def seek_alternates(session: Session, actor: Actor, draw: Draw, now: datetime) -> None:
    """Have the alternates looked for again, when the search has failed for good. Raises Conflict."""
    require(session, actor, draw.process, "create", "draw", now)
    lock(session, draw)
    if search(session, draw) != "failed":
        raise Conflict(N_("The alternates of this draw are being looked for, or are there already."))
    _ask_for_alternates(session, draw, now)
    _record(session, actor, draw, "seek alternates", now, {"awaited": draw.awaited})


def _ask_for_alternates(session: Session, draw: Draw, now: datetime) -> None:
    if draw.awaited:
        draw.job_id = jobs.ask(session, "alternates", {"draw": draw.id}, now).id
        session.flush()


def _shuffled(draw: Draw, names: list[str]) -> list[str]:
    """The order in which seats are numbered: by a secret chance, so that a public number says nothing of the order in
    the lottery, nor of the order of the names that the journal gives to volunteers."""
    return Stream(bytes.fromhex(draw.entropy), "seats").shuffled(sorted(names))


def _drawn(draw: Draw, randomness: str) -> Reveal:
    try:
        if digest("lottery", draw.lottery) != draw.commitment:
            raise Conflict(
                N_(
                    "The sealed list no longer matches its published control code: it was changed. Abandon this draw."
                )
            )
        if "entries" not in draw.lottery:
            raise Conflict(
                N_(
                    "This list was sealed by an earlier version of the software, which this one cannot open. Abandon this draw."
                )
            )
        refuse_exchanged(draw.lottery, {own: {"id": of} for own, of in draw.key.items()}, draw.salts)
        return find_panel(draw.lottery, draw.attributes, randomness)
    except SortitionError as error:
        raise DrawRefused(error, field="randomness") from error


def _record(
    session: Session, actor: Actor, draw: Draw, act: str, now: datetime, public: dict[str, Any]
) -> None:
    note(session, actor, draw.process, act, draw.name, now, public)
