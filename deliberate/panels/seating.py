"""Seats from a revealed draw: offered to those drawn, then kept for the alternates in their order."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.panels.models import Draw, Registrant, Seat
from deliberate.panels.queries import seats
from deliberate.panels.rules import answer_by


def seat_panel(session: Session, draw: Draw, now: datetime) -> None:
    """Offer a seat to everyone drawn.

    Seats are those of the panel: a draw of its empty seats adds to them, numbered after the last one. An alternate of
    before who is drawn takes the seat they waited for. Someone who withdrew after the lottery was sealed has declined
    already. Alternates are called by what everybody had said when this lottery was sealed.
    """
    found = _seats_of(session, draw, draw.outcome["panel"])
    for seat in found:
        if seat.state == "waiting":
            seat.state, seat.offered_at = "offered", now
            seat.answer_by = answer_by(draw.process.protocol, now)
            _note_withdrawn(seat, now)
    _keep(session, draw, found)


def seat_alternates(session: Session, draw: Draw, now: datetime) -> None:
    """Keep the alternates waiting in their order, ranked after the last ones; who waits already keeps their rank."""
    rank = max((seat.alternate_rank or 0 for seat in seats(session, draw.panel)), default=0)
    found = _seats_of(session, draw, draw.outcome["waiting"])
    for seat in found:
        if seat.alternate_rank is None and seat.offered_at is None:
            rank += 1
            seat.alternate_rank = rank
            _note_withdrawn(seat, now)
    _keep(session, draw, found)


def _seats_of(session: Session, draw: Draw, names: Sequence[str]) -> list[Seat]:
    """The seats of these registrants on the panel, in this order, made where there is none."""
    held = {seat.registrant_id: seat for seat in seats(session, draw.panel)}
    number = max((seat.number for seat in held.values()), default=0)
    query = select(Registrant).where(
        Registrant.process_id == draw.process_id, Registrant.pseudonym.in_(names)
    )
    people = {registrant.pseudonym: registrant for registrant in session.scalars(query)}
    found = []
    for registrant in (people[name] for name in names):
        seat = held.get(registrant.id)
        if seat is None:
            number += 1
            seat = Seat(draw_id=draw.panel.id, number=number, registrant=registrant, state="waiting")
        found.append(seat)
    return found


def _note_withdrawn(seat: Seat, now: datetime) -> None:
    if seat.registrant.state != "registered":
        seat.state, seat.channel, seat.answered_at, seat.refusal_confirmed_at = "declined", "link", now, now


def _keep(session: Session, draw: Draw, found: Sequence[Seat]) -> None:
    """Keep these seats; beside every seat of the panel, what its person had said when this lottery was sealed."""
    session.add_all(found)
    session.flush()
    session.expire(draw.panel, ["seats"])
    people = [*draw.inputs["respondents"], *draw.inputs.get("seated", [])]
    said = {one["id"]: {"values": one["values"], "household": one.get("household", "")} for one in people}
    for seat in seats(session, draw.panel):
        seat.as_sealed = said.get(seat.registrant.pseudonym, seat.as_sealed)
    session.flush()
