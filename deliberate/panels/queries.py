"""Reading quotas, the pool, draws and seats."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from deliberate.core.errors import N_, NotFound
from deliberate.panels.households import marks
from deliberate.panels.models import Draw, Quota, Registrant, RegistrantContact, RegistrantLink, Seat
from deliberate.panels.pool import PoolSignature
from deliberate.panels.rules import pool_digest, read_receipt, today
from deliberate.people.queries import DataRequested
from deliberate.people.rules import secret_hash
from deliberate.process.models import Process

LIVE = ("requested", "computing", "prepared", "revealed")


# Quotas and the pool


def quotas(session: Session, process: Process) -> Sequence[Quota]:
    """The quota table, in its order."""
    return session.scalars(select(Quota).where(Quota.process_id == process.id).order_by(Quota.number)).all()


def categories(session: Session, process: Process) -> dict[str, list[Quota]]:
    """The quotas by category, in their order."""
    found: dict[str, list[Quota]] = {}
    for quota in quotas(session, process):
        found.setdefault(quota.category, []).append(quota)
    return found


def pool(session: Session, process: Process) -> Sequence[Registrant]:
    """The volunteers to draw from, in the order of their pseudonyms."""
    query = select(Registrant).where(Registrant.process_id == process.id, Registrant.state == "registered")
    return session.scalars(query.order_by(Registrant.pseudonym)).all()


def everyone(session: Session, process: Process) -> Sequence[Registrant]:
    """Every registration, those withdrawn included, with contacts."""
    query = select(Registrant).where(Registrant.process_id == process.id).order_by(Registrant.pseudonym)
    return session.scalars(query.options(selectinload(Registrant.contact))).all()


def pool_size(session: Session, process: Process) -> int:
    """How many volunteers there are to draw from."""
    query = select(func.count(Registrant.id)).where(
        Registrant.process_id == process.id, Registrant.state == "registered"
    )
    return session.scalar(query) or 0


def pool_counts(session: Session, process: Process) -> Counter[tuple[str, str]]:
    """How many volunteers have each (category, value)."""
    query = select(Registrant.values).where(
        Registrant.process_id == process.id, Registrant.state == "registered"
    )
    return Counter(pair for values in session.scalars(query) for pair in values.items())


def digest_of_pool(session: Session, process: Process) -> str:
    """The digest that a guarantor signs."""
    homes = marks(session, process)
    query = select(Registrant.pseudonym, Registrant.nonce, Registrant.values).where(
        Registrant.process_id == process.id, Registrant.state == "registered"
    )
    return pool_digest(
        (pseudonym, nonce, values, homes.get(pseudonym, ""))
        for pseudonym, nonce, values in session.execute(query)
    )


def last_signature(session: Session, process: Process) -> PoolSignature | None:
    """The latest word of a guarantor on the pool, whether or not the pool has changed since."""
    query = select(PoolSignature).where(PoolSignature.process_id == process.id)
    return session.scalars(query.order_by(PoolSignature.id.desc()).limit(1)).first()


def volunteers(
    session: Session, process: Process, words: str = "", page: int = 1, per_page: int = 50
) -> tuple[Sequence[Registrant], int]:
    """One page of everyone who registered, newest first, with their contacts, and how many there are in all."""
    query = select(Registrant).outerjoin(Registrant.contact).where(Registrant.process_id == process.id)
    if words:
        like = f"%{words}%"
        query = query.where(
            or_(
                Registrant.pseudonym.ilike(like),
                Registrant.reference.ilike(like),
                RegistrantContact.name.ilike(like),
                RegistrantContact.email.ilike(like),
            )
        )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    shown = query.options(contains_eager(Registrant.contact)).order_by(
        Registrant.registered_at.desc(), Registrant.id
    )
    return session.scalars(shown.limit(per_page).offset((page - 1) * per_page)).all(), total


def registrant(session: Session, process: Process, pseudonym: str) -> Registrant:
    """A volunteer by the number on their receipt, typed or exact. Raises NotFound."""
    wanted = (pseudonym, read_receipt(pseudonym))
    query = select(Registrant).where(Registrant.process_id == process.id, Registrant.pseudonym.in_(wanted))
    found = session.scalar(query)
    if found is None:
        raise NotFound(
            N_("No registration has the number “%(number)s”. Check it letter by letter."),
            field="number",
            number=pseudonym,
        )
    return found


def registrant_by_link(session: Session, process: Process, secret: str) -> Registrant:
    """The volunteer whose secret link this is. Raises NotFound, also once the registration was erased."""
    link = session.get(RegistrantLink, secret_hash(secret))
    if link is None or link.registrant.process_id != process.id or link.registrant.state == "erased":
        raise NotFound(
            N_("This link leads to no registration. Check that it was copied whole, or ask the organisers.")
        )
    return link.registrant


# Draws


def draws(session: Session, process: Process, rehearsals: bool = True) -> Sequence[Draw]:
    """Every draw, newest first, the abandoned ones included."""
    query = select(Draw).where(Draw.process_id == process.id).order_by(Draw.number.desc())
    return session.scalars(query if rehearsals else query.where(Draw.rehearsal.is_(False))).all()


def draw_by_number(session: Session, process: Process, number: int) -> Draw:
    """A draw at its address. Raises NotFound."""
    found = session.scalar(select(Draw).where(Draw.process_id == process.id, Draw.number == number))
    if found is None:
        raise NotFound(N_("There is no draw with this number."))
    return found


def current_draw(session: Session, process: Process) -> Draw | None:
    """The draw that counts: asked for, sealed or revealed, not a rehearsal; there is at most one.

    Draws of its empty seats (`vacancies.py`) stand beside it.
    """
    query = select(Draw).where(Draw.process_id == process.id, Draw.rehearsal.is_(False), Draw.state.in_(LIVE))
    return session.scalar(query.where(Draw.replaces_id.is_(None)))


# Seats


def seats(session: Session, draw: Draw) -> Sequence[Seat]:
    """Every seat of a draw, then its alternates in the order they are called."""
    query = select(Seat).where(Seat.draw_id == draw.id).order_by(Seat.number)
    return session.scalars(
        query.options(selectinload(Seat.registrant).selectinload(Registrant.contact))
    ).all()


def seat_by_number(session: Session, process: Process, number: int) -> Seat:
    """A seat of the current draw. Raises NotFound."""
    draw = current_draw(session, process)
    query = select(Seat).where(Seat.draw_id == (draw.id if draw else None), Seat.number == number)
    found = session.scalar(query)
    if found is None:
        raise NotFound(N_("There is no seat with this number."))
    return found


def seat_of_registrant(session: Session, registrant: Registrant) -> Seat | None:
    """The seat drawn for a volunteer in the draw that counts."""
    query = select(Seat).join(Draw).where(Seat.registrant_id == registrant.id, Draw.state == "revealed")
    return session.scalars(query.order_by(Seat.id.desc()).limit(1)).first()


def overdue(protocol: Mapping[str, Any], seat: Seat, now: datetime) -> bool:
    """Whether a person's last day to answer has passed without an answer."""
    late = seat.answer_by is not None and seat.answer_by < today(protocol, now)
    return seat.state == "offered" and late


