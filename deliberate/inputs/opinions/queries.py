"""Reading opinion maps, and the votes they are made of."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from deliberate.core.errors import N_, NotFound
from deliberate.inputs.opinions.computing import Last
from deliberate.inputs.opinions.models import ImportedConversation, OpinionMap
from deliberate.inputs.opinions.numbering import Row
from deliberate.inputs.opinions.reporting import THOUSAND
from deliberate.inputs.statements.models import Participant, Statement, StatementVote
from deliberate.process.models import Process


def _of_round(process: Process, round: int) -> Select[OpinionMap]:
    return select(OpinionMap).where(OpinionMap.process_id == process.id, OpinionMap.round == round)


def maps_of(session: Session, process: Process, round: int) -> Sequence[OpinionMap]:
    """The reference maps of a round, the first one first."""
    return session.scalars(_of_round(process, round).order_by(OpinionMap.number)).all()


def latest(session: Session, process: Process, round: int) -> OpinionMap | None:
    """The map of a round as it stands."""
    return session.scalar(_of_round(process, round).order_by(OpinionMap.number.desc()).limit(1))


def map_numbered(session: Session, process: Process, round: int, number: int) -> OpinionMap:
    """One map of a round. Raises NotFound."""
    found = session.scalar(_of_round(process, round).where(OpinionMap.number == number))
    if found is None:
        raise NotFound(
            N_("Round %(round)s has no opinion map number %(number)s."), round=round, number=number
        )
    return found


def last_of(found: OpinionMap | None) -> Last | None:
    """What a map leaves to the next one; None where there is none."""
    return Last(found.reference, found.display, found.picture) if found and found.reference else None


def rows_of(session: Session, process: Process, round: int) -> list[Row]:
    """Every vote of a round by the number of its statement, in whatever state that statement is."""
    return _rows(session, round, Statement.process_id == process.id)


def rows_by(session: Session, participant: Participant | None, round: int) -> list[Row]:
    """The same of one participant."""
    if participant is None:
        return []
    return _rows(session, round, StatementVote.participant_id == participant.id)


def _rows(session: Session, round: int, whose: ColumnElement[bool]) -> list[Row]:
    query = (
        select(StatementVote.participant_id, Statement.number, StatementVote.value)
        .join(Statement, Statement.id == StatementVote.statement_id)
        .where(Statement.round == round, whose)
    )
    return [(who, number, value) for who, number, value in session.execute(query)]


def left_out(session: Session, process: Process, round: int) -> list[int]:
    """The numbers of the statements of a round that are not put to anyone: they move nobody on the map."""
    query = select(Statement.number).where(
        Statement.process_id == process.id, Statement.round == round, Statement.state != "published"
    )
    return list(session.scalars(query))


def extremity(session: Session, process: Process, round: int) -> dict[int, float]:
    """How far each statement stands from the middle of the last map, by the id of the statement; empty before it."""
    query = _of_round(process, round).with_only_columns(OpinionMap.extremity)
    known = session.scalar(query.order_by(OpinionMap.number.desc()).limit(1)) or {}
    numbers = select(Statement.id, Statement.number).where(
        Statement.process_id == process.id, Statement.round == round, Statement.number.in_(map(int, known))
    )
    return {one: known[str(number)] / THOUSAND for one, number in session.execute(numbers)} if known else {}


def final_map(session: Session, process: Process, round: int) -> dict[str, Any] | None:
    """The map of a closed round as plain data without floats, with the digest that the journal says; None without one."""
    found = latest(session, process, round)
    if found is None or not found.closed:
        return None
    return {"number": found.number, "digest": found.digest, **found.report}


def imported(session: Session, process: Process, round: int) -> Sequence[ImportedConversation]:
    """The conversations that were brought into a round, the first one first."""
    query = select(ImportedConversation).where(
        ImportedConversation.process_id == process.id, ImportedConversation.round == round
    )
    return session.scalars(query.order_by(ImportedConversation.id)).all()


def closed_maps(session: Session, process: Process) -> list[OpinionMap]:
    """The map of each round whose open phase has closed, by round."""
    found = [latest(session, process, one) for one in process.rounds]
    return [one for one in found if one is not None and one.closed]


def row_of(session: Session, process: Process, round: int, number: int) -> dict[str, Any] | None:
    """How everyone and each group of the last map voted on a statement; None where the map does not know it."""
    found = latest(session, process, round)
    rows = found.report["statements"] if found else []
    return next((row for row in rows if row["number"] == number), None)
