"""Reading the chain."""

from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any

from sqlalchemy import String, func, or_, select
from sqlalchemy.orm import Session, selectinload

from deliberate.journal.models import Entry, Journal, PrivatePart


def as_published(entry: Entry) -> dict[str, Any]:
    """An entry as plain data, the form its digest is computed on and the bundle holds."""
    published = {
        "number": entry.number,
        "at": entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "actor": entry.actor,
        "act": entry.act,
        "object": entry.object,
        "public": entry.public,
        "private": entry.private,
        "previous": entry.previous,
        "digest": entry.digest,
    }
    return published | {"demonstration": True} if entry.demonstration else published


def head(session: Session, scope: str) -> Journal | None:
    """The chain's head row: last number and digest."""
    return session.get(Journal, scope)


def chain(session: Session, scope: str) -> Iterator[dict[str, Any]]:
    """Every entry of a chain as published, in order."""
    for entry in session.scalars(select(Entry).where(Entry.scope == scope).order_by(Entry.number)):
        yield as_published(entry)


def openings(session: Session, scope: str) -> dict[str, dict[str, Any]]:
    """The private parts that anyone may read, by entry number (as text): nonce and content."""
    rows = session.execute(
        select(Entry.number, PrivatePart.nonce, PrivatePart.content)
        .join(PrivatePart, PrivatePart.entry_id == Entry.id)
        .where(Entry.scope == scope, PrivatePart.published.is_(True))
        .order_by(Entry.number)
    )
    return {str(number): {"nonce": nonce, "content": content} for number, nonce, content in rows}


def search(
    session: Session, scope: str, words: str = "", act: str = "", page: int = 1, per_page: int = 50
) -> tuple[Sequence[Entry], int]:
    """One page of entries with their private parts, newest first, and how many there are in all."""
    query = select(Entry).where(Entry.scope == scope)
    if act:
        query = query.where(Entry.act == act)
    if words:
        like = f"%{words}%"
        query = query.where(
            or_(Entry.object.ilike(like), Entry.act.ilike(like), Entry.public.cast(String).ilike(like))
        )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(Entry.number.desc()).options(selectinload(Entry.opening))
    return session.scalars(ordered.limit(per_page).offset((page - 1) * per_page)).all(), total


def acts_used(session: Session, scope: str) -> list[str]:
    """The kinds of act that the chain holds, for a filter."""
    return list(session.scalars(select(Entry.act).where(Entry.scope == scope).distinct().order_by(Entry.act)))
