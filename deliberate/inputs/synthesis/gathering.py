"""What waits to be placed: the list beside the lines, narrowed as a rapporteur asks, and the next one to read."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from deliberate.core.errors import NotFound
from deliberate.inputs.models import Contribution, Question
from deliberate.inputs.queries import PER_PAGE, holding, page_of, published
from deliberate.inputs.synthesis import queries
from deliberate.inputs.synthesis.suggestions import like_line
from deliberate.process.models import Process


def waiting(
    session: Session, process: Process, round: int, asked: Mapping[str, str], page: int
) -> tuple[Sequence[Contribution], int]:
    """One page of what stands on no line, and how many there are.

    `asked`: words, question, theme; state ("unread", "all", else what is not placed); like (a line: the likest first).
    """
    query = _narrowed(session, process, _of_state(process, round, asked["state"]), asked)
    if asked["like"]:
        return _like(session, process, query, asked["like"], page)
    return page_of(session, query.options(selectinload(Contribution.question)), page)


def _of_state(process: Process, round: int, state: str) -> Select[Contribution]:
    if state == "unread":
        return queries.unread(process, round)
    if state == "all":
        return published(process).where(Contribution.round == round).order_by(Contribution.id)
    return queries.unplaced(process, round)


def _narrowed(
    session: Session, process: Process, query: Select[Contribution], asked: Mapping[str, str]
) -> Select[Contribution]:
    query = holding(session, process, query, asked["words"])
    if asked["question"]:
        query = query.join(Question).where(Question.key == asked["question"])
    if asked["theme"]:
        query = query.where(Contribution.theme == asked["theme"])
    return query


def _like(
    session: Session, process: Process, query: Select[Contribution], key: str, page: int
) -> tuple[Sequence[Contribution], int]:
    try:
        line = queries.line(session, process, key)
    except NotFound:
        return [], 0
    standing = {one.contribution_id for one in line.placements}
    found = {one.key: one for one in session.scalars(query) if one.id not in standing}
    near = like_line(line, {one.key: one.text for one in found.values()})
    return [found[key] for key in near[(page - 1) * PER_PAGE :][:PER_PAGE]], len(near)


def figures(session: Session, process: Process, round: int) -> dict[str, int]:
    """How far a synthesis has come: contributions in all, placed, and read by nobody."""
    in_all = published(process).where(Contribution.round == round)
    total, apart, ignored = (
        session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
        for query in (in_all, queries.unplaced(process, round), queries.unread(process, round))
    )
    return {"total": total, "placed": total - apart, "unplaced": apart, "unread": ignored}


def beside(session: Session, process: Process, round: int, key: str) -> tuple[str, str]:
    """The keys before and after a contribution among those that wait: unread ones, else those not placed; "" for none."""
    keys = list(session.scalars(queries.unread(process, round).with_only_columns(Contribution.key)))
    if not [one for one in keys if one != key]:
        keys = list(session.scalars(queries.unplaced(process, round).with_only_columns(Contribution.key)))
    if key in keys:
        at = keys.index(key)
        return keys[at - 1] if at else "", keys[at + 1] if at + 1 < len(keys) else ""
    return "", keys[0] if keys else ""
