"""Writing the chain. Acts call `record` last, so that the head row is locked for the shortest time."""

import secrets
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.events import announce
from deliberate.journal.models import Entry, Journal, PrivatePart
from deliberate.journal.queries import as_published
from deliberate.journal.rules import START, commitment, entry_digest

INSTANCE = "instance"


class Withdrawn:
    """Announced when words that anyone could read are so no more: copies that stand elsewhere must go too."""

    def __init__(self, scopes: Iterable[str]) -> None:
        self.scopes = frozenset(scopes)


def open_journal(session: Session, scope: str, demonstration: bool = False) -> Journal:
    """Begin a chain. In a demonstration's chain every entry says that it is one."""
    journal = Journal(scope=scope, demonstration=demonstration, number=0, digest=START)
    session.add(journal)
    session.flush()
    return journal


def record(
    session: Session,
    scope: str,
    *,
    actor: str,
    act: str,
    object: str,
    now: datetime,
    public: dict[str, Any] | None = None,
    private: Any = None,
    person: str | None = None,
    published: bool = False,
) -> Entry:
    """Append one entry and return it.

    `public` is plain data without floats. `private` is kept apart and only committed to; `person` names whom it
    concerns (`user:12`, `contribution:8f…`, `registrant:…`), so that erasing them finds it; `published` says that
    anyone may read it for as long as it is not withdrawn. Raises TypeError for what has no canonical form.
    """
    journal = session.get(Journal, scope) or open_journal(session, scope)
    nonce = secrets.token_hex(16)
    lock(session, journal)
    entry = Entry(
        scope=scope,
        number=journal.number + 1,
        at=now.astimezone(UTC).replace(microsecond=0),
        actor=actor,
        act=act,
        object=object,
        public=public or {},
        private=None if private is None else commitment(nonce, private),
        demonstration=journal.demonstration,
        previous=journal.digest,
    )
    entry.digest = entry_digest(as_published(entry))
    session.add(entry)
    session.flush()
    if private is not None:
        session.add(
            PrivatePart(entry_id=entry.id, nonce=nonce, content=private, published=published, person=person)
        )
    journal.number, journal.digest = entry.number, entry.digest
    session.flush()
    return entry


def disclose(
    session: Session, person: str, published: bool, now: datetime, *, but: Collection[str] = ()
) -> None:
    """Let anyone read the private parts that concern a person, or nobody any more; those of the acts `but` stay as
    they are. Announces Withdrawn for what can no longer be read."""
    query = select(PrivatePart).where(PrivatePart.person == person, PrivatePart.published.is_(not published))
    parts = session.scalars(query.join(Entry).where(Entry.act.not_in(but)) if but else query).all()
    for part in parts:
        part.published = published
    session.flush()
    if parts and not published:
        announce(session, Withdrawn(part.entry.scope for part in parts), now)


def withdraw(session: Session, person: str, *, actor: str, now: datetime) -> int:
    """Delete every private part that concerns a person and say so in each chain; returns how many were deleted."""
    parts = session.scalars(select(PrivatePart).where(PrivatePart.person == person)).all()
    by_scope: dict[str, list[int]] = {}
    public = {part.entry.scope for part in parts if part.published}
    for part in parts:
        by_scope.setdefault(part.entry.scope, []).append(part.entry.number)
        session.delete(part)
    session.flush()
    for scope, numbers in sorted(by_scope.items()):
        record(
            session,
            scope,
            actor=actor,
            act="withdraw",
            object="entries",
            now=now,
            public={"withdrawn": sorted(numbers)},
        )
    if public:
        announce(session, Withdrawn(public), now)
    return len(parts)
