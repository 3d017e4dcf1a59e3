"""What a receipt opens and takes back, whatever was sent: an answer, a lesson, a wording, new evidence."""

from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.database import Base, lock
from deliberate.core.errors import N_, Conflict, NotFound
from deliberate.inputs.rules import receipt_hash
from deliberate.journal.acts import withdraw
from deliberate.people.rules import VISITOR
from deliberate.process.models import Process
from deliberate.process.record import note

Sent = TypeVar("Sent", bound=Base)


class Journalled(Protocol):
    """What the journal of a process knows by a name, and by the name of whom it concerns."""

    @property
    def object(self) -> str: ...
    @property
    def person(self) -> str: ...


def held_with(session: Session, table: type[Sent], secret: str) -> Sent:
    """The row of a table that a receipt belongs to. Raises NotFound."""
    found = session.scalar(select(table).filter_by(receipt_hash=receipt_hash(secret)))
    if found is None:
        raise NotFound(N_("This receipt is not known here. Check the address letter by letter."))
    return found


def to_withdraw(session: Session, table: type[Sent], secret: str) -> Sent:
    """The same, held until the transaction ends. Raises NotFound, or Conflict when it was withdrawn already."""
    found: Any = held_with(session, table, secret)
    lock(session, found)
    if found.state == "withdrawn":
        raise Conflict(N_("This was already withdrawn."))
    return found  # type: ignore[no-any-return]


def note_withdrawal(session: Session, process: Process, thing: Journalled, now: datetime) -> None:
    """Erase what the journal keeps in private of a thing, and write that its author took it back."""
    session.flush()
    withdraw(session, thing.person, actor=VISITOR.kind, now=now)
    note(session, VISITOR, process, "withdraw", thing.object, now)
