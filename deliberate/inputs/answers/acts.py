"""Saying what became of a contribution."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from deliberate.core.errors import N_, Refusal
from deliberate.inputs import rules
from deliberate.inputs.answers.models import Answer
from deliberate.inputs.models import Contribution
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note


def answer_contribution(
    session: Session,
    actor: Actor,
    process: Process,
    contribution: Contribution,
    outcome: str,
    reason: dict[str, str],
    now: datetime,
    *,
    charter: str = "",
    clause: str = "",
) -> Answer:
    """Say what became of a contribution, why, and in which clause; saying it again replaces it.

    `outcome` is one of `rules.OUTCOMES`. Raises Refusal when the reason, or the clause of something taken up, is missing.
    """
    require(session, actor, process, "create", "answer", now)
    if outcome not in rules.OUTCOMES:
        raise Refusal(N_("Say what became of the contribution."), field="outcome")
    reason = {code: said.strip() for code, said in reason.items() if said.strip()}
    if not reason:
        raise Refusal(N_("Say why: the person who wrote this will read it."), field="reason")
    if bool(charter) != bool(clause) or (outcome in ("adopted", "partly") and not clause):
        raise Refusal(N_("Name the charter and the clause in which this was taken up."), field="clause")
    answer = contribution.answer or Answer(contribution=contribution)
    answer.outcome, answer.reason, answer.charter, answer.clause, answer.at = (
        outcome,
        reason,
        charter,
        clause,
        now,
    )
    session.add(answer)
    session.flush()
    public: dict[str, Any] = {"outcome": outcome, "reason": reason}
    if clause:
        public |= {"charter": charter, "clause": clause}
    note(session, actor, process, "answer", contribution.object, now, public)
    return answer
