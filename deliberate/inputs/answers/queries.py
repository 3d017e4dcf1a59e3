"""What became of contributions, and which nobody has answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from deliberate.inputs import queries, rules
from deliberate.inputs.answers.models import Answer, AnswerDraft
from deliberate.inputs.models import Contribution, Question
from deliberate.inputs.queries import One
from deliberate.inputs.synthesis.models import Placement, SynthesisLine
from deliberate.process.models import Process

DESK_PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What a list of contributions to answer is narrowed to. `state`: without, drafted, answered or all."""

    state: str = "without"
    words: str = ""
    question: str = ""
    theme: str = ""
    line: str = ""
    round: int | None = None


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
    session: Session,
    process: Process,
    outcome: str = "",
    page: int = 1,
    *,
    words: str = "",
    hidden: int | None = None,
) -> tuple[Sequence[Contribution], int]:
    """One page of contributions with their answers, and how many there are; of one withdrawn since, the answer stays.

    Those of the round `hidden`, whose contributions the reader does not see yet, are left out.
    """
    query = _public(select(Contribution).join(Answer), process, hidden)
    if outcome:
        query = query.where(Answer.outcome == outcome)
    return _page(session, queries.holding(session, process, query, words), page)


def unanswered(
    session: Session, process: Process, page: int = 1, *, hidden: int | None = None
) -> tuple[Sequence[Contribution], int]:
    """One page of public contributions that nobody has answered, oldest first, and how many there are."""
    query = queries.published(process, hidden).outerjoin(Answer).where(Answer.id.is_(None))
    return _page(session, query, page)


def wanted(
    session: Session, process: Process, asked: Wanted, page: int = 1, per_page: int = DESK_PAGE
) -> tuple[Sequence[Contribution], int]:
    """One page of the public contributions that are asked for, and how many there are: those that fit the words best, or
    the oldest, first."""
    query = queries.holding(session, process, queries.published(process), asked.words)
    if asked.state == "without":
        query = query.outerjoin(Answer).where(Answer.id.is_(None))
    elif asked.state == "answered":
        query = query.join(Answer)
    elif asked.state == "drafted":
        query = query.join(AnswerDraft, AnswerDraft.contribution_id == Contribution.id)
    if asked.question:
        query = query.join(Question).where(Question.key == asked.question)
    if asked.theme:
        query = query.where(Contribution.theme == asked.theme)
    if asked.round is not None:
        query = query.where(Contribution.round == asked.round)
    if asked.line:
        placed = select(Placement.contribution_id).join(SynthesisLine)
        query = query.where(
            Contribution.id.in_(
                placed.where(SynthesisLine.key == asked.line, SynthesisLine.process_id == process.id)
            )
        )
    return _page(session, query, page, per_page)


def _page(
    session: Session, query: Select[Contribution], page: int, per_page: int = queries.PER_PAGE
) -> tuple[Sequence[Contribution], int]:
    ordered = query.order_by(Contribution.round, Contribution.id)
    loaded = ordered.options(selectinload(Contribution.question), selectinload(Contribution.answer))
    return queries.page_of(session, loaded, page, per_page)


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


def coverage_by_question(session: Session, process: Process) -> list[tuple[Question, int, int]]:
    """For each question: how many public contributions it has, and how many of them are answered."""
    query = (
        select(Contribution.question_id, func.count(Contribution.id), func.count(Answer.id))
        .outerjoin(Answer)
        .where(Contribution.process_id == process.id, Contribution.state == "published")
        .group_by(Contribution.question_id)
    )
    found = {row[0]: (row[1], row[2]) for row in session.execute(query)}
    return [(one, *found.get(one.id, (0, 0))) for one in queries.questions_of(session, process)]


def drafts_of(session: Session, process: Process) -> dict[int, AnswerDraft]:
    """The answers being prepared, by the id of their contribution."""
    query = select(AnswerDraft).join(Contribution).where(Contribution.process_id == process.id)
    return {one.contribution_id: one for one in session.scalars(query)}


def as_record(contribution: Contribution, answer: Answer) -> dict[str, Any]:
    """An answer as plain data for programs, with those that it replaced, the last first."""
    return {
        "contribution": contribution.key,
        **_record(answer),
        "earlier": [_record(one) for one in answer.earlier],
    }


def _record(answer: Any) -> dict[str, Any]:
    return {
        "outcome": answer.outcome,
        "reason": answer.reason,
        "charter": answer.charter,
        "clause": answer.clause,
        "at": answer.at.isoformat(),
    }


def answers_of(
    session: Session, process: Process, hidden: int | None = None
) -> list[tuple[Contribution, Answer]]:
    """Every answer to a contribution that is public, or was until its author withdrew it, the newest first.

    Those of the round `hidden` are left out.
    """
    query = _public(select(Answer).join(Contribution), process, hidden)
    query = query.options(selectinload(Answer.contribution), selectinload(Answer.earlier))
    return [(one.contribution, one) for one in session.scalars(query.order_by(Answer.at.desc(), Answer.id))]


def _public(query: Select[One], process: Process, hidden: int | None) -> Select[One]:
    """What a query over contributions with their answers finds that everyone may read."""
    query = query.where(
        Contribution.process_id == process.id, Contribution.state.in_(("published", "withdrawn"))
    )
    return query if hidden is None else query.where(Contribution.round != hidden)
