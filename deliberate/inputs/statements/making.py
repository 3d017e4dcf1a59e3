"""Acts of the team on statements: making them, from contributions or not, translating, retiring, putting back."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, NotFound, Refusal
from deliberate.core.events import announce
from deliberate.inputs.events import ContributionTakenBack
from deliberate.inputs.models import Contribution
from deliberate.inputs.moderating.appeals import forget_appeals
from deliberate.inputs.receipts import note_withdrawal
from deliberate.inputs.rules import clean_language, folded, new_key
from deliberate.inputs.statements import rules
from deliberate.inputs.statements.events import VotesChanged
from deliberate.inputs.statements.models import Statement
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note, stated_reason


def add_statement(
    session: Session,
    actor: Actor,
    process: Process,
    text: Mapping[str, str],
    language: str,
    now: datetime,
    *,
    contribution: Contribution | None = None,
    round: int = 0,
    key: str = "",
) -> Statement:
    """Put a statement to everyone: the team's own words, or a contribution made short, which stays its root.

    `round` is the first one that still collects unless given. Raises Refusal for an empty or too long text, Conflict
    for a contribution that is not public.
    """
    require(session, actor, process, "change", "statement", now)
    if contribution is not None and (
        contribution.process_id != process.id or contribution.state != "published"
    ):
        raise Conflict(N_("A statement is drawn from a contribution that is public. Choose another one."))
    spans = [phase.span for phase in process.phases]
    number = round or rules.collecting_round(spans, now)
    _refuse_over(process, number, now)
    statement = Statement(
        key=key, round=number, source="contribution" if contribution else "team",
        contribution_id=contribution.id if contribution else None, state="published", language=language,
        text=rules.clean_statement(text),
    )  # fmt: skip
    return make(session, actor, process, statement, "add", now)


def _refuse_over(process: Process, round: int, now: datetime) -> None:
    if process.open_phase_over(round, now):
        raise Conflict(
            N_("The open phase of round %(round)s is over: its statements stay as they are."), round=round
        )


def make(
    session: Session, actor: Actor, process: Process, statement: Statement, act: str, now: datetime
) -> Statement:
    """Number a statement, keep it and write it into the journal. `language` is that of the first wording."""
    statement.language = clean_language(statement.language)
    if statement.language not in statement.text:
        raise Refusal(N_("Write the statement in the language it was first said in."), field="text")
    lock(session, process)  # numbers follow one another
    last = select(func.max(Statement.number)).where(
        Statement.process_id == process.id, Statement.round == statement.round
    )
    statement.process_id, statement.at = process.id, now
    statement.key = statement.key or new_key("s")
    statement.number = (session.scalar(last) or 0) + 1
    statement.folded = rules.folded_text(statement.text)
    session.add(statement)
    session.flush()
    _note_text(session, actor, process, statement, act, now)
    return statement


def _note_text(
    session: Session, actor: Actor, process: Process, statement: Statement, act: str, now: datetime
) -> None:
    public = {"round": statement.round, "source": statement.source, "state": statement.state}
    if statement.contribution is not None:
        public["contribution"] = statement.contribution.key
    entry = note(
        session, VISITOR if statement.source == "participant" and act == "propose" else actor, process, act,
        statement.object, now, public,
        private={"text": statement.text}, person=statement.person, published=statement.state == "published",
    )  # fmt: skip
    statement.commitment = entry.private or ""
    session.flush()


def reword(
    session: Session,
    actor: Actor,
    process: Process,
    statement: Statement,
    text: Mapping[str, str],
    now: datetime,
) -> None:
    """Write a statement in more languages. Its first wording changes only while nobody has voted on it.

    Raises Conflict when the first wording was voted on, or the statement is no longer put to anyone.
    """
    require(session, actor, process, "change", "statement", now)
    lock(session, statement)
    kept = rules.clean_statement(text)
    if statement.state not in ("waiting", "published"):
        raise Conflict(N_("This statement is no longer put to anyone; its words stay as they are."))
    if statement.language not in kept:
        raise Refusal(N_("Write the statement in the language it was first said in."), field="text")
    if statement.votes and kept[statement.language] != statement.text[statement.language]:
        raise Conflict(
            N_(
                "People voted on these words, so they stay as they are. Translations can be mended; for other words, add another statement and retire this one."
            ),
            field="text",
        )
    statement.text, statement.folded = kept, rules.folded_text(kept)
    session.flush()
    _note_text(session, actor, process, statement, "reword", now)


def retire(
    session: Session, actor: Actor, process: Process, statement: Statement, reason: str, now: datetime
) -> None:
    """Put a statement to nobody any more, with a public reason; its votes stay. `put_back` undoes it."""
    _turn(session, actor, process, statement, "retired", reason, now)


def put_back(
    session: Session, actor: Actor, process: Process, statement: Statement, reason: str, now: datetime
) -> None:
    """Put a retired statement to everyone again, with a public reason."""
    _turn(session, actor, process, statement, "published", reason, now)


def _turn(
    session: Session,
    actor: Actor,
    process: Process,
    statement: Statement,
    state: str,
    reason: str,
    now: datetime,
) -> None:
    require(session, actor, process, "change", "statement", now)
    if statement.process_id != process.id:
        raise NotFound(N_("There is no statement at this address."))
    _refuse_over(process, statement.round, now)
    lock(session, statement)
    if statement.state != {"retired": "published", "published": "retired"}[state]:
        raise Conflict(N_("This statement changed in the meantime. Reload the page to see how it stands."))
    statement.state, statement.reason = state, stated_reason(reason)
    session.flush()
    announce(session, VotesChanged(process, statement.round), now)
    act = "retire" if state == "retired" else "put back"
    note(session, actor, process, act, statement.object, now, {"reason": statement.reason})


def forget_drawn(session: Session, event: ContributionTakenBack, now: datetime) -> None:
    """Erase the statements that repeat words of a contribution which its author takes back or corrects; sentences that
    the team wrote from it stay."""
    told, kept = folded(event.contribution.text), folded(event.kept)
    drawn = select(Statement).where(Statement.contribution_id == event.contribution.id)
    for statement in session.scalars(drawn.order_by(Statement.id)).all():
        said = [folded(text).strip(" .!?…") for text in statement.text.values()]
        if any(one in told and one not in kept for one in said):
            forget_words(session, statement, now)


def forget_words(session: Session, statement: Statement, now: datetime) -> None:
    """Erase the words of a statement whose author takes them back; the votes it received stay counted."""
    statement.text, statement.folded, statement.state = {}, "", "withdrawn"
    statement.participant_id = None
    forget_appeals(session, statement.process, statement)
    note_withdrawal(session, statement.process, statement, now)
