"""A round as Polis would export it: statements, and, where they are public, single votes."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.inputs.opinions import queries
from deliberate.inputs.opinions.importing import BEGINNING, DAY
from deliberate.inputs.opinions.mapping.polis import ACCEPTED, REFUSED, Cast, Comment, Conversation
from deliberate.inputs.opinions.mapping.polis_writing import write
from deliberate.inputs.opinions.mapping.reference import NO_GROUP
from deliberate.inputs.opinions.numbering import numbered
from deliberate.inputs.statements.models import Statement, StatementVote
from deliberate.inputs.statements.queries import STATES, statements_of
from deliberate.process.models import Process

NOT_PUBLISHED = "–"


def polis_files(
    session: Session, process: Process, round: int, votes: bool, address: str = ""
) -> dict[str, bytes]:
    """The files of an export by name; `votes`: with the single votes, else with statements and figures alone.

    Who voted is a number that says nothing (see `numbering`); a time is never finer than its day; whoever wrote a
    statement is not told.
    """
    statements = [
        one for one in statements_of(session, process, round, STATES) if one.state != "waiting" or one.votes
    ]
    conversation = Conversation(
        comments=tuple(map(_comment, statements)),
        votes=_votes(session, process, round) if votes else (),
        topic=next(iter(process.title.values()), ""),
        url=address,
        groups=_groups(session, process, round) if votes else {},
        counted=None
        if votes
        else {one.number: (one.agrees, one.disagrees) for one in statements if one.told},
    )
    files = write(conversation)
    if votes:
        return files
    return {name: files[name] for name in ("comments.csv", "summary.csv")}


def _comment(one: Statement) -> Comment:
    shown = one.state == "published"
    text = one.text.get(one.language) if shown else NOT_PUBLISHED
    return Comment(one.number, text or NOT_PUBLISHED, 0, ACCEPTED if shown else REFUSED, _day(one.at))


def _day(moment: datetime) -> int:
    return (moment - BEGINNING) // timedelta(days=1) * DAY


def _votes(session: Session, process: Process, round: int) -> tuple[Cast, ...]:
    number = _numbers(session, process, round)
    query = (
        select(StatementVote.participant_id, Statement.number, StatementVote.value, StatementVote.at)
        .join(Statement, Statement.id == StatementVote.statement_id)
        .where(Statement.process_id == process.id, Statement.round == round)
    )
    return tuple(
        sorted(
            Cast(number[who], statement, value, _day(at))
            for who, statement, value, at in session.execute(query)
        )
    )


def _numbers(session: Session, process: Process, round: int) -> dict[int, int]:
    """Participant → the number that says nothing."""
    _, people = numbered(queries.rows_of(session, process, round))
    return {who: place for place, who in enumerate(people, start=1)}


def _groups(session: Session, process: Process, round: int) -> dict[int, int]:
    """Participant number → colour of the group, where the last map put them into one."""
    found = queries.latest(session, process, round)
    if found is None or not found.display:
        return {}
    number = _numbers(session, process, round)
    shown = zip(found.display["participants"], found.display["colours"], strict=True)
    return {number[who]: colour for who, colour in shown if colour != NO_GROUP and who in number}
