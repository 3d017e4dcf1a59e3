"""Reading the open input."""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from deliberate.core.errors import N_, NotFound
from deliberate.inputs import bulk, rules
from deliberate.inputs.models import (
    Answer,
    Contribution,
    Dossier,
    Grid,
    Lesson,
    Placement,
    Question,
    SynthesisLine,
)
from deliberate.people.queries import DataRequested
from deliberate.process.models import Process

PER_PAGE = 25
Moderated = TypeVar("Moderated", Contribution, Lesson)


# Questions


def questions_of(session: Session, process: Process, round: int | None = None) -> Sequence[Question]:
    """The questions of a process, or of one of its rounds, in order."""
    query = select(Question).where(Question.process_id == process.id)
    if round is not None:
        query = query.where(Question.round == round)
    return session.scalars(query.order_by(Question.round, Question.number, Question.id)).all()


def question(session: Session, process: Process, key: str) -> Question:
    """A question by its short name. Raises NotFound."""
    found = session.scalar(select(Question).where(Question.process_id == process.id, Question.key == key))
    if found is None:
        raise NotFound(N_("There is no such question in this process."))
    return found


# Contributions


def contribution(session: Session, process: Process, key: str) -> Contribution:
    """A contribution by its key, whatever its state. Raises NotFound."""
    found = session.scalar(
        select(Contribution).where(Contribution.process_id == process.id, Contribution.key == key)
    )
    if found is None:
        raise NotFound(N_("There is no contribution at this address."))
    return found


def contributions_by_key(session: Session, process: Process, keys: Iterable[str]) -> dict[str, Contribution]:
    """Those of these contributions that exist, by key, whatever their state: a withdrawn one has no text."""
    query = select(Contribution).where(
        Contribution.process_id == process.id, Contribution.key.in_(list(keys))
    )
    return {one.key: one for one in session.scalars(query)}


def published(process: Process) -> Select[Contribution]:
    """The public contributions of a process."""
    return select(Contribution).where(
        Contribution.process_id == process.id, Contribution.state == "published"
    )


