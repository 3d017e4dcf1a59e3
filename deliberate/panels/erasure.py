"""Erasing a volunteer: contact, answers, nonce, journal parts, and their row in what a draw keeps."""

from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from deliberate.core.errors import N_, Conflict
from deliberate.core.events import announce
from deliberate.journal.acts import Withdrawn, withdraw
from deliberate.panels.models import Draw, Registrant, RegistrantLink, Seat
from deliberate.panels.places import Place
from deliberate.panels.pool import HouseholdDecision
from deliberate.panels.queries import current_draw, registrant_by_link
from deliberate.panels.vacancies import searches, under_way
from deliberate.people.acts import Erased, pseudonym
from deliberate.people.rules import OPERATOR, VISITOR, Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note

PEOPLE = ("respondents", "seated")


def erase_registrant(session: Session, actor: Actor, registrant: Registrant, now: datetime) -> int:
    """Delete what is held about a volunteer; the row of their receipt stays, empty. Returns how many journal parts
    were withdrawn."""
    require(session, actor, registrant.process, "change", "pool", now)
    return _erase(session, actor, registrant, now)


def erase_by_link(session: Session, process: Process, secret: str, now: datetime) -> int:
    """The same, asked by the volunteer (GDPR, article 17)."""
    registrant = registrant_by_link(session, process, secret)
    return _erase(session, VISITOR, registrant, now)


def erase_contact(session: Session, registrant: Registrant) -> None:
    """Delete how to reach a volunteer, and nothing else."""
    registrant.contact = None
    session.flush()


def forget(session: Session, event: Erased, now: datetime) -> None:
    """Hear that an account was erased: erase the volunteer it came from."""
    for seat in session.scalars(select(Seat).where(Seat.user_id == event.user.id)):
        if seat.registrant.state != "erased":
            _erase(session, OPERATOR, seat.registrant, now)


def _erase(session: Session, actor: Actor, registrant: Registrant, now: datetime) -> int:
    _refuse_while_sealed(session, registrant)
    process = registrant.process
    name = pseudonym(session, actor, process.slug)
    parts = withdraw(session, registrant.person, actor=name, now=now)
    erase_contact(session, registrant)
    session.execute(delete(RegistrantLink).where(RegistrantLink.registrant_id == registrant.id))
    mark = registrant.household
    session.execute(
        delete(HouseholdDecision).where(
            HouseholdDecision.process_id == registrant.process_id,
            or_(HouseholdDecision.first == mark, HouseholdDecision.second == mark),
        )
    )
    session.execute(delete(Place).where(Place.registrant_id == registrant.id))
    session.execute(update(Seat).where(Seat.registrant_id == registrant.id).values(as_sealed=None))
    registrant.values, registrant.columns = {}, {}
    registrant.nonce = registrant.household = registrant.reference = ""
    registrant.state, registrant.ended_at = "erased", registrant.ended_at or now
    for draw in session.scalars(select(Draw).where(Draw.process_id == registrant.process_id)):
        _erase_from_draw(draw, registrant.pseudonym)
    session.flush()
    note(session, actor, process, "erase", registrant.person, now)
    if process.protocol["panel"].get("attributes_public"):
        announce(session, Withdrawn([process.slug]), now)
    return parts


def _refuse_while_sealed(session: Session, registrant: Registrant) -> None:
    draw = current_draw(session, registrant.process)
    if draw is not None and draw.state == "revealed":
        draw = searches(session, draw).get("under way") or under_way(session, draw)
    if draw is None:
        return
    if registrant.pseudonym in [one["id"] for part in PEOPLE for one in draw.inputs.get(part, [])]:
        raise Conflict(
            N_(
                "A sealed draw holds this registration until it is revealed. Withdraw now, and ask again afterwards."
            )
        )


def _erase_from_draw(draw: Draw, name: str) -> None:
    """Take a person's row, nonce and key out of what a draw keeps; the public lottery never held them.

    A rehearsal that is not over ends with them.
    """
    parts = {part: draw.inputs[part] for part in PEOPLE if part in draw.inputs}
    kept = {part: [row for row in rows if row["id"] != name] for part, rows in parts.items()}
    if kept == parts:
        return
    draw.inputs = {**draw.inputs, **kept}
    if draw.state in ("requested", "computing", "prepared"):
        draw.state, draw.lottery, draw.attributes, draw.key, draw.salts = "cancelled", {}, {}, {}, {}
    position = next(
        (draw.lottery["pseudonyms"].index(own) for own, of in draw.key.items() if of == name), None
    )
    if position is None:
        return
    blank = {part: list(draw.attributes[part]) for part in ("rows", "nonces")}
    for part in blank.values():
        part[position] = None
    draw.attributes = {**draw.attributes, **blank}
    draw.salts = {own: salt for own, salt in draw.salts.items() if draw.key.get(own) != name}
    draw.key = {own: of for own, of in draw.key.items() if of != name}
    draw.seal = {**draw.seal, "whole": False}
    # Every nonce and salt follows from it.
    draw.entropy = ""
