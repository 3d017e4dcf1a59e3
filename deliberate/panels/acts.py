"""Acts on a draw: asking for it, keeping what was computed, revealing it once, abandoning it.

The pool's acts stand in `recruitment.py` and `imports.py`, the quota table's in `quotas.py`, the seats' in `seats.py`.
"""

import secrets
from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deliberate.core import jobs
from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.panels.households import marks
from deliberate.panels.models import Draw, Registrant, Seat
from deliberate.panels.queries import current_draw, digest_of_pool, last_signature, pool, quotas
from deliberate.panels.quotas import for_engine
from deliberate.panels.rules import answer_by
from deliberate.people.rules import CLOCK, Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note
from sortition import Alternates, Lottery, Quota, Respondent, Reveal, SortitionError, alternates
from sortition import reveal as find_panel
from sortition.canonical import digest

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
    lock(session, process)
    _refuse_unready(session, process, rehearsal)
    settings = _settings(process, randomness_source)
    draw = Draw(
        process_id=process.id,
        process=process,
        number=(session.scalar(select(func.max(Draw.number)).where(Draw.process_id == process.id)) or 0) + 1,
        rehearsal=rehearsal,
        size=process.protocol["panel"]["size"],
        settings=settings,
        entropy=secrets.token_hex(ENTROPY_BYTES),
        pool_digest=digest_of_pool(session, process),
        inputs=_inputs(session, process),
        requested_at=now,
    )
    session.add(draw)
    session.flush()
    draw.job_id = jobs.ask(session, "draw", {"draw": draw.id}, now).id
    session.flush()
    public = {"rehearsal": rehearsal, "size": draw.size, "people": len(draw.inputs["respondents"])}
    _record(session, actor, draw, "request", now, {**public, "pool": draw.pool_digest, "settings": settings})
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
    signature = last_signature(session, process)
    if signature is None:
        raise Refusal(N_("A guarantor has to sign the pool before a draw. Ask a guarantor to do so."))
    if signature.digest != digest_of_pool(session, process):
        raise Refusal(
            N_("The pool has changed since a guarantor signed it. Ask a guarantor to sign it again.")
        )


def _settings(process: Process, source: dict[str, str] | None) -> dict[str, Any]:
    panel = process.protocol["panel"]
    declared = source or panel.get("randomness") or {}
    if not any(text.strip() for text in declared.values()):
        raise Refusal(N_("Say which future public event will draw the panel."), field="randomness_source")
    return {
        "panels": panel.get("panels", DEFAULT_PANELS),
        "ticket": panel.get("ticket", "digits"),
        "alternates": panel.get("alternates", 0),
        "randomness": declared,
    }


def _inputs(session: Session, process: Process) -> dict[str, Any]:
    return {
        "quotas": [
            [quota.category, quota.value, quota.min, quota.max]
            for quota in for_engine(quotas(session, process))
        ],
        "respondents": _respondents(session, process),
    }


def _respondents(session: Session, process: Process) -> list[dict[str, Any]]:
    """The pool, with a number for every household that several of its people share."""
    homes = marks(session, process)
    living = Counter(home for home in homes.values() if home)
    number = {home: str(place) for place, home in enumerate(living, start=1) if living[home] > 1}
    rows = []
    for one in pool(session, process):
        home = number.get(homes.get(one.pseudonym, ""))
        rows.append({"id": one.pseudonym, "values": one.values} | ({"household": home} if home else {}))
    return rows


def engine_inputs(draw: Draw) -> tuple[list[Quota], list[Respondent]]:
    """Quotas and pool as they were when the draw was asked for, in the engine's form."""
    found = [Quota(*quota) for quota in draw.inputs["quotas"]]
    people = draw.inputs["respondents"]
    return found, [Respondent(one["id"], one["values"], {}, one.get("household", "")) for one in people]


def counts(draw: Draw, names: set[str]) -> list[list[Any]]:
    """How many of these registrants have each value: [category, value, people] in the order of the quotas."""
    found = Counter(
        pair for one in draw.inputs["respondents"] if one["id"] in names for pair in one["values"].items()
    )
    return [[category, value, found[category, value]] for category, value, *_ in draw.inputs["quotas"]]


def source_as_text(settings: dict[str, Any]) -> str:
    """The declared source of randomness as the lottery holds it: every language on its line."""
    texts: dict[str, str] = settings["randomness"]
    return "\n".join(texts[code].strip() for code in sorted(texts) if texts[code].strip())


def keep_lottery(session: Session, draw: Draw, lottery: Lottery, now: datetime) -> None:
    """Seal what was computed: from now on its digest is public. By the worker, whom nobody else may stand in for."""
    lock(session, draw)
    if draw.state not in ("requested", "computing"):
        raise Conflict(N_("This draw is no longer awaited."))
    draw.lottery, draw.attributes, draw.key = dict(lottery.public), dict(lottery.attributes), lottery.key
    draw.commitment, draw.state, draw.prepared_at = lottery.commitment, "prepared", now
    draw.figures = {
        "least": str(lottery.least),
        "bound": str(lottery.bound),
        "largest_difference": str(lottery.largest_difference),
        "attained": lottery.attained,
        "chances": _distribution(lottery),
        "pool": counts(draw, {one["id"] for one in draw.inputs["respondents"]}),
    }
    session.flush()
    public = {"commitment": lottery.commitment, "rehearsal": draw.rehearsal, "settings": draw.settings}
    _record(session, CLOCK, draw, "seal", now, {**public, "figures": draw.figures})