def seated(session: Session, process: Process, now: datetime) -> Sequence[Seat]:
    """The members: those whose seat was confirmed by this moment and not given up before it."""
    query = (
        select(Seat)
        .join(Draw)
        .where(
            Draw.process_id == process.id,
            Draw.state == "revealed",
            Seat.user_id.is_not(None),
            Seat.confirmed_at <= now,
            or_(Seat.ended_at.is_(None), Seat.ended_at > now),
        )
    )
    return session.scalars(query.order_by(Seat.number)).all()


def seat_of(session: Session, process: Process, user_id: int) -> Seat | None:
    """The seat that an account holds, or held, in a process."""
    query = select(Seat).join(Draw).where(Draw.process_id == process.id, Seat.user_id == user_id)
    return session.scalars(query.order_by(Seat.id.desc()).limit(1)).first()


def add_held(session: Session, request: DataRequested, _now: datetime) -> None:
    """What the draw holds about an account: the registrations it came from, their answers and contacts, its seats."""
    held = session.scalars(select(Seat).where(Seat.user_id == request.user.id).order_by(Seat.id))
    request.held["seats"] = [
        {
            "seat": seat.number,
            "state": seat.state,
            "registration": seat.registrant.pseudonym,
            "answers": seat.registrant.values,
            "other_columns": seat.registrant.columns,
            "contact": {
                name: getattr(seat.registrant.contact, name, "")
                for name in ("name", "email", "phone", "address", "language")
            },
        }
        for seat in held
    ]
