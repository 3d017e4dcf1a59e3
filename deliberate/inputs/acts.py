"""Acts on contributions: recording, correcting and withdrawing them, moderating, answering.

Questions are written in `questions.py`, bulk entry in `entry.py`, lessons in `lessons.py`, the synthesis in
`synthesis.py`, the dossier in `dossiers.py`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, NotFound, NotPermitted, Refusal
from deliberate.inputs import rules
from deliberate.inputs.models import Answer, Contribution, Lesson, Question
from deliberate.inputs.queries import dossier
from deliberate.journal.acts import disclose, withdraw
from deliberate.people.acts import Erased
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note


def contribute(
    session: Session,
    actor: Actor,
    process: Process,
    question: Question,
    text: str,
    language: str,
    channel: str,
    categories: Mapping[str, str],
    theme: str,
    now: datetime,
    *,
    variant: str = "",
    key: str = "",
    secret: str = "",
    received: datetime | None = None,
    collective: bool = False,
    count: int = 1,
    component: str = "",
    note: str = "",
) -> tuple[Contribution, str]:
    """Record an answer; returns it with the secret of its receipt, of which only the hash is kept.

    An answer counts for the round of its question when it was received (`received`, else `now`) in that round's open
    phase; what came on paper before the close may be typed after it. `secret` lets a form that is sent twice find its
    receipt again. Raises NotPermitted outside the phase, Refusal for an empty or too long text.
    """
    _require_to_contribute(session, actor, process, question, channel, received or now, now)
    secret = secret or rules.new_receipt()
    contribution = Contribution(
        process_id=process.id,
        key=key or rules.new_key("c"),
        question_id=question.id,
        variant=variant if variant in [v["key"] for v in question.variants] else "",
        round=question.round,
        theme=theme or question.theme,
        text=(cleaned := rules.clean_text(text)),
        folded=rules.folded(cleaned),
        language=rules.clean_language(language),
        channel=channel,
        collective=collective,
        count=count,
        component=component,
        note=note.strip()[: rules.NOTE_LIMIT],
        categories=rules.clean_categories(categories),
        state=first_state(process),
        receipt_hash=rules.receipt_hash(secret),
        user_id=actor.user_id if channel == "web" else None,
        received_at=received or now,
        at=now,
    )
    session.add(contribution)
    session.flush()
    _note_text(session, VISITOR if channel == "web" else actor, contribution, "contribute", now)
    return contribution, secret


def _require_to_contribute(
    session: Session,
    actor: Actor,
    process: Process,
    question: Question,
    channel: str,
    received: datetime,
    now: datetime,
) -> None:
    if channel not in rules.CHANNELS or question.process_id != process.id:
        raise NotFound(N_("There is no such question in this process."))
    phases = [phase for phase in process.phases if phase.kind == "open" and phase.round == question.round]
    if channel == "web":
        if not any(phase.span.holds(now) for phase in phases):
            raise NotPermitted(
                N_(
                    "Answers to this question are not being collected at the moment, so nothing was recorded. Keep your text: it can be sent in the next open phase."
                )
            )
        require(session, actor, process, "create", "contribution", now)
        return
    require(session, actor, process, "enter", "contribution", now)
    if received > now or not any(phase.span.holds(received) for phase in phases):
        raise Refusal(
            N_("This was received outside the open phase of round %(round)s. Check the date; what came late is for the next round."),
            field="received", round=question.round,
        )  # fmt: skip


def first_state(process: Process) -> str:
    """The state in which something sent by anyone begins, as the protocol says."""
    return "published" if process.protocol.get("moderation", "before") == "after" else "waiting"


def _note_text(session: Session, actor: Actor, contribution: Contribution, act: str, now: datetime) -> None:
    entry = note(
        session,
        actor,
        contribution.process,
        act,
        contribution.object,
        now,
        {
            "question": contribution.question.key,
            "round": contribution.round,
            "theme": contribution.theme,
            "language": contribution.language,
            "channel": contribution.channel,
            "count": contribution.count,
            "state": contribution.state,
        },
        private={"text": contribution.text},
        person=contribution.person,
        published=contribution.state == "published",
    )
    contribution.commitment = entry.private or ""
    session.flush()


def contribution_of(session: Session, secret: str) -> Contribution:
    """The contribution that a receipt belongs to. Raises NotFound."""
    found = session.scalar(
        select(Contribution).where(Contribution.receipt_hash == rules.receipt_hash(secret))
    )
    if found is None:
        raise NotFound(N_("This receipt is not known here. Check the address letter by letter."))
    return found


def correct_contribution(session: Session, secret: str, text: str, now: datetime) -> Contribution:
    """Replace the text, by its receipt, until the dossier of its round is settled; the first words are forgotten.

    With moderation before publication the new text waits again.
    """
    contribution = contribution_of(session, secret)
    lock(session, contribution)
    if contribution.state not in ("waiting", "published"):
        raise Conflict(N_("This contribution was withdrawn or refused; it can no longer be corrected."))
    if dossier(session, contribution.process, contribution.round) is not None:
        raise Conflict(
            N_(
                "The dossier of this round is settled: its words can no longer be corrected. You can still withdraw them."
            )
        )
    contribution.text = rules.clean_text(text)
    contribution.folded = rules.folded(contribution.text)
    contribution.state = first_state(contribution.process)
    withdraw(session, contribution.person, actor=VISITOR.kind, now=now)
    _note_text(session, VISITOR, contribution, "correct", now)
    return contribution


def withdraw_contribution(session: Session, secret: str, now: datetime) -> Contribution:
    """Erase a contribution, by its receipt, at any time: its words go, its key stays (GDPR, article 17)."""
    contribution = contribution_of(session, secret)
    lock(session, contribution)
    if contribution.state == "withdrawn":
        raise Conflict(N_("This contribution was already withdrawn."))
    _forget(session, contribution, now)
    return contribution


def forget_contributions(session: Session, event: Erased, now: datetime) -> None:
    """Withdraw what an erased person contributed while signed in."""
    mine = select(Contribution).where(Contribution.user_id == event.user.id).order_by(Contribution.id)
    for contribution in session.scalars(mine).all():
        _forget(session, contribution, now)


def _forget(session: Session, contribution: Contribution, now: datetime) -> None:
    contribution.text = contribution.folded = contribution.note = ""
    contribution.categories = {}
    contribution.user_id = None
    contribution.state = "withdrawn"
    for placement in contribution.placements:
        placement.contest = ""
    session.flush()
    withdraw(session, contribution.person, actor=VISITOR.kind, now=now)
    note(session, VISITOR, contribution.process, "withdraw", contribution.object, now)


def moderate(
    session: Session,
    actor: Actor,
    process: Process,
    thing: Contribution | Lesson,
    decision: str,
    reason: str,
    now: datetime,
) -> None:
    """Publish or refuse (`decision`: "publish" or "refuse") a contribution or a lesson; a refusal says why, publicly.

    A refused text is no longer opened in the journal, which keeps the code that proves it was there.
    """
    require(
        session, actor, process, "moderate", "lesson" if isinstance(thing, Lesson) else "contribution", now
    )
    lock(session, thing)
    state = {"publish": "published", "refuse": "refused"}.get(decision)
    if state is None:
        raise Refusal(N_("Choose whether to publish this or to refuse it."), field="decision")
    if thing.state in (state, "withdrawn"):
        raise Conflict(N_("This was already decided, or its author withdrew it. Reload the page to see."))
    if state == "refused" and not reason.strip():
        raise Refusal(N_("Say why this is refused: everyone will read the reason."), field="reason")
    thing.state, thing.reason, thing.moderated_at = state, reason.strip(), now
    session.flush()
    disclose(session, thing.person, state == "published", now)
    public = {"reason": thing.reason} if thing.reason else {}
    note(session, actor, process, decision, thing.object, now, public)


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
