"""Acts of moderation."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.core.events import announce
from deliberate.inputs.models import Contribution
from deliberate.inputs.moderating import queries, rules
from deliberate.inputs.moderating.models import Decision
from deliberate.inputs.moderating.things import Thing, kind_of
from deliberate.inputs.statements.events import VotesChanged
from deliberate.inputs.statements.models import Statement
from deliberate.inputs.telling.acts import tell
from deliberate.journal.acts import disclose
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note

# What people wrote to the team stays with the team when their words become public.
TO_THE_TEAM = ("appeal", "contest")


def moderate(
    session: Session,
    actor: Actor,
    process: Process,
    thing: Thing,
    decision: str,
    reason: str,
    now: datetime,
    *,
    rule: str = "",
) -> None:
    """Publish or refuse (`decision`: "publish" or "refuse") what someone sent; a refusal says why, publicly.

    `rule` is one of `rules.RULE_NAMES`, and then words may be left out. A refused text is no longer opened in the
    journal, which keeps the code that proves it was there. Raises Conflict when it was decided already, or by a
    guarantor, whose decision holds for as long as the words do.
    """
    require(session, actor, process, "moderate", kind_of(thing).name, now)
    lock(session, thing)  # type: ignore[arg-type]
    if decision not in rules.STATES:
        raise Refusal(N_("Choose whether to publish this or to refuse it."), field="decision")
    if thing.state in (rules.STATES[decision], "withdrawn", "retired"):
        raise Conflict(N_("This was already decided, or its author withdrew it. Reload the page to see."))
    if decision == "refuse":
        rule, reason = rules.stated(rule, reason)
        _refuse_what_a_guarantor_decided(session, process, thing)
    else:
        rule, reason = "", reason.strip()[: rules.REASON_LIMIT]
        drop_appeal(session, process, thing)
    decide(session, process, thing, decision, rule, reason, now)
    note(session, actor, process, decision, thing.object, now, _said(rule, reason))


def moderate_all(
    session: Session,
    actor: Actor,
    process: Process,
    things: Sequence[Thing],
    decision: str,
    reason: str,
    now: datetime,
    *,
    rule: str = "",
) -> None:
    """Decide the same on many things at once, or on none: the first that cannot be decided on raises."""
    if not things:
        raise Refusal(N_("Tick what you decide on."))
    for thing in things:
        moderate(session, actor, process, thing, decision, reason, now, rule=rule)


def decide(
    session: Session,
    process: Process,
    thing: Thing,
    decision: str,
    rule: str,
    reason: str,
    now: datetime,
) -> None:
    """Bring a thing into the state that a decision of a moderator or a guarantor leads to, and log it."""
    state = {"uphold": "refused", "overturn": "published"}.get(decision) or rules.STATES[decision]
    session.add(
        Decision(
            process_id=process.id, thing=thing.object, kind=kind_of(thing).name, round=thing.round,
            decision=decision, before=thing.state, rule=rule, reason=reason,
            received_at=thing.at, at=now,
        )
    )  # fmt: skip
    if decision != "uphold":
        thing.state, thing.reason, thing.moderated_at = state, reason or rule, now
        session.flush()
        disclose(session, thing.person, state == "published", now, but=TO_THE_TEAM)
    if isinstance(thing, Statement):
        announce(session, VotesChanged(process, thing.round), now)
    if isinstance(thing, Contribution):
        tell(session, [thing], "moderated", now)
    session.flush()


def drop_appeal(session: Session, process: Process, thing: Thing) -> None:
    """An appeal that waits is no longer needed, and what a guarantor decided binds no more: the thing is another now."""
    for appeal in queries.appeals_against(session, process, thing):
        appeal.stands = False
        if appeal.state == "waiting":
            appeal.state, appeal.reason = "dropped", ""
    session.flush()


def _refuse_what_a_guarantor_decided(session: Session, process: Process, thing: Thing) -> None:
    if any(appeal.stands for appeal in queries.appeals_against(session, process, thing)):
        raise Conflict(
            N_("On appeal, a guarantor decided that %(thing)s is published. That decision stands."),
            thing=thing.key,
        )


def _said(rule: str, reason: str) -> dict[str, str]:
    said = {"reason": reason or rule} if reason or rule else {}
    return said | ({"rule": rule} if rule else {})
