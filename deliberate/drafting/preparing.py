"""Acts of somebody who prepares an amendment: collecting changes, undoing each, proposing them together.

Nothing of it enters the journal before it is proposed: it is like words being typed, seen by nobody else.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from charters.problems import CharterError
from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, NotFound, NotPermitted
from deliberate.drafting import pending
from deliberate.drafting.acts import checked, propose
from deliberate.drafting.models import Amendment, Charter, Preparation
from deliberate.drafting.rules import DRAFT, amended, document, numbered, renamed, saved
from deliberate.drafting.standing import expect_changeable
from deliberate.people.acts import Erased
from deliberate.people.rules import Actor
from deliberate.process.acts import require

Json = dict[str, Any]


def prepare(
    session: Session,
    actor: Actor,
    charter: Charter,
    steps: Sequence[Json],
    now: datetime,
    *,
    amends: Amendment | None = None,
) -> Preparation:
    """Add changes to the amendment one is preparing, or begin one; `amends`: the amendment that it changes.

    Raises Refusal with the engine's sentence for changes that cannot be applied, Conflict when another one is begun.
    """
    draft = _begun(session, actor, charter, amends, now)
    text = pending.prepared_on(session, draft)
    found = numbered(steps, [*draft.operations], text)
    draft.operations = checked(DRAFT, [*draft.operations, *found], text, touching=found)
    draft.changed_at = now
    session.flush()
    return draft


def begin_change(session: Session, actor: Actor, amendment: Amendment, now: datetime) -> Preparation:
    """Begin an amendment to an amendment; its changes are collected like those of any other."""
    require(session, actor, amendment.process, "create", "amendment", now)
    lock(session, amendment.charter)
    expect_changeable(session, amendment.charter, amendment)
    return _begun(session, actor, amendment.charter, amendment, now)


def take_up(session: Session, actor: Actor, amendment: Amendment, now: datetime) -> Preparation:
    """Prepare anew what is left of one's amendment that could not follow a version. Raises Refusal when nothing is."""
    charter = amendment.charter
    require(session, actor, charter.process, "create", "amendment", now)
    lock(session, charter)
    if amendment.state != "stranded" or amendment.author_id is None or amendment.author_id != actor.user_id:
        raise NotPermitted(N_("Only its author takes up an amendment that could not follow."))
    if pending.preparation(session, charter, actor.user_id) is not None:
        raise Conflict(
            N_("You are preparing another amendment to this charter. Propose it or drop it first.")
        )
    draft = _begun(session, actor, charter, None, now)
    text = document(charter.latest.content)
    steps, lost = saved(amendment.operations, pending.written_on(session, amendment), text)
    draft.operations = renamed(steps, DRAFT)
    draft.lost = [[one.template, dict(one.values)] for one in lost]
    draft.reason, draft.answers, draft.table = (
        dict(amendment.reason),
        list(amendment.answers),
        amendment.table,
    )
    session.flush()
    return draft


def undo(session: Session, actor: Actor, draft: Preparation, index: int, now: datetime) -> None:
    """Take one change (counted from 0) back. Raises Refusal when a later one builds on it."""
    _mine(session, actor, draft, now)
    if not 0 <= index < len(draft.operations):
        raise NotFound(N_("This change was undone already."))
    rest: list[Json] = [step for place, step in enumerate(draft.operations) if place != index]
    text = pending.prepared_on(session, draft)
    try:
        if rest:
            amended(DRAFT, rest, text)
    except CharterError as error:
        raise Conflict(N_("A later change builds on this one: undo that one first.")) from error
    draft.operations, draft.changed_at = rest, now
    session.flush()


def drop(session: Session, actor: Actor, draft: Preparation, now: datetime) -> None:
    """Give up the amendment one is preparing."""
    _mine(session, actor, draft, now)
    session.delete(draft)
    session.flush()


def propose_prepared(
    session: Session,
    actor: Actor,
    draft: Preparation,
    reason: Mapping[str, str],
    answers: Sequence[str],
    now: datetime,
    *,
    table: str = "",
) -> Amendment:
    """Propose what was prepared. Raises what `propose` raises; the preparation then stays as it is."""
    _mine(session, actor, draft, now)
    found = propose(
        session,
        actor,
        draft.charter,
        draft.operations,
        reason,
        answers,
        now,
        table=table,
        amends=draft.amends,
    )
    session.delete(draft)
    session.flush()
    return found


def forget_preparations(session: Session, event: Erased, _now: datetime) -> None:
    """Nobody else ever saw what an erased person was preparing: it goes."""
    session.execute(delete(Preparation).where(Preparation.user_id == event.user.id))


def _begun(
    session: Session, actor: Actor, charter: Charter, amends: Amendment | None, now: datetime
) -> Preparation:
    require(session, actor, charter.process, "create", "amendment", now)
    lock(session, charter)
    if actor.user_id is None:
        raise NotPermitted(N_("Sign in to prepare an amendment."))
    draft = pending.preparation(session, charter, actor.user_id)
    if draft is None:
        draft = Preparation(
            charter=charter, user_id=actor.user_id, amends=amends, base_number=charter.latest.number,
            operations=[], reason={}, answers=[], lost=[], changed_at=now,
        )  # fmt: skip
        session.add(draft)
        session.flush()
    elif draft.amends_id != (amends.id if amends else None):
        raise Conflict(
            N_("You are preparing another amendment to this charter. Propose it or drop it first.")
        )
    return draft


def _mine(session: Session, actor: Actor, draft: Preparation, now: datetime) -> None:
    require(session, actor, draft.charter.process, "create", "amendment", now)
    lock(session, draft.charter)
    again = select(Preparation).where(Preparation.id == draft.id).execution_options(populate_existing=True)
    if session.scalar(again) is None:
        raise NotFound(N_("You are not preparing an amendment to this charter. Choose a clause to change."))
    if draft.user_id != actor.user_id:
        raise NotPermitted(N_("This amendment is being prepared by somebody else."))