def search(
    session: Session,
    process: Process,
    *,
    words: str = "",
    question: str = "",
    theme: str = "",
    round: int | None = None,
    language: str = "",
    hidden_round: int | None = None,
    page: int = 1,
) -> tuple[Sequence[Contribution], int]:
    """One page of public contributions, newest first, and how many there are. `hidden_round` is left out."""
    query = published(process)
    for word in rules.folded(words).split()[:10]:
        query = query.where(Contribution.folded.contains(word, autoescape=True))
    if question:
        query = query.join(Question).where(Question.key == question)
    if theme:
        query = query.where(Contribution.theme == theme)
    if round is not None:
        query = query.where(Contribution.round == round)
    if language:
        query = query.where(Contribution.language == language)
    if hidden_round is not None:
        query = query.where(Contribution.round != hidden_round)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(Contribution.at.desc(), Contribution.id.desc()).options(
        selectinload(Contribution.question)
    )
    return session.scalars(ordered.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all(), total


def any_heard(session: Session, process: Process, round: int) -> bool:
    """Whether a round has contributions that were neither refused nor withdrawn."""
    query = select(Contribution.id).where(
        Contribution.process_id == process.id,
        Contribution.round == round,
        Contribution.state.in_(("waiting", "published")),
    )
    return session.scalar(query.limit(1)) is not None


def waiting(session: Session, process: Process, round: int | None = None) -> list[Contribution | Lesson]:
    """What waits for moderation, oldest first: contributions, then lessons."""
    return [*_waiting(session, Contribution, process, round), *_waiting(session, Lesson, process, round)]


def _waiting(
    session: Session, table: type[Moderated], process: Process, round: int | None
) -> Sequence[Moderated]:
    query = select(table).where(table.process_id == process.id, table.state == "waiting")
    if round is not None:
        query = query.where(table.round <= round)
    return session.scalars(query.order_by(table.id)).all()


def counts(session: Session, process: Process, round: int) -> dict[str, int]:
    """Figures of a round for the ribbon: public contributions, the people behind them, waiting, answered, lessons."""
    of_round = (Contribution.process_id == process.id, Contribution.round == round)
    shown = (*of_round, Contribution.state == "published")
    number = session.execute(
        select(func.count(), func.coalesce(func.sum(Contribution.count), 0)).where(*shown)
    ).one()
    lessons = (Lesson.process_id == process.id, Lesson.round == round, Lesson.state == "published")
    return {
        "contributions": number[0],
        "people": int(number[1]),
        "waiting": session.scalar(select(func.count()).where(*of_round, Contribution.state == "waiting"))
        or 0,
        "answered": session.scalar(select(func.count()).select_from(Answer).join(Contribution).where(*shown))
        or 0,
        "lessons": session.scalar(select(func.count()).where(*lessons)) or 0,
    }


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


# Lessons


def lessons_of(session: Session, process: Process) -> Sequence[Lesson]:
    """The public lessons of a process, by short name."""
    query = select(Lesson).where(Lesson.process_id == process.id, Lesson.state == "published")
    return session.scalars(query.order_by(Lesson.key)).all()


def lessons_by_key(session: Session, process: Process, keys: Iterable[str]) -> dict[str, Lesson]:
    """Those of these lessons that are public, by key."""
    wanted = set(keys)
    return {lesson.key: lesson for lesson in lessons_of(session, process) if lesson.key in wanted}


def lesson(session: Session, process: Process, key: str) -> Lesson:
    """A lesson by its key, whatever its state. Raises NotFound."""
    found = session.scalar(select(Lesson).where(Lesson.process_id == process.id, Lesson.key == key))
    if found is None:
        raise NotFound(N_("There is no lesson at this address."))
    return found


# The synthesis


@cache
def _shipped_grid() -> tuple[dict[str, str], ...]:
    text = (files("deliberate.inputs") / "spiral-grid.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def latest_grid(session: Session, process: Process) -> Grid | None:
    """The version of the grid that the process was last given; None while the shipped one serves."""
    return session.scalar(
        select(Grid).where(Grid.process_id == process.id).order_by(Grid.number.desc()).limit(1)
    )


def grid_rows(session: Session, process: Process) -> list[dict[str, str]]:
    """The rows of the grid in force: code, component, en, fr, certain."""
    grid = latest_grid(session, process)
    return list(grid.rows) if grid else list(_shipped_grid())


def grid_number(session: Session, process: Process) -> int:
    """The version of the grid in force; 0 is the shipped one."""
    grid = latest_grid(session, process)
    return grid.number if grid else 0


def grid_codes(session: Session, process: Process) -> set[str]:
    """The codes of the grid in force."""
    return {bulk.grid_code(row) for row in grid_rows(session, process)}


def lines_of(session: Session, process: Process, round: int) -> Sequence[SynthesisLine]:
    """The lines of a round's synthesis, in the order of the grid's codes."""
    query = select(SynthesisLine).where(SynthesisLine.process_id == process.id, SynthesisLine.round == round)
    opened = selectinload(SynthesisLine.placements).selectinload(Placement.contribution)
    return session.scalars(query.order_by(SynthesisLine.dimension, SynthesisLine.id).options(opened)).all()


def line(session: Session, process: Process, key: str) -> SynthesisLine:
    """A line of synthesis by its key. Raises NotFound."""
    found = session.scalar(
        select(SynthesisLine).where(SynthesisLine.process_id == process.id, SynthesisLine.key == key)
    )
    if found is None:
        raise NotFound(N_("There is no line of synthesis at this address."))
    return found


# Dossiers


def dossier(session: Session, process: Process, round: int) -> Dossier | None:
    """The settled dossier of a round, if it is settled."""
    return session.scalar(select(Dossier).where(Dossier.process_id == process.id, Dossier.round == round))


def dossiers_of(session: Session, process: Process) -> Sequence[Dossier]:
    """The settled dossiers of a process, by round."""
    return session.scalars(
        select(Dossier).where(Dossier.process_id == process.id).order_by(Dossier.round)
    ).all()


def add_held(session: Session, request: DataRequested, _now: datetime) -> None:
    """What an account contributed while signed in; a receipt alone opens what was sent without an account."""
    mine = select(Contribution).where(Contribution.user_id == request.user.id).order_by(Contribution.id)
    request.held["contributions"] = [
        {
            "key": one.key,
            "text": one.text,
            "about_oneself": one.categories,
            "received_at": one.received_at.isoformat(),
        }
        for one in session.scalars(mine)
    ]
