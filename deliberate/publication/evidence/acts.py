"""Acts on new evidence: attaching a lesson to a clause, publishing, refusing, removing and withdrawing that."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, NotFound, Refusal
from deliberate.drafting.models import Charter
from deliberate.inputs.contributing.acts import first_state
from deliberate.inputs.experience.models import Lesson
from deliberate.inputs.receipts import held_with, note_withdrawal, to_withdraw
from deliberate.inputs.rules import new_key, plain_text, receipt_hash
from deliberate.journal.acts import disclose
from deliberate.people.acts import Erased
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import require
from deliberate.process.queries import allowed
from deliberate.process.record import note
from deliberate.publication.evidence.models import NewEvidence
from deliberate.publication.evidence.rules import LONGEST, STATES
from deliberate.publication.reading import as_stored, in_force, passages

OBJECT = "new evidence"


def attach_evidence(
    session: Session,
    actor: Actor,
    charter: Charter,
    clause: str,
    lesson: Lesson,
    why: dict[str, str],
    now: datetime,
    *,
    secret: str = "",
) -> NewEvidence:
    """Attach a public lesson to a clause in force, with a sentence that says why it bears on it.

    From the team it is public at once; from anyone else, as the protocol's moderation says. `secret` is the receipt of
    who attaches it. Raises Refusal, Conflict where this lesson is there already.
    """
    process = charter.process
    require(session, actor, process, "create", OBJECT, now)
    version = in_force(session, charter)
    if version is None or clause not in {one.clause.id for one in passages(as_stored(version))}:
        raise NotFound(N_("The charter in force has no passage at this address."))
    if lesson.process_id != process.id or lesson.state != "published":
        raise Refusal(N_("Choose a public experience of this process."), field="lesson")
    if _attached(session, charter, clause, lesson):
        raise Conflict(N_("This experience is attached to this passage already."), field="lesson")
    trusted = allowed(session, actor, process, "moderate", OBJECT, now)
    evidence = NewEvidence(
        charter_id=charter.id,
        lesson_id=lesson.id,
        key=new_key("e"),
        clause=clause,
        version_number=version.number,
        why=_said(why),
        state="published" if trusted else first_state(process),
        receipt_hash=receipt_hash(secret) if secret else None,
        user_id=None if trusted else actor.user_id,
        at=now,
    )
    session.add(evidence)
    session.flush()
    _note_attached(session, actor if trusted else VISITOR, evidence, now)
    return evidence


def _said(why: dict[str, str]) -> dict[str, str]:
    said = {code: text for code, given in why.items() if (text := plain_text(given))}
    if not said:
        raise Refusal(N_("Say in a sentence why it bears on this passage."), field="why")
    if any(len(text) > LONGEST for text in said.values()):
        raise Refusal(N_("Say it in %(most)s characters at most."), field="why", most=LONGEST)
    return said


def _attached(session: Session, charter: Charter, clause: str, lesson: Lesson) -> bool:
    query = select(NewEvidence.id).where(
        NewEvidence.charter_id == charter.id,
        NewEvidence.clause == clause,
        NewEvidence.lesson_id == lesson.id,
        NewEvidence.state.in_(("waiting", "published")),
    )
    return session.scalar(query) is not None


def _note_attached(session: Session, actor: Actor, evidence: NewEvidence, now: datetime) -> None:
    public = {
        "charter": evidence.charter.key,
        "clause": evidence.clause,
        "version": evidence.version_number,
        "lesson": evidence.lesson.key,
    }
    note(
        session, actor, evidence.charter.process, "attach", evidence.object, now, public,
        private={"why": evidence.why}, person=evidence.person, published=evidence.state == "published",
    )  # fmt: skip


def decide_evidence(
    session: Session, actor: Actor, evidence: NewEvidence, decision: str, reason: str, now: datetime
) -> None:
    """Publish, refuse or remove (`decision`) new evidence; refusing and removing say why, publicly."""
    process = evidence.charter.process
    require(session, actor, process, "moderate", OBJECT, now)
    lock(session, evidence)
    state = STATES.get(decision)
    if state is None:
        raise Refusal(N_("Choose whether to publish this, to refuse it or to remove it."), field="decision")
    if evidence.state in (state, "withdrawn") or (decision == "remove") != (evidence.state == "published"):
        raise Conflict(N_("This was already decided, or its author withdrew it. Reload the page to see."))
    if decision != "publish" and not reason.strip():
        raise Refusal(N_("Say why: everyone will read the reason."), field="reason")
    evidence.state, evidence.reason, evidence.decided_at = state, reason.strip(), now
    session.flush()
    disclose(session, evidence.person, state == "published", now)
    public = {"reason": evidence.reason} if evidence.reason else {}
    note(session, actor, process, decision, evidence.object, now, public)


def evidence_of(session: Session, secret: str) -> NewEvidence:
    """The evidence that a receipt belongs to. Raises NotFound."""
    return held_with(session, NewEvidence, secret)


def withdraw_evidence(session: Session, secret: str, now: datetime) -> NewEvidence:
    """Take back, by its receipt, what one attached: the sentence is erased (GDPR, article 17)."""
    evidence = to_withdraw(session, NewEvidence, secret)
    _forget(session, evidence, now)
    return evidence


def forget_evidence(session: Session, event: Erased, now: datetime) -> None:
    """Withdraw what an erased person attached while signed in."""
    mine = select(NewEvidence).where(NewEvidence.user_id == event.user.id).order_by(NewEvidence.id)
    for evidence in session.scalars(mine).all():
        _forget(session, evidence, now)


def _forget(session: Session, evidence: NewEvidence, now: datetime) -> None:
    evidence.why, evidence.user_id, evidence.state = {}, None, "withdrawn"
    note_withdrawal(session, evidence.charter.process, evidence, now)
