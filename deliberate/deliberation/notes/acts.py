"""Keeping the note of a table."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from deliberate.core.errors import N_, Refusal
from deliberate.deliberation.models import Sitting
from deliberate.deliberation.notes.models import TableNote
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.record import note


def add_note(
    session: Session, actor: Actor, sitting: Sitting, label: str, text: Mapping[str, str], now: datetime
) -> TableNote:
    """Keep what a table asks to be kept of its talk."""
    require(session, actor, sitting.process, "change", "session", now)
    if not any(words.strip() for words in text.values()):
        raise Refusal(N_("Write the note first."), field="text")
    kept = TableNote(sitting_id=sitting.id, label=label.strip(), text=dict(text), at=now)
    session.add(kept)
    session.flush()
    public = {"session": sitting.number, "table": kept.label}
    note(session, actor, sitting.process, "add", f"note:{kept.id}", now, public, private=kept.text)
    return kept
