"""Read models of the pages alone: what became of contributions, moderation, reading by category."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from deliberate.inputs import bulk, queries, rules
from deliberate.inputs.models import Answer, Contribution, Lesson
from deliberate.process.models import Process


def values_in_use(session: Session, process: Process) -> dict[str, list[str]]:
    """The themes and languages of the public contributions, for filters."""
    shown = queries.published(process).subquery()
    return {
        "themes": [
            one for one in session.scalars(select(shown.c.theme).distinct().order_by(shown.c.theme)) if one
        ],
        "languages": list(session.scalars(select(shown.c.language).distinct().order_by(shown.c.language))),
    }


def moderation_log(session: Session, process: Process) -> list[Contribution | Lesson]:
    """What was decided in moderation, newest first."""
    found: list[Contribution | Lesson] = [
        *_decided(session, Contribution, process),
        *_decided(session, Lesson, process),
    ]
    return sorted(found, key=lambda one: (one.moderated_at or one.at, one.key), reverse=True)


def _decided(
    session: Session, table: type[queries.Moderated], process: Process
) -> Sequence[queries.Moderated]:
    return session.scalars(
        select(table).where(table.process_id == process.id, table.moderated_at.is_not(None))
    ).all()


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


def by_category(
    session: Session, process: Process, round: int, category: str
) -> dict[str, dict[str, int | None]]:
    """Grid dimension → value of a category → people whose words stand there; cells under five are None.

    Those who did not say are left out, so that their number cannot be used to find a hidden one.
    """
    table: dict[str, dict[str, int]] = {}
    values: set[str] = set()
    first = {bulk.grid_code(row): row["code"] for row in queries.grid_rows(session, process)}
    for one in queries.lines_of(session, process, round):
        cells = table.setdefault(first.get(one.dimension, one.dimension), {})
        for placement in one.placements:
            value = placement.contribution.categories.get(category)
            if value:
                values.add(value)
                cells[value] = cells.get(value, 0) + placement.contribution.count
    filled = {
        row: {value: cells.get(value, 0) for value in sorted(values)} for row, cells in sorted(table.items())
    }
    return rules.suppressed(filled)
