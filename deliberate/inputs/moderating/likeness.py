"""Saying that contributions say the same: decided by a person, undone by one, and changing nothing else.

Each keeps its own words, place on the synthesis and answer; readers see how many others said alike.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.inputs.models import Contribution
from deliberate.inputs.moderating.models import Alike
from deliberate.inputs.rules import new_key
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note


def link(
    session: Session, actor: Actor, process: Process, contributions: Sequence[Contribution], now: datetime
) -> str:
    """Say that contributions say the same, with all that any of them was linked to before; returns the group's key.

    Raises Refusal for fewer than two, or for one that was refused or withdrawn; Conflict when they are linked already.
    """
    require(session, actor, process, "change", "likeness", now)
    chosen = {one.id: one for one in contributions}
    if len(chosen) < 2:
        raise Refusal(N_("Tick at least two contributions that say the same."))
    if any(one.state not in ("waiting", "published") for one in chosen.values()):
        raise Refusal(N_("What was refused or withdrawn cannot be linked. Reload the page."))
    linked = session.scalars(select(Alike).where(Alike.contribution_id.in_(chosen))).all()
    groups = sorted({one.group for one in linked})
    if len(groups) == 1 and len(linked) == len(chosen):
        raise Conflict(N_("These contributions are linked already."))
    group = groups[0] if groups else new_key("a")
    for one in session.scalars(select(Alike).where(Alike.process_id == process.id, Alike.group.in_(groups))):
        one.group = group
    known = {one.contribution_id for one in linked}
    session.add_all(
        Alike(process_id=process.id, contribution_id=one, group=group, at=now)
        for one in chosen
        if one not in known
    )
    session.flush()
    keys = sorted(one.key for one in chosen.values())
    note(session, actor, process, "link", f"likeness:{group}", now, {"contributions": keys})
    return group


def unlink(
    session: Session, actor: Actor, process: Process, contribution: Contribution, now: datetime
) -> None:
    """Take a contribution out of its group; a group of one is none. Raises Conflict when it is in none."""
    require(session, actor, process, "change", "likeness", now)
    found = session.scalar(select(Alike).where(Alike.contribution_id == contribution.id))
    if found is None:
        raise Conflict(N_("This contribution is not linked to any other. Reload the page to see."))
    group = found.group
    session.delete(found)
    session.flush()
    rest = select(Alike.id).where(Alike.process_id == process.id, Alike.group == group)
    if len(left := session.scalars(rest).all()) == 1:
        session.execute(delete(Alike).where(Alike.id.in_(left)))
    note(session, actor, process, "unlink", f"likeness:{group}", now, {"contribution": contribution.key})
