"""Saying what became of contributions."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.inputs import rules
from deliberate.inputs.answers.models import Answer, AnswerDraft, EarlierAnswer
from deliberate.inputs.models import Contribution
from deliberate.inputs.telling.acts import tell
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note

REASON_LIMIT = 2000


@dataclass(frozen=True)
class Said:
    """What an answer says: the outcome, one of `rules.OUTCOMES`; why, per language; the clause it led to."""

    outcome: str
    reason: dict[str, str] = field(default_factory=dict)
    charter: str = ""
    clause: str = ""

    def whole(self) -> "Said":
        """The same without spaces around it. Raises Refusal when reason, or the clause of something taken up, is missing."""
        if self.outcome not in rules.OUTCOMES:
            raise Refusal(N_("Say what became of the contribution."), field="outcome")
        reason = {code: said.strip() for code, said in self.reason.items() if said.strip()}
        if not reason:
            raise Refusal(N_("Say why: the person who wrote this will read it."), field="reason")
        for code, said in reason.items():
            rules.clean_text(said, f"reason_{code}", REASON_LIMIT)
        taken_up = self.outcome in ("adopted", "partly")
        if bool(self.charter) != bool(self.clause) or (taken_up and not self.clause):
            raise Refusal(N_("Name the charter and the clause in which this was taken up."), field="clause")
        return Said(self.outcome, reason, self.charter, self.clause)


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
    """Say what became of a contribution, why, and in which clause; saying it again replaces it, in public."""
    said = Said(outcome, reason, charter, clause)
    return answer_contributions(session, actor, process, [contribution], said, now)[0]


def answer_contributions(
    session: Session,
    actor: Actor,
    process: Process,
    contributions: Sequence[Contribution],
    said: Said,
    now: datetime,
) -> list[Answer]:
    """Give many contributions the same answer, or none of them: one entry of the journal for each.

    An answer that differs replaces the one before, which stays readable; one that says the same changes nothing. Raises
    Refusal for what is missing in the answer, Conflict for what is not public, or is withdrawn.
    """
    require(session, actor, process, "create", "answer", now)
    if not contributions:
        raise Refusal(N_("Tick at least one contribution."))
    said = said.whole()
    for one in contributions:
        if one.process_id != process.id or one.state != "published":
            raise Conflict(
                N_("Contribution %(key)s is not public, so it cannot be answered. Reload the page."),
                key=one.key,
            )
    changed = [one for one in contributions if one.answer is None or as_said(one.answer) != said]
    for one in changed:
        _answer(session, one, said, now)
    forget_drafts(session, contributions)
    tell(session, changed, "answered", now)
    for one in changed:
        note(session, actor, process, "answer", one.object, now, _public(said))
    return [one.answer for one in contributions if one.answer is not None]


def as_said(answer: Answer | EarlierAnswer | AnswerDraft) -> Said:
    """What a stored answer says."""
    return Said(answer.outcome, dict(answer.reason), answer.charter, answer.clause)


def _answer(session: Session, contribution: Contribution, said: Said, now: datetime) -> None:
    answer = contribution.answer
    if answer is None:
        answer = Answer(contribution=contribution)
    else:
        answer.earlier.insert(0, EarlierAnswer(**asdict(as_said(answer)), at=answer.at))
    for name, value in asdict(said).items():
        setattr(answer, name, value)
    answer.at = now
    session.add(answer)
    session.flush()


def _public(said: Said) -> dict[str, Any]:
    public: dict[str, Any] = {"outcome": said.outcome, "reason": said.reason}
    return public | ({"charter": said.charter, "clause": said.clause} if said.clause else {})


# Answers being prepared


def draft_answers(
    session: Session,
    actor: Actor,
    process: Process,
    contributions: Sequence[Contribution],
    said: Said,
    now: datetime,
) -> None:
    """Keep an answer for later, as far as it is written; nobody outside the team sees it, and no journal tells it.

    What is not public is passed over. Raises Refusal when nothing is ticked.
    """
    require(session, actor, process, "create", "answer", now)
    if not contributions:
        raise Refusal(N_("Tick at least one contribution."))
    forget_drafts(session, contributions)
    session.add_all(
        AnswerDraft(contribution=one, at=now, **asdict(said))
        for one in contributions
        if one.process_id == process.id and one.state == "published"
    )
    session.flush()


def give_drafts(
    session: Session, actor: Actor, process: Process, contributions: Sequence[Contribution], now: datetime
) -> int:
    """Give the answers prepared for these contributions, all or none; returns how many. Raises as giving them does."""
    require(session, actor, process, "create", "answer", now)
    ids = [one.id for one in contributions]
    drafts = session.scalars(select(AnswerDraft).where(AnswerDraft.contribution_id.in_(ids))).all()
    if not drafts:
        raise Refusal(N_("No answer is prepared for what you ticked."))
    prepared = [(draft.contribution, as_said(draft).whole()) for draft in drafts]
    for contribution, said in prepared:
        answer_contributions(session, actor, process, [contribution], said, now)
    return len(drafts)


def forget_drafts(session: Session, contributions: Sequence[Contribution]) -> None:
    """Delete the answers being prepared for these contributions."""
    ids = [one.id for one in contributions]
    session.execute(delete(AnswerDraft).where(AnswerDraft.contribution_id.in_(ids)))
