"""Reading questions and contributions."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from deliberate.core.errors import N_, NotFound
from deliberate.core.fulltext import asking
from deliberate.core.fulltext.index import matches
from deliberate.inputs.answers.models import Answer
from deliberate.inputs.experience.models import Lesson
from deliberate.inputs.models import Contribution, Question
from deliberate.people.queries import DataRequested
from deliberate.process.models import Process

PER_PAGE = 25
One = TypeVar("One")
# Acts whose entry in the journal holds the words of an answer.
ANSWERING = ("contribute", "correct")


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
    return {one.key: one for one in session.scalars(query.options(selectinload(Contribution.answer)))}


def published(process: Process, hidden: int | None = None) -> Select[Contribution]:
    """The public contributions of a process, without those of a round whose answers are `hidden`."""
    query = select(Contribution).where(
        Contribution.process_id == process.id, Contribution.state == "published"
    )
    return query if hidden is None else query.where(Contribution.round != hidden)


def kept_back(process: Process) -> int | None:
    """The round whose answers stand in nothing that is published, because its open phase is recorded as under way.

    Everyone answers alone first: a bundle or a report must not say what the page of the answers does not.
    """
    if process.protocol.get("answers_visible"):
        return None
    under_way = [
        p.round for p in process.phases if p.kind == "open" and p.opening_recorded and not p.closing_recorded
    ]
    return max(under_way, default=None)


def told(process: Process) -> Select[Contribution]:
    """The public contributions that publications may tell: those of a round still under way are kept back."""
    return published(process, kept_back(process))


def search(
    session: Session,
    process: Process,
    *,
    words: str = "",
    question: str = "",
    theme: str = "",
    round: int | None = None,
    language: str = "",
    hidden: int | None = None,
    page: int = 1,
) -> tuple[Sequence[Contribution], int]:
    """One page of public contributions, and how many there are: those that fit the words best, or the newest, first."""
    query = holding(session, process, published(process, hidden), words)
    if question:
        query = query.join(Question).where(Question.key == question)
    if theme:
        query = query.where(Contribution.theme == theme)
    if round is not None:
        query = query.where(Contribution.round == round)
    if language:
        query = query.where(Contribution.language == language)
    ordered = query.order_by(Contribution.at.desc(), Contribution.id.desc())
    return page_of(session, ordered.options(selectinload(Contribution.question)), page)


def holding(
    session: Session, process: Process, query: Select[Contribution], words: str
) -> Select[Contribution]:
    """Those contributions of a query that hold all these words, the ones that fit best first; all without any word."""
    terms = asking.read(words)
    if not terms:
        return query
    match = matches(session, process.id, ["contribution"], terms)
    return query.join(match, match.c.key == Contribution.key).order_by(match.c.rank)


def page_of(
    session: Session, query: Select[One], page: int, per_page: int = PER_PAGE
) -> tuple[Sequence[One], int]:
    """One page of what a query finds, from 1, and how many there are."""
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return session.scalars(query.limit(per_page).offset((page - 1) * per_page)).all(), total


def any_heard(session: Session, process: Process, round: int) -> bool:
    """Whether a round has contributions that were neither refused nor withdrawn."""
    query = select(Contribution.id).where(
        Contribution.process_id == process.id,
        Contribution.round == round,
        Contribution.state.in_(("waiting", "published")),
    )
    return session.scalar(query.limit(1)) is not None


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


def values_in_use(session: Session, process: Process) -> dict[str, list[str]]:
    """The themes and languages of the public contributions, for filters."""
    shown = published(process).subquery()
    return {
        "themes": [
            one for one in session.scalars(select(shown.c.theme).distinct().order_by(shown.c.theme)) if one
        ],
        "languages": list(session.scalars(select(shown.c.language).distinct().order_by(shown.c.language))),
    }
