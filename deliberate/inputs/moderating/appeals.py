"""Appeals: whoever holds the receipt of something refused asks a guarantor, who answers once and in public.

A guarantor changes nothing in what people say. Their decision is recorded under their pseudonym, and the state of the
thing follows from it by this rule: lifted means published, confirmed means that it stays as it is.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.inputs.moderating import queries, rules
from deliberate.inputs.moderating.acts import decide, drop_appeal
from deliberate.inputs.moderating.models import Appeal
from deliberate.inputs.moderating.things import Thing, thing_named
from deliberate.inputs.rules import clean_text
from deliberate.inputs.telling.acts import tell_guarantors
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note

DECISIONS = {"uphold": "upheld", "overturn": "overturned"}


def appeal(session: Session, process: Process, thing: Thing, reason: str, now: datetime) -> Appeal:
    """Ask a guarantor to look at a refusal again, in one's own words; the caller has found the thing by its receipt.

    Once for each decision, within the days that the protocol gives. The words are for guarantors alone. Raises Conflict
    when there is nothing to appeal against, when that was done, or when the time is over; Refusal without words.
    """
    require(session, VISITOR, process, "create", "appeal", now)
    lock(session, thing)  # type: ignore[arg-type]
    decision = queries.last_refusal(session, process, thing)
    if decision is None:
        raise Conflict(N_("This is not refused, so there is nothing to appeal against."))
    if queries.appeal_against(session, decision) is not None:
        raise Conflict(N_("You already appealed against this decision; the answer will be shown here."))
    limit = decision.at + rules.appeal_time(process.protocol)
    if now >= limit:
        raise Conflict(N_("The time to appeal against this ended on %(until)s."), until=limit)
    appeal = Appeal(
        process_id=process.id,
        decision=decision,
        reason=clean_text(reason, "reason", rules.REASON_LIMIT),
        at=now,
        until=now + rules.appeal_time(process.protocol),
    )
    session.add(appeal)
    session.flush()
    tell_guarantors(session, appeal, now)
    note(
        session, VISITOR, process, "appeal", thing.object, now,
        private={"reason": appeal.reason}, person=thing.person,
    )  # fmt: skip
    return appeal


def answer_appeal(
    session: Session,
    actor: Actor,
    process: Process,
    appeal: Appeal,
    decision: str,
    answer: str,
    now: datetime,
) -> None:
    """Confirm a refusal or lift it (`decision`: "uphold" or "overturn"), once, with a public reason; for guarantors.

    Raises Conflict when that was done, Refusal without a decision or a reason.
    """
    require(session, actor, process, "decide", "appeal", now)
    lock(session, appeal)
    if appeal.state != "waiting":
        raise Conflict(N_("This appeal was already decided, or is no longer needed."))
    if decision not in DECISIONS:
        raise Refusal(N_("Choose whether the refusal is confirmed or lifted."), field="decision")
    if not answer.strip():
        raise Refusal(N_("Say why: everyone will read the reason."), field="answer")
    thing = thing_named(session, process, appeal.object)
    appeal.answer = clean_text(answer, "answer", rules.REASON_LIMIT)
    appeal.state, appeal.answered_at = DECISIONS[decision], now
    appeal.stands = decision == "overturn"
    decide(session, process, thing, decision, "", appeal.answer, now)
    note(session, actor, process, decision, thing.object, now, {"reason": appeal.answer})


def forget_appeals(session: Session, process: Process, thing: Thing) -> None:
    """Wipe what the author of a thing wrote in appeals against its refusal; for acts that take words back."""
    drop_appeal(session, process, thing)
    for appeal in queries.appeals_against(session, process, thing):
        appeal.reason = ""
    session.flush()
