"""Reading accounts: what is held about a person (GDPR, article 15)."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.events import announce
from deliberate.journal.models import Entry, PrivatePart
from deliberate.people.models import User
from deliberate.people.rules import person


class DataRequested:
    """Announced when a person asks for what is held about them: capabilities add their part to `held`."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.held: dict[str, Any] = {}


def held_about(session: Session, user: User, now: datetime) -> dict[str, Any]:
    """Everything held about a person, as plain data that a file can hold."""
    request = DataRequested(user)
    request.held["account"] = {"email": user.email, "name": user.name, "language": user.language}
    request.held["pseudonyms"] = {row.scope: row.name for row in user.pseudonyms}
    parts = session.execute(
        select(Entry.scope, Entry.number, Entry.act, PrivatePart.content)
        .join(PrivatePart, PrivatePart.entry_id == Entry.id)
        .where(PrivatePart.person == person(user.id))
        .order_by(Entry.scope, Entry.number)
    )
    request.held["journal"] = [
        {"journal": scope, "entry": number, "act": act, "content": content}
        for scope, number, act, content in parts
    ]
    announce(session, request, now)
    return request.held
