"""How an act on a process enters its journal: under the pseudonym that the actor bears there."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from deliberate.core.errors import N_, Refusal
from deliberate.journal.acts import record
from deliberate.journal.models import Entry
from deliberate.people.acts import pseudonym
from deliberate.people.rules import Actor
from deliberate.people.rules import person as account
from deliberate.process.models import Process


def note(
    session: Session,
    actor: Actor,
    process: Process,
    act: str,
    object: str,
    now: datetime,
    public: dict[str, Any] | None = None,
    *,
    private: Any = None,
    person: str | None = None,
    published: bool = False,
) -> Entry:
    """Append one entry; see `journal.acts.record` for what is public, private and published.

    A private part concerns the actor when it names nobody else.
    """
    if private is not None and person is None and actor.user_id is not None:
        person = account(actor.user_id)
    return record(
        session,
        process.slug,
        actor=pseudonym(session, actor, process.slug),
        act=act,
        object=object,
        now=now,
        public=public,
        private=private,
        person=person,
        published=published,
    )


def stated_reason(reason: str) -> str:
    """The reason typed for an act, which its entry says to everyone. Raises Refusal when there is none."""
    if not reason.strip():
        raise Refusal(N_("Say why: the reason stands in the public journal."), field="reason")
    return reason.strip()
