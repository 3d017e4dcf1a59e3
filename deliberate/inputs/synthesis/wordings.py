"""Other wordings of a line: anyone may propose one; a rapporteur takes it up or declines it, and says why."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, NotFound, Refusal
from deliberate.inputs.contributing.acts import first_state
from deliberate.inputs.moderating.appeals import forget_appeals
from deliberate.inputs.receipts import held_with, note_withdrawal, to_withdraw
from deliberate.inputs.rules import clean_language, clean_text, new_key, new_receipt, receipt_hash
from deliberate.inputs.synthesis.acts import LINE_LIMIT, hold, keep_line
from deliberate.inputs.synthesis.models import SynthesisLine, WordingProposal
from deliberate.people.acts import Erased
from deliberate.people.queries import DataRequested
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note

WHY_LIMIT = 2000


def propose_wording(
    session: Session,
    actor: Actor,
    process: Process,
    line: SynthesisLine,
    text: str,
    why: str,
    language: str,
    now: datetime,
    *,
    secret: str = "",
) -> tuple[WordingProposal, str]:
    """Propose another wording of a line; returns it with the secret of its receipt, of which only the hash is kept."""
    require(session, actor, process, "create", "wording", now)
    hold(session, line)
    text = clean_text(text, "text", LINE_LIMIT)
    if text in line.text.values():
        raise Refusal(N_("This is the wording in force. Write how you would say it."), field="text")
    secret = secret or new_receipt()
    proposal = WordingProposal(
        process_id=process.id,
        line=line,
        key=new_key("w"),
        round=line.round,
        wording=line.wording,
        text=text,
        why=clean_text(why, "why", WHY_LIMIT) if why.strip() else "",
        language=clean_language(language),
        state=first_state(process),
        receipt_hash=receipt_hash(secret),
        user_id=actor.user_id,
        at=now,
    )
    session.add(proposal)
    session.flush()
    note(
        session, VISITOR, process, "propose", proposal.object, now,
        {"line": line.key, "wording": line.wording, "state": proposal.state},
        private={"text": proposal.text, "why": proposal.why}, person=proposal.person,
        published=proposal.state == "published",
    )  # fmt: skip
    return proposal, secret


def proposal_of(session: Session, secret: str) -> WordingProposal:
    """The proposal that a receipt belongs to. Raises NotFound."""
    return held_with(session, WordingProposal, secret)


def withdraw_wording(session: Session, secret: str, now: datetime) -> WordingProposal:
    """Erase a proposal by its receipt: its words go, its key and its outcome stay. What was taken up stays in the line."""
    proposal = to_withdraw(session, WordingProposal, secret)
    _forget(session, proposal, now)
    return proposal


def _forget(session: Session, proposal: WordingProposal, now: datetime) -> None:
    proposal.text = proposal.why = ""
    proposal.user_id = None
    proposal.state = "withdrawn"
    forget_appeals(session, proposal.process, proposal)
    note_withdrawal(session, proposal.process, proposal, now)


def forget_wordings(session: Session, event: Erased, now: datetime) -> None:
    """Withdraw what an erased person proposed while signed in."""
    mine = (
        select(WordingProposal).where(WordingProposal.user_id == event.user.id).order_by(WordingProposal.id)
    )
    for proposal in session.scalars(mine).all():
        _forget(session, proposal, now)


def settle_wording(
    session: Session,
    actor: Actor,
    process: Process,
    proposal: WordingProposal,
    outcome: str,
    answer: str,
    now: datetime,
    *,
    text: dict[str, str] | None = None,
) -> None:
    """Take up a wording (the line says `text`, else the proposed words in their language) or decline it; say why.

    Raises Conflict when it was settled already, or its author withdrew it.
    """
    require(session, actor, process, "change", "synthesis", now)
    lock(session, proposal)
    if proposal.state != "published" or proposal.outcome:
        raise Conflict(N_("This was already decided, or its author withdrew it. Reload the page to see."))
    if outcome not in ("taken up", "declined"):
        raise Refusal(N_("Say whether you take this wording up."), field="outcome")
    proposal.answer = clean_text(answer, "answer", WHY_LIMIT)
    proposal.outcome = outcome
    line = proposal.line
    hold(session, line)
    public: dict[str, Any] = {"line": line.key, "answer": proposal.answer}
    if outcome == "taken up":
        given = text or {**line.text, proposal.language: proposal.text}
        keep_line(session, process, line, line.round, line.dimension, given, line.theme, now)
        public |= {"wording": line.wording}
    session.flush()
    note(
        session,
        actor,
        process,
        "take up" if outcome == "taken up" else "decline",
        proposal.object,
        now,
        public,
    )
    if outcome == "taken up":
        record = {"round": line.round, "dimension": line.dimension, "theme": line.theme, "text": line.text}
        note(session, actor, process, "write", line.object, now, {**record, "dissent": line.dissent})


def wording(session: Session, process: Process, key: str) -> WordingProposal:
    """A proposal by its key. Raises NotFound."""
    query = select(WordingProposal).where(
        WordingProposal.process_id == process.id, WordingProposal.key == key
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound(N_("There is no proposed wording at this address."))
    return found


def add_held(session: Session, request: DataRequested, _now: datetime) -> None:
    """The wordings that an account proposed."""
    mine = (
        select(WordingProposal).where(WordingProposal.user_id == request.user.id).order_by(WordingProposal.id)
    )
    request.held["wordings"] = [
        {"key": one.key, "line": one.line.key, "text": one.text, "why": one.why}
        for one in session.scalars(mine)
    ]