def _distribution(lottery: Lottery) -> list[list[int]]:
    """How many people are in how many panels, fewest panels first: [panels, people]."""
    return [
        list(pair) for pair in sorted(Counter(len(one.panels) for one in lottery.chances.values()).items())
    ]


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


def refuse_draw(session: Session, draw: Draw, error: SortitionError, now: datetime) -> None:
    """Note that the engine cannot draw from these quotas and this pool; the draw's page says why."""
    said = {"template": error.template, "values": dict(error.values)}
    _end_failed(session, draw, {"refusal": said}, now)


def fail_draw(session: Session, payload: dict[str, Any], error: str, now: datetime) -> None:
    """Hear that a draw could not be computed for good."""
    draw = session.get(Draw, payload["draw"])
    if draw is not None:
        _end_failed(session, draw, {"error": error}, now)


def _end_failed(session: Session, draw: Draw, figures: dict[str, Any], now: datetime) -> None:
    if draw.state not in ("requested", "computing"):
        return
    draw.state, draw.ended_at, draw.figures = "failed", now, figures
    session.flush()
    _record(session, CLOCK, draw, "fail", now, {})


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
    """Find the panel that the public randomness designates; seat it and its alternates, unless it is a rehearsal.

    A lottery is revealed once: the same randomness again changes nothing, another one raises Conflict. The same
    randomness draws the alternates, from a second lottery that the engine makes for the panel revealed.
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
    found, waiting = _drawn(draw, randomness)
    names = {own: draw.key[own] for own in (*found.people, *(waiting.people if waiting else ()))}
    draw.outcome = {
        "reveal": found.document,
        "alternates": _document(waiting) if waiting else None,
        # In an order that says nothing of the order in the lottery.
        "panel": sorted(names[own] for own in found.people),
        "waiting": [names[own] for own in waiting.people] if waiting else [],
    }
    draw.figures = {**draw.figures, "panel": counts(draw, set(draw.outcome["panel"]))}
    draw.randomness, draw.ticket = found.randomness, found.ticket
    draw.state, draw.revealed_at = "revealed", now
    session.flush()
    if not draw.rehearsal:
        _seat(session, draw, now)
    public = {"rehearsal": draw.rehearsal, "commitment": found.commitment, "randomness": found.randomness}
    public |= {"ticket": found.ticket, "people": list(found.people)}
    public |= {"alternates": waiting.commitment if waiting else None}
    _record(session, actor, draw, "reveal", now, public)


def _drawn(draw: Draw, randomness: str) -> tuple[Reveal, Alternates | None]:
    try:
        if digest("lottery", draw.lottery) != draw.commitment:
            raise Conflict(
                N_(
                    "The sealed list no longer matches its published control code: it was changed. Abandon this draw."
                )
            )
        if "panel_nonces" not in draw.attributes:
            raise Conflict(
                N_(
                    "This list was sealed by an earlier version of the software, which this one cannot open. Abandon this draw."
                )
            )
        found = find_panel(draw.lottery, draw.attributes, randomness)
        outside = len(draw.lottery["pseudonyms"]) - draw.size
        number = min(draw.settings["alternates"], outside)
        return found, alternates(draw.lottery, draw.attributes, found, number) if number else None
    except SortitionError as error:
        raise DrawRefused(error, field="randomness") from error


def _document(waiting: Alternates) -> dict[str, Any]:
    drawn = {"randomness": waiting.randomness, "ticket": waiting.ticket, "people": list(waiting.people)}
    return {**waiting.document, **drawn}


def _seat(session: Session, draw: Draw, now: datetime) -> None:
    """Offer a seat to everyone on the panel, and keep the alternates waiting in their order.

    Someone who withdrew after the lottery was sealed has declined already.
    """
    order = draw.outcome["panel"] + draw.outcome["waiting"]
    query = select(Registrant).where(
        Registrant.process_id == draw.process_id, Registrant.pseudonym.in_(order)
    )
    people = {registrant.pseudonym: registrant for registrant in session.scalars(query)}
    for number, name in enumerate(order, start=1):
        rank = number - draw.size if number > draw.size else None
        seat = Seat(draw_id=draw.id, number=number, registrant_id=people[name].id, alternate_rank=rank)
        seat.state, seat.offered_at = ("waiting", None) if rank else ("offered", now)
        seat.answer_by = None if rank else answer_by(draw.process.protocol, now)
        if people[name].state != "registered":
            seat.state, seat.channel, seat.answered_at, seat.refusal_confirmed_at = (
                "declined",
                "link",
                now,
                now,
            )
        session.add(seat)
    session.flush()


def _record(
    session: Session, actor: Actor, draw: Draw, act: str, now: datetime, public: dict[str, Any]
) -> None:
    note(session, actor, draw.process, act, draw.name, now, public)
