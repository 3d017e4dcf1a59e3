"""Seats from a revealed draw: offered to those drawn, kept for the alternates in their order."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.panels.models import Draw, Registrant, Seat
from deliberate.panels.queries import seats
from deliberate.panels.rules import answer_by


def seat_drawn(session: Session, draw: Draw, now: datetime) -> None:
    """Offer a seat to everyone drawn, and keep the alternates waiting in their order.

    Seats are those of the panel: a draw of its empty seats adds to them, numbered and ranked after the last ones. An
    alternate of before who is drawn takes the seat they waited for; one who is drawn as an alternate again keeps their
    rank. Someone who withdrew after the lottery was sealed has declined already.
    """
    panel = draw.panel
    held = {seat.registrant_id: seat for seat in seats(session, panel)}
    number = max((seat.number for seat in held.values()), default=0)
    rank = max((seat.alternate_rank or 0 for seat in held.values()), default=0)
    chosen, waiting = draw.outcome["panel"], draw.outcome["waiting"]
    people = _registrants(session, draw, [*chosen, *waiting])
    for name in (*chosen, *waiting):
        registrant, earlier = people[name], held.get(people[name].id)
        drawn = name in chosen
        if earlier is None:
            number += 1
            rank += not drawn
            earlier = Seat(draw_id=panel.id, number=number, registrant_id=registrant.id, state="waiting")
            earlier.alternate_rank = None if drawn else rank
            session.add(earlier)
        elif earlier.state != "waiting" or not drawn:
            continue
        _offer(earlier, registrant, drawn, draw, now)
    session.flush()
    session.expire(panel, ["seats"])


def _registrants(session: Session, draw: Draw, names: list[str]) -> dict[str, Registrant]:
    query = select(Registrant).where(
        Registrant.process_id == draw.process_id, Registrant.pseudonym.in_(names)
    )
    return {registrant.pseudonym: registrant for registrant in session.scalars(query)}


def _offer(seat: Seat, registrant: Registrant, drawn: bool, draw: Draw, now: datetime) -> None:
    if drawn:
        seat.state, seat.offered_at = "offered", now
        seat.answer_by = answer_by(draw.process.protocol, now)
    if registrant.state != "registered":
        seat.state, seat.channel, seat.answered_at, seat.refusal_confirmed_at = "declined", "link", now, now
