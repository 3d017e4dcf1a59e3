"""What became of contributions, and which nobody has answered."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from deliberate.inputs import queries, rules
from deliberate.inputs.answers.models import Answer
from deliberate.inputs.models import Contribution
from deliberate.process.models import Process


def answers_for(
    session: Session, process: Process, charter: str, clause: str | None = None
) -> Sequence[Answer]:
    """The answers that lead to a clause of a charter, or to any of its clauses; their contributions may be withdrawn."""
    query = (
        select(Answer)
        .join(Contribution)
        .where(Contribution.process_id == process.id, Answer.charter == charter)
    )
    if clause is not None:
        query = query.where(Answer.clause == clause)
    return session.scalars(query.order_by(Contribution.id).options(selectinload(Answer.contribution))).all()


def answered(
    session: Session, process: Process, outcome: str = "", page: int = 1
) -> tuple[Sequence[Contribution], int]:
    """One page of public contributions with their answers, and how many there are."""
    query = queries.published(process).join(Answer)
    if outcome:
        query = query.where(Answer.outcome == outcome)
    return _page(session, query, page)


def unanswered(session: Session, process: Process, page: int = 1) -> tuple[Sequence[Contribution], int]:
    """One page of public contributions that nobody has answered, oldest first, and how many there are."""
    return _page(session, queries.published(process).outerjoin(Answer).where(Answer.id.is_(None)), page)


def _page(session: Session, query: Select[Contribution], page: int) -> tuple[Sequence[Contribution], int]:
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(Contribution.round, Contribution.id).options(
        selectinload(Contribution.question), selectinload(Contribution.answer)
    )
    return session.scalars(ordered.limit(queries.PER_PAGE).offset((page - 1) * queries.PER_PAGE)).all(), total


def outcome_counts(session: Session, process: Process) -> dict[str, int]:
    """How many public contributions ended in each way; every way is named."""
    query = (
        select(Answer.outcome, func.count())
        .join(Contribution)
        .where(Contribution.process_id == process.id, Contribution.state == "published")
        .group_by(Answer.outcome)
    )
    found = {row[0]: row[1] for row in session.execute(query)}
    return {outcome: found.get(outcome, 0) for outcome in rules.OUTCOMES}
