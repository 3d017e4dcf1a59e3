"""Acts on an amendment to an amendment: its author takes it in, or a ballot does."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from charters.merging.folding import amended as taken_in
from charters.problems import CharterError
from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, NotPermitted, Refusal
from deliberate.drafting import pending, queries
from deliberate.drafting.acts import refused
from deliberate.drafting.following import follow_amendment
from deliberate.drafting.models import Amendment
from deliberate.drafting.rules import amended, document, plain_operations
from deliberate.drafting.rules import amendment as as_amendment
from deliberate.drafting.standing import hold
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.record import note


def fold(session: Session, actor: Actor, change: Amendment, now: datetime) -> Amendment:
    """Take a proposed change into one's own amendment; returns that amendment. Those who supported it keep their choice.

    Raises NotPermitted for others than its author, Conflict when one of the two was decided meanwhile.
    """
    require(session, actor, change.process, "change", "amendment", now)
    parent = change.amends
    if parent is None:
        raise Refusal(N_("This amendment changes the charter, not another amendment."))
    hold(session, parent)
    lock(session, change)
    if parent.author_id is None or parent.author_id != actor.user_id:
        raise NotPermitted(
            N_(
                "Only the author of amendment %(amendment)s takes changes into it. Otherwise a ballot decides."
            ),
            amendment=parent.key,
        )
    if parent.state != "proposed" or change.state != "proposed":
        raise Conflict(N_("This amendment has moved on since: see where it stands on its page."))
    take_in(session, parent, change, now)
    public = {"into": parent.key, "answers": parent.answers}
    note(session, actor, parent.process, "fold", change.subject, now, public, private=parent.operations)
    return parent


def take_in(session: Session, parent: Amendment, change: Amendment, now: datetime) -> None:
    """Make a change part of the amendment that it changes; the other changes follow, or say why not."""
    before = pending.written_on(session, change)
    base = document(queries.version(session, parent.charter, parent.base_number).content)
    proposed = replace(as_amendment(change.key, change.operations, before), amends=parent.key)
    try:
        found = taken_in(base, as_amendment(parent.key, parent.operations, base), [proposed])
    except CharterError as error:
        raise refused(error) from error
    if found.amendment is None:
        why: Any = found.conflicts[0].why
        raise Refusal(why.template, **dict(why.values))
    parent.operations = plain_operations(found.amendment)
    parent.answers = list(dict.fromkeys([*parent.answers, *change.answers]))
    change.state, change.decided_at = "folded", now
    follow_amendment(session, parent, before, amended(parent.key, parent.operations, base))
