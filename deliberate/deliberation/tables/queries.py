"""Reading the tables of a session."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from deliberate.deliberation.models import Sitting
from deliberate.deliberation.tables.models import TablePlace, TablePlan
from deliberate.panels.queries import seated
from deliberate.people.models import User
from deliberate.process.models import Process
from deliberate.process.queries import appointed


@dataclass(frozen=True)
class Guest:
    """Someone at the tables: the number of their seat where a draw gave one, and their table in each round."""

    user: User
    seat: int | None
    host: bool
    tables: tuple[int, ...]


def plan_of(session: Session, sitting: Sitting) -> TablePlan | None:
    """The tables of a session, once they were made."""
    return session.scalar(select(TablePlan).where(TablePlan.sitting_id == sitting.id))


def hosts_of(session: Session, process: Process, now: datetime) -> list[User]:
    """Who may run a table: the facilitators of the process."""
    return [one.user for one in appointed(session, process, "facilitator", now)]


def seat_numbers(session: Session, process: Process, now: datetime) -> dict[int, int]:
    """Account → number of the seat it holds."""
    return {seat.user_id: seat.number for seat in seated(session, process, now) if seat.user_id is not None}


def guests(session: Session, plan: TablePlan, now: datetime) -> list[Guest]:
    """Everyone at the tables: participants by seat, then those who run a table."""
    places = select(TablePlace).where(TablePlace.plan_id == plan.id).options(selectinload(TablePlace.user))
    numbers = seat_numbers(session, plan.sitting.process, now)
    found: dict[int, list[TablePlace]] = {}
    for place in session.scalars(places.order_by(TablePlace.round)):
        found.setdefault(place.user_id, []).append(place)
    everyone = [
        Guest(places[0].user, numbers.get(user_id), places[0].host, tuple(place.number for place in places))
        for user_id, places in found.items()
    ]
    return sorted(everyone, key=lambda one: (one.host, one.seat is None, one.seat or 0, one.user.id))


def own_tables(session: Session, sitting: Sitting, user_id: int) -> list[int]:
    """A person's table in each round of a session; empty when they sit at none."""
    query = (
        select(TablePlace.number)
        .join(TablePlan)
        .where(TablePlan.sitting_id == sitting.id, TablePlace.user_id == user_id)
    )
    return list(session.scalars(query.order_by(TablePlace.round)))
